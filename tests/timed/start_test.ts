import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { nodesTold } from "../testing/nodes_told.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import { SeededNumbers } from "../testing/seeded_numbers.ts";
import { TestClient } from "../testing/test_client.ts";

/** Number of orders in which the nodes are started. */
const ORDERS = scale(3, 20);
/**
 * Time limit of the first message at a node that listens, ms: the wait for a node that is not there would be two seconds.
 * The fastest start in each place of an order counts, as one may meet a busy machine.
 */
const USABLE_MS_MAX = 1_500;

processTest("ClusterNode is of use at once in whatever order the nodes are started", async () => {
  await using cluster = await ClusterProcesses.make();
  const random = new SeededNumbers(7);
  let people = 0;
  const fastestMs = new Map<number, number>();
  for (let order = 0; order < ORDERS; order++) {
    for (const [before, node] of shuffled(cluster.nodes, random).entries()) {
      await node.start();
      const sinceMs = performance.now();
      await node.served();
      await using client = await node.login(`person${people}`);
      const { copies, nodes } = await client.expect(
        "sendMessage",
        { to: "person0", content: "here" },
        "sent",
      );
      people++;
      fastestMs.set(before, Math.min(fastestMs.get(before) ?? Infinity, performance.now() - sinceMs));
      assert(copies >= 1 && copies <= before + 1, `${copies} copies where ${before + 1} nodes run`);
      assertEquals(nodes, 3);
    }
    await cluster.settled();
    await usableAlone(cluster, random.pick(cluster.nodes));
    await Promise.all(cluster.nodes.filter(({ isRunning }) => isRunning).map((node) => node.kill()));
  }
  await Promise.all(cluster.nodes.map((node) => node.start()));
  const { state } = await cluster.sameLogs();
  const slowestMs = Math.max(...fastestMs.values());
  console.log(
    `${ORDERS} orders, ${people} starts: a message was taken after at most ${Math.round(slowestMs)} ms`,
  );
  assertEquals([state.accounts.size, state.messages.size], [people, people + ORDERS]);
  assertLessOrEqual(slowestMs, USABLE_MS_MAX);
});

/** Stops the others, checks that the node works, and starts them again. */
async function usableAlone(cluster: ClusterProcesses, node: ClusterNode): Promise<void> {
  const others = cluster.nodes.filter((each) => each !== node);
  await Promise.all(others.map((other) => other.kill()));
  await using client = await node.login("person0");
  const sent = await client.expect("sendMessage", { to: "person0", content: "alone" }, "sent");
  assertEquals([sent.copies, sent.nodes], [1, 3]);
  await Promise.all(others.map((other) => other.start()));
  await cluster.settled();
}

function shuffled<T>(items: readonly T[], random: SeededNumbers): T[] {
  return items.map((item) => ({ item, place: random.next() })).sort((a, b) => a.place - b.place).map((
    { item },
  ) => item);
}

processTest("ClusterNode without a port for clients keeps everything where its tag is archive", async () => {
  const members = { node3: { tags: ["archive"] } };
  await using cluster = await ClusterProcesses.start({ members });
  const [one, two, archive] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  assert(archive.server.stdout.startsWith("node3 keeps everything and serves no clients\n"));
  let refused: unknown;
  await TestClient.connect(archive.port).catch((error) => refused = error);
  assert(refused instanceof Deno.errors.ConnectionRefused, `the archive's port for clients: ${refused}`);
  await using ada = await one.login("ada");
  const sent = await ada.expect("sendMessage", { to: "ada", content: "to be kept" }, "sent");
  assertEquals([sent.copies, sent.nodes], [3, 3]);
  const addresses = [one, two].map(({ name, port }) => ({ name, host: "127.0.0.1", port }));
  assertEquals(await nodesTold(two), addresses);
  await Promise.all([one, two].map((node) => node.kill()));
  for (const node of [one, two]) {
    await node.wipe();
    await node.start();
    await node.served();
  }
  await using again = await two.login("ada");
  const { messages } = await again.expect("listMessages", { with: "ada" }, "messages");
  assertEquals(messages.map(({ content }) => content), ["to be kept"]);
  assertEquals((await cluster.sameLogs()).state.messages.size, 1);
});
