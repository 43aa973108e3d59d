import { assertEquals, assertGreater } from "@std/assert";
import { CertifiedCluster } from "../testing/certified_cluster.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { ConnectionFlood } from "../testing/connection_flood.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";

/** Messages that the empty node lacks. */
const MESSAGES = 20;

/** Connections of a flood by the time at which the node is filled. */
const FLOODED_MIN = 500;

/** Beginnings of the connections of strangers. */
const BEGINNINGS: Readonly<Record<string, Uint8Array>> = {
  "nothing": new Uint8Array(0),
  "garbage": new Uint8Array(200).fill(0xa5),
  "half a beginning": new TextEncoder().encode("PRI * HTTP/2.0\r\n"),
};

/** Fills an empty node while strangers flood the ports of the others. */
async function fillDuring(
  bytes: Uint8Array,
  what: string,
  [empty, ...full]: readonly [ClusterNode, ClusterNode, ClusterNode],
): Promise<void> {
  const ports = full.map(({ grpcPort }) => grpcPort);
  await empty.kill();
  await empty.wipe();
  await using flood = new ConnectionFlood(ports, bytes);
  await eventually("the flood is there", () => flood.count > FLOODED_MIN);
  await empty.start();
  await eventually("the node is filled, and all are in sync", async () => {
    const status = await empty.status();
    return status?.messages === MESSAGES && status.peers.every(({ state }) => state === "in sync");
  });
  for (const node of full) {
    await eventually(
      `${node.name} has it in sync`,
      async () => (await node.peers()).every((peer) => peer.endsWith("in sync")),
    );
  }
  assertGreater(flood.count, 2 * FLOODED_MIN);
  console.log(`${what}: ${flood.count} connections`);
}

async function sendAt(node: ClusterNode): Promise<void> {
  await using ada = await node.login("ada");
  for (let i = 0; i < MESSAGES; i++) await ada.expect("sendMessage", { to: "ada", content: `${i}` }, "sent");
}

processTest("An empty node is filled while strangers flood the ports for peers", async () => {
  await using cluster = await ClusterProcesses.start();
  const nodes = [cluster.node(1), cluster.node(2), cluster.node(3)] as const;
  await sendAt(nodes[1]);
  for (const [what, bytes] of Object.entries(BEGINNINGS)) await fillDuring(bytes, what, nodes);
  assertEquals((await cluster.sameLogs()).state.messages.size, MESSAGES);
});

processTest(
  "An empty node is filled while strangers flood the ports for peers with half-open TLS",
  async () => {
    await using cluster = await CertifiedCluster.make();
    await cluster.start("node1", "node2", "node3");
    const nodes = [cluster.node("node1"), cluster.node("node2"), cluster.node("node3")] as const;
    await sendAt(nodes[1]);
    await fillDuring(new Uint8Array(0), "nothing", nodes);
    await fillDuring(Uint8Array.of(0x16), "half a beginning of TLS", nodes);
  },
);
