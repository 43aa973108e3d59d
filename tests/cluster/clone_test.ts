import { assert, assertEquals, assertMatch } from "@std/assert";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { isConnectionLost } from "../testing/load_client.ts";
import { processTest } from "../testing/permissions.ts";
import { ClusterNode } from "../testing/cluster_node.ts";

/** Words about the entry at which two data folders differ. */
const FORK =
  /entry \d+ of node1#[0-9a-f]{12} is not the same at two nodes: a data folder was copied or restored, and both copies were used/;

processTest("a node halts on a copied data folder that lacks what the original wrote", async () => {
  await using cluster = await ClusterProcesses.start();
  const one = cluster.node(1);
  await say(one, "before the copy");
  await copyData(one);
  await say(one, "after the copy");
  await cluster.settled();
  await one.end();
  await haltsOnCopy(cluster);
});

for (const messages of [1, 2, 3]) {
  processTest(
    `a node halts on a copied data folder that wrote ${messages} where the original wrote 2`,
    async () => {
      await using cluster = await ClusterProcesses.start();
      const one = cluster.node(1);
      await say(one, "before the copy");
      await copyData(one);
      for (let i = 0; i < 2; i++) await say(one, "by the original");
      await cluster.settled();
      await one.end();
      for (const wire of cluster.wiresOf(one)) wire.cut();
      await startOnCopy(one);
      for (let i = 0; i < messages; i++) await say(one, "by the copy");
      cluster.heal();
      await halts(cluster);
    },
  );
}

processTest("one of two nodes halts that run on copies of one data folder", async () => {
  await using cluster = await ClusterProcesses.start();
  const one = cluster.node(1);
  await say(one, "before the copy");
  await cluster.settled();
  await copyData(one);
  const copy: ClusterNode = new ClusterNode(
    "node1",
    `${one.data}.copy`,
    () => cluster.configurationOf("node1", copy),
  );
  await copy.start();
  try {
    await say(one, "by the original");
    await say(copy, "by the copy").catch((error) => {
      // The node on the copy may have found the fork, and ended, before it answers.
      if (!isConnectionLost(error)) throw error;
    });
    const status = await Promise.race([one, copy].map(({ server }) => server.ended()));
    assertEquals(status, 1);
    const halted = one.server.isOver ? one : copy;
    assertMatch(halted.server.stderr, FORK);
    console.log(`the ${halted === one ? "original" : "copy"} has ended`);
  } finally {
    await copy.kill();
  }
});

async function haltsOnCopy(cluster: ClusterProcesses): Promise<void> {
  const one = cluster.node(1);
  await one.spawn(`${one.data}.copy`);
  await halts(cluster);
}

/**
 * Checks that the node on the copy ends and gives the reason, and that the others go on without its entries.
 */
async function halts(cluster: ClusterProcesses): Promise<void> {
  const [one, two] = [cluster.node(1), cluster.node(2)];
  assertEquals(await one.server.ended(), 1);
  assertMatch(one.server.stderr, FORK);
  await one.end();
  const again = await one.spawn(`${one.data}.copy`);
  assertEquals([await again.ended(), again.stdout], [1, ""], "the next start serves nobody");
  await one.end();
  await using client = await two.login("ada");
  const { messages } = await client.expect("listMessages", { with: "ada" }, "messages");
  assert(
    messages.length > 0 && messages.every(({ content }) => content !== "by the copy"),
    JSON.stringify(messages),
  );
}

async function copyData({ name, data }: ClusterNode): Promise<void> {
  const { success } = await new Deno.Command("cp", { args: ["-r", data, `${data}.copy`] }).output();
  assert(success, `the data folder of ${name} was not copied`);
}

async function startOnCopy(node: ClusterNode): Promise<void> {
  const server = await node.spawn(`${node.data}.copy`);
  await server.waitFor(() => server.stdout.split("\n").length > 2);
}

async function say(node: ClusterNode, content: string): Promise<void> {
  await using client = await node.login("ada");
  await client.expect("sendMessage", { to: "ada", content }, "sent");
}
