import { assertEquals } from "@std/assert";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { IdleConnections, withDescriptors } from "../testing/few_descriptors.ts";
import { QUICK } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

/** Descriptors of a node: it has about 50 in its rest, and its spare ones. */
const DESCRIPTORS = 96;

/** More connections than it has descriptors. */
const CONNECTIONS = 150;

/** Settings with which idle connections stay. */
const limits = { ...QUICK.limits, firstFrameMs: 600_000 };

Deno.test("a node whose clients have all descriptors keeps its sessions, peers and words, and is whole afterwards", async () => {
  const wrappers = { node1: withDescriptors(DESCRIPTORS) };
  await using cluster = await ClusterProcesses.start({ wrappers, configuration: { limits } });
  const [one, two] = [cluster.node(1), cluster.node(2)];
  const sent: string[] = [];
  await using ann = await TestClient.login(one.port, "ann");
  const send = async (copies: number): Promise<void> => {
    const reply = await ann.expect("sendMessage", { to: "ann", content: "hey" }, "sent");
    assertEquals(reply.copies, copies);
    sent.push(reply.id);
  };
  await send(3);
  {
    using idle = new IdleConnections();
    await idle.open(one.port, CONNECTIONS);
    await eventually("node1 is short of descriptors", () => told(one, "outOfDescriptors") === 1);
    await send(3);
    await two.kill();
    await eventually("node2 is gone", async () => (await stateOf(one, "node2")) === "unreachable");
    await send(2);
    await two.start();
    await cluster.settled();
    await send(3);
    assertEquals((await one.status())?.sessions, 1, "chat-server status answers");
    await one.reload();
    await eventually("the configuration is read", () => told(one, "reloaded") === 1);
    await idle.open(one.port, CONNECTIONS);
    await send(3);
    assertEquals(one.server.isOver, false);
  }
  await eventually("a new login", async () => {
    try {
      await TestClient.login(one.port, "bob").then((bob) => bob[Symbol.asyncDispose]());
      return true;
    } catch {
      return false;
    }
  });
  await two.kill();
  await two.start();
  await cluster.settled();
  await send(3);
  await eventually("descriptors are free", () => told(one, "descriptorsFree") === 1, 120_000);
  assertEquals([told(one, "outOfDescriptors"), told(one, "acceptFailed"), told(one, "fault")], [1, 0, 0]);
  assertEquals((await one.end()).code, 0);
  await one.start();
  await using again = await TestClient.login(one.port, "ann");
  const { messages } = await again.expect("listMessages", { with: "ann" }, "messages");
  assertEquals(messages.map(({ id }) => id), sent);
});

function told({ diagnostics }: ClusterNode, event: string): number {
  return diagnostics.filter((line) => line.includes(`"event":"${event}"`)).length;
}

async function stateOf(node: ClusterNode, peer: string): Promise<string | undefined> {
  return (await node.status())?.peers.find(({ name }) => name === peer)?.state;
}
