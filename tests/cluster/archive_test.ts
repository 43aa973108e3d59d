import { assertEquals } from "@std/assert";
import { comparedAt, entriesOf } from "../testing/archive_content.ts";
import { eventually } from "../testing/eventually.ts";
import { FastNodes } from "../testing/fast_nodes.ts";
import { sendMany } from "../testing/many_messages.ts";
import { processTest } from "../testing/permissions.ts";

const NODES = ["node1", "node2", "node3"];
const MESSAGES = 500;

/** Sends from a node until all copies that there can be are made; returns their number. */
async function send(nodes: FastNodes, node: string, from: string): Promise<number> {
  await using client = await nodes.login(node, from);
  return await sendMany(client, from, MESSAGES);
}

/** The archives of all nodes, once they have so many entries. */
async function archives(nodes: FastNodes, entries: number): Promise<unknown[]> {
  return await Promise.all(NODES.map((name) => comparedAt(nodes.dataOf(name), entries)));
}

processTest(
  "the archives of three nodes have what each of them took, relayed entries of a dead one too",
  async () => {
    await using nodes = await FastNodes.start(...NODES);
    await eventually("three nodes are in sync", async () => await send(nodes, "node1", "alice") === 3);
    await nodes.stopNode("node3");
    await eventually("two nodes are in sync", async () => await send(nodes, "node1", "alice") === 2);
    await nodes.stopNode("node1");
    await nodes.startNode("node3");
    await eventually("node3 has them from node2", async () => await send(nodes, "node2", "bob") === 2);
    await nodes.startNode("node1");
    await eventually("three nodes are in sync again", async () => await send(nodes, "node3", "carol") === 3);
    const lengths = async (): Promise<number[]> =>
      await Promise.all(NODES.map(async (name) => (await entriesOf(nodes.dataOf(name))).length));
    await eventually("all have the same", async () => new Set(await lengths()).size === 1);
    const [entries = 0] = await lengths();
    const compared = await archives(nodes, entries);
    assertEquals(compared[1], compared[0]);
    assertEquals(compared[2], compared[0]);
    console.log(`${entries} entries in three archives: ${JSON.stringify(compared[0])}`);
  },
);
