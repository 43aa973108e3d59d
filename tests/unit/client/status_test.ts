import { assertEquals } from "@std/assert";
import { isSettled } from "../../../client/core/update.ts";
import { jsonLine } from "../../../client/terminal/display/json_line.ts";
import type { ClusterStatus } from "../../../common/protocol/cluster_status.ts";
import { FakeClient } from "./fake_client.ts";

const STATUS: ClusterStatus = {
  node: "node1",
  copies: 2,
  nodes: 3,
  peers: [
    { name: "node2", state: "in sync", behind: 3 },
    { name: "node3", state: "behind", behind: 1_204 },
  ],
};

/** The lines that the client shows without a request. */
const KNOWN = [
  "account: alice",
  "node: node1, chat-server/1, cluster c",
  "* node1 127.0.0.1:5000",
  "  node2 127.0.0.1:5001",
  "queued: 0 messages",
];

function loggedIn(script = false): FakeClient {
  const client = new FakeClient({ script });
  client.login();
  return client;
}

Deno.test("/status shows how far the peers are, and what may be lost", () => {
  const client = loggedIn();
  client.line("/status");
  assertEquals(client.said(), KNOWN);
  client.reply("nodeStatus", "clusterStatus", STATUS);
  assertEquals(client.said(), [
    "node2                in sync",
    "node3                behind by 1,204 entries",
    "a message that is stored now is on 2 of 3 disks: any one node may be lost",
  ]);
});

Deno.test("/status of a script is data, and the script waits for it", () => {
  const client = loggedIn(true);
  client.line("/status");
  client.effects.splice(0);
  assertEquals(isSettled(client.model), false);
  client.reply("nodeStatus", "clusterStatus", STATUS);
  assertEquals(isSettled(client.model), true);
  assertEquals(client.effects.map((each) => each.kind === "show" ? jsonLine(each.item) : each.kind), [
    '{"event":"peer","name":"node2","state":"in sync","behind":3}',
    '{"event":"peer","name":"node3","state":"behind","behind":1204}',
    '{"event":"copies","node":"node1","copies":2,"nodes":3}',
  ]);
});

Deno.test("/status shows what it knows to whom a node does not answer the question", () => {
  const client = loggedIn();
  client.line("/status");
  client.refuse("nodeStatus", "unknown-request");
  assertEquals(client.said(), KNOWN);
  assertEquals(isSettled(client.model), true);
  client.line("/status");
  client.refuse("nodeStatus", "unavailable");
  assertEquals(client.said(), [...KNOWN, "!! refused: unavailable"]);
});

Deno.test("/status asks nobody while no node is there or nobody is logged in", () => {
  const client = loggedIn();
  client.disconnect();
  client.said();
  client.line("/status");
  assertEquals(client.said(), [
    "account: alice (not logged in at present)",
    "node: none (looking for one)",
    "queued: 0 messages",
  ]);
  client.connect();
  client.line("/status");
  assertEquals(client.asked.map((each) => each.name), ["resume"]);
  const stranger = new FakeClient();
  stranger.connect();
  stranger.line("/status");
  assertEquals([stranger.asked, stranger.said().slice(0, 1)], [[], ["account: not logged in"]]);
});

Deno.test("/status is not answered by another node than the one that it was asked of", () => {
  const client = loggedIn();
  client.line("/status");
  client.said();
  client.disconnect();
  assertEquals(client.said(), [
    "!! the connection broke before the answer came; try again",
    "-- lost node1 (connection reset); looking for a node",
  ]);
  client.connect("node2");
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  assertEquals(client.asked.some((each) => each.name === "nodeStatus"), false);
});

Deno.test("/status shows names and states of peers harmlessly", () => {
  const client = loggedIn();
  client.line("/status");
  client.said();
  const peers = [{ name: "no\x1b[2Jde", state: "unreachable", behind: 1 }] as const;
  client.reply("nodeStatus", "clusterStatus", { ...STATUS, copies: 1, peers });
  assertEquals(client.said(), [
    "no\\u{1b}[2Jde".padEnd(20 + "\\u{1b}".length - 1) + " unreachable, behind by 1 entry",
    "a message that is stored now is on 1 of 3 disks, that of this node: it is lost if that one is",
  ]);
});
