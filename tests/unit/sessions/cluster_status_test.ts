import { assertEquals } from "@std/assert";
import { copiesNow } from "../../../server/node/copies_now.ts";
import { clusterStatus } from "../../../server/sessions/cluster_status.ts";
import type { PeerStatus } from "../../../server/ports/node.ts";
import { State } from "../../../server/core/state.ts";
import { NO_REPLICATION } from "../../testing/no_replication.ts";
import { NodeHarness } from "../../testing/node_harness.ts";

const PEERS: readonly PeerStatus[] = [
  { name: "node2", state: "in sync", entriesBehind: 2 },
  { name: "node3", state: "behind", entriesBehind: 1_204 },
  { name: "node4", state: "unreachable", entriesBehind: 7, reason: "connection refused by 10.0.0.4:7000" },
  { name: "archive1", state: "in sync", entriesBehind: 0 },
  { name: "node5", state: "refused", entriesBehind: 0, reason: "another cluster", code: "cluster" },
];

Deno.test("clusterStatus() counts this node and the peers that are in sync, whatever they are", () => {
  assertEquals(clusterStatus("node1", 6, PEERS), {
    node: "node1",
    copies: 3,
    nodes: 6,
    peers: [
      { name: "node2", state: "in sync", behind: 2 },
      { name: "node3", state: "behind", behind: 1_204 },
      { name: "node4", state: "unreachable", behind: 7 },
      { name: "archive1", state: "in sync", behind: 0 },
      { name: "node5", state: "refused", behind: 0 },
    ],
  });
});

Deno.test("clusterStatus() says that a slow peer is behind, as published clients know four states", () => {
  const { copies, peers } = clusterStatus("node1", 2, [{ name: "node2", state: "slow", entriesBehind: 3 }]);
  assertEquals([copies, peers], [1, [{ name: "node2", state: "behind", behind: 3 }]]);
});

Deno.test("clusterStatus() tells clients nothing about why a peer cannot be reached", () => {
  assertEquals(JSON.stringify(clusterStatus("node1", 6, PEERS)).includes("10.0.0.4"), false);
});

Deno.test("copiesNow() is one for a node that is alone", () => {
  assertEquals(copiesNow([]), 1);
  assertEquals(copiesNow(PEERS.filter(({ state }) => state !== "in sync")), 1);
});

Deno.test("NODE_STATUS is answered to those who are logged in, as it is at that moment", () => {
  let peers = PEERS;
  const replication = { ...NO_REPLICATION, status: () => peers };
  const harness = new NodeHarness({}, new State(), "node1#aaaaaaaaaaaa", replication);
  assertEquals(harness.connect().tell("nodeStatus", null), "not-logged-in");
  const ann = harness.login("ann");
  assertEquals(ann.ask("nodeStatus", null), {
    name: "clusterStatus",
    payload: clusterStatus("node1", 3, PEERS),
  });
  peers = PEERS.slice(0, 1);
  assertEquals(ann.ask("nodeStatus", null), {
    name: "clusterStatus",
    payload: {
      node: "node1",
      copies: 2,
      nodes: 3,
      peers: [{ name: "node2", state: "in sync", behind: 2 }],
    },
  });
});

Deno.test("type 18 is unknown in the original dialect", () => {
  const client = new NodeHarness().connect({ dialect: "original" });
  client.frame(18);
  assertEquals(client.takeReplies().map(({ name }) => name), ["error"]);
});
