import { assertEquals } from "@std/assert";
import { eventually } from "../../testing/eventually.ts";
import { FastNodes } from "../../testing/fast_nodes.ts";
import { processTest } from "../../testing/permissions.ts";

/** A name and two messages that occur nowhere else. */
const NAME = "Rumpelstilz";
const SENT = "today I bake";
const ANSWERED = "tomorrow I brew";

/** Time for several rounds of settlement, ms. */
const SETTLED_MS = 4_000;

/** Time in which nodes log the names to forget, and get them from each other, ms: they look once a second. */
const FORGOTTEN_MS = 3_000;

const NODES = ["node1", "node2", "node3"];

/** Somebody sends messages to themselves until one is on so many disks. */
async function reach(nodes: FastNodes, copies: number): Promise<void> {
  await using bob = await nodes.login("node1", "bob");
  await eventually(`there are ${copies} copies`, async () => {
    const sent = await bob.expect("sendMessage", { to: "bob", content: "note to self" }, "sent");
    return sent.copies === copies;
  });
}

/** Two people talk, and one of them deletes the account. */
async function talkAndDelete(nodes: FastNodes): Promise<void> {
  await using bob = await nodes.login("node1", "bob");
  await using leaving = await nodes.login("node1", NAME);
  await leaving.expect("sendMessage", { to: "bob", content: SENT }, "sent");
  await bob.expect("sendMessage", { to: NAME, content: ANSWERED }, "sent");
  assertEquals((await nodes.holding(NAME)).includes("node1"), true);
  for (const text of [SENT, ANSWERED]) {
    await eventually(
      "the archive has it",
      async () => (await nodes.holding(text, "archive")).includes("node1"),
    );
  }
  await leaving.expect("deleteAccount", { password: `password of ${NAME}` }, "ok");
}

/** A pass over everything, after the names that can be forgotten are. */
async function compact(nodes: FastNodes): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  nodes.advance(2);
  await new Promise((resolve) => setTimeout(resolve, FORGOTTEN_MS));
  await nodes.pass(1);
}

async function assertAllGone(nodes: FastNodes): Promise<void> {
  for (const text of [SENT, ANSWERED, NAME]) assertEquals(await nodes.holding(text), [], text);
  assertEquals((await nodes.holding("note to self")).includes("node1"), true);
}

processTest("no file of a node has the name of a deleted account an hour later", async () => {
  await using nodes = await FastNodes.start("node1");
  await reach(nodes, 1);
  await talkAndDelete(nodes);
  await compact(nodes);
  await assertAllGone(nodes);
});

processTest("no file of a cluster has the name of a deleted account an hour later", async () => {
  await using nodes = await FastNodes.start(...NODES);
  await reach(nodes, 3);
  await talkAndDelete(nodes);
  await compact(nodes);
  await assertAllGone(nodes);
});

processTest(
  "the name of a deleted account stays while a node is down, which may have given it too",
  async () => {
    await using nodes = await FastNodes.start(...NODES);
    await reach(nodes, 3);
    await nodes.stopNode("node3");
    await talkAndDelete(nodes);
    await compact(nodes);
    for (const text of [SENT, ANSWERED]) assertEquals(await nodes.holding(text), [], text);
    assertEquals(await nodes.holding(NAME), ["node1", "node2"]);
    await nodes.startNode("node3");
    await reach(nodes, 3);
    await compact(nodes);
    await assertAllGone(nodes);
  },
);
