import { assertEquals, assertMatch } from "@std/assert";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { MemoryFillers } from "../testing/fill_memory.ts";
import { QUICK, serverCommand } from "../testing/server_process.ts";
import { withHeap } from "../testing/small_heap.ts";
import { TestClient } from "../testing/test_client.ts";

/** Heap of one node, MiB; the others have what the runtime gives. */
const HEAP_MIB = 72;

Deno.test("a node whose memory is full leaves the others in sync with each other, and comes back with more", async () => {
  const limits = { ...QUICK.limits, inboxBytes: 0 };
  await using cluster = await ClusterProcesses.make({ configuration: { limits } });
  const [one, , three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  three.program = withHeap(HEAP_MIB);
  await Promise.all(cluster.nodes.map((node) => node.start()));
  await cluster.settled();
  const fillers = new MemoryFillers(8, 16_000);
  await fillers.register(one.port);
  await eventually("node3 is full", async () => {
    await fillers.send(one.port, 32);
    return (await three.status())?.full === "memory";
  }, 300_000);
  await eventually("node3 is out of sync", async () => {
    const peer = (await one.status())?.peers.find(({ name }) => name === "node3");
    return peer?.state === "refused" && peer.code === "read-only" &&
      /the memory of node3/.test(peer.reason ?? "");
  });
  const sent = await fillers.send(one.port, 64);
  // On a busy machine, the others may be late for each other, too; the full one never counts.
  assertEquals([sent.includes(2), sent.includes(3)], [true, false], "copies of what was acknowledged");
  assertEquals([three.server.isOver, one.server.isOver], [false, false]);
  assertMatch((await three.status())?.alone ?? "", /the memory of this node is full/);
  {
    await using bob = await TestClient.login(three.port, "bob");
    assertEquals((await bob.ask("listMessages", { with: "sender0" })).name, "messages");
  }
  await three.kill();
  three.program = serverCommand();
  await three.start();
  await cluster.settled();
  assertEquals(await fillers.verify(three.port), fillers.count);
});
