import { assert, assertEquals, assertGreater, assertLessOrEqual, assertMatch } from "@std/assert";
import { PASSWORD } from "../../bench/client.ts";
import { ROLES, wordOf } from "../../bench/stored_history.ts";
import { writeStoredLog } from "../../bench/stored_log.ts";
import type { NodeStatus } from "../../server/admin/node_status.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { allFound } from "../testing/found_messages.ts";
import { sendMany } from "../testing/many_messages.ts";
import { processTest } from "../testing/permissions.ts";
import { TestClient } from "../testing/test_client.ts";

/** Number of messages that a node with an empty disk has to fetch. */
const MESSAGES = 100_000;
/** Its history. */
const SIZE = { messages: MESSAGES, accounts: 300, conversations: 500 };
/** Time limit, ms: it takes some seconds; the rest is for a busy machine. */
const FILLED_MS_MAX = 300_000;
/** Longest wait of clients at a lone node with an empty disk, ms: two seconds and a half, and as much again twice. */
const ALONE_MS_MAX = 7_500;
/** Most attempts to meet a node while it is being filled. */
const ATTEMPTS = 10;
/** Delay of a filled node's answer behind an empty one's, ms. */
const PEER_LATE_MS = 700;

processTest("Filling gives a node with an empty disk everything before it serves clients", async () => {
  await using cluster = await ClusterProcesses.make({ names: ["node1", "node2"] });
  const [one, two] = [cluster.node(1), cluster.node(2)];
  const { entries } = await writeStoredLog(one.data, SIZE);
  await one.start();
  const sinceMs = performance.now();
  await two.start();
  let refusals = 0;
  await eventually("the node lets people log in", async () => {
    await using client = await TestClient.connect(two.port);
    const reply = await client.ask("startLogin", { name: ROLES.social });
    if (reply.name !== "error") return reply.name === "userExisting";
    const { code, message, retryAfter } = reply.payload;
    assertEquals([code, retryAfter], ["unavailable", 1]);
    assertMatch(message, /^this node (fills itself from the others|has an empty disk)/);
    refusals++;
    return false;
  }, FILLED_MS_MAX);
  const ms = performance.now() - sinceMs;
  assertEquals(await chatsAt(two), await chatsAt(one));
  // Both nodes index their messages first.
  const [found, foundByFilled] = await Promise.all([foundAt(one), foundAt(two)]);
  assertGreater(found.length, 1_000);
  assertEquals(foundByFilled, found);
  await eventually("the archive has all entries", async () => {
    const archive = (await two.status())?.archive;
    return archive?.lag === 0 && archive.position > entries;
  });
  await cluster.settled();
  const { stderr } = await two.end();
  const progress = stderr.split("\n").filter((line) => /it has \d+ entries, and \d+ are missing/.test(line));
  console.log(
    `${entries} entries after ${Math.round(ms)} ms (${Math.round(entries / ms * 1_000)} a second), ` +
      `${refusals} clients told to wait, ${progress.length} lines of progress; ${found.length} messages found alike`,
  );
  assertGreater(refusals, 0);
  assertGreater(progress.length, 0);
  assertLessOrEqual(ms, FILLED_MS_MAX);
  await two.start();
  assertEquals((await cluster.sameLogs()).state.messages.size, MESSAGES);
});

/** The chats of the account with the most. */
async function chatsAt(node: ClusterNode): Promise<unknown> {
  await using client = await node.login(ROLES.social, PASSWORD);
  const { chats } = await client.expect("listChats", {}, "chats");
  assertEquals(chats.length, MESSAGES / 1_000);
  return chats;
}

/** The ids of all messages that an account finds by common words and rare ones. */
async function foundAt(node: ClusterNode): Promise<string[]> {
  await using client = await node.login(ROLES.long[0], PASSWORD);
  const ids: string[] = [];
  for (const word of [0, 500, 1_900]) {
    ids.push(...(await allFound(client, { words: wordOf(word), limit: 100 })).map(({ id }) => id));
  }
  return ids;
}

processTest("Filling lets a node with an empty disk serve soon if nobody is there", async () => {
  await using cluster = await ClusterProcesses.make();
  const one = cluster.node(1);
  for (
    const [what, prepare] of [
      ["nobody listens", () => cluster.wiresOf(one).forEach((wire) => wire.cut())],
      ["nobody answers", () => cluster.wiresOf(one).forEach((wire) => wire.blackhole())],
    ] as const
  ) {
    prepare();
    await one.start();
    const sinceMs = performance.now();
    await one.served();
    const ms = performance.now() - sinceMs;
    await using ada = await one.login("ada");
    const sent = await ada.expect("sendMessage", { to: "ada", content: "alone" }, "sent");
    assertEquals([sent.copies, sent.nodes], [1, 3]);
    console.log(`where ${what}, an empty node serves after ${Math.round(ms)} ms`);
    assertLessOrEqual(ms, ALONE_MS_MAX);
    await one.kill();
    await one.wipe();
  }
});

processTest("Filling goes on from another node when the first is gone", async () => {
  await using cluster = await ClusterProcesses.make();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  await one.start();
  await two.start();
  await cluster.settled();
  await using ada = await one.login("ada");
  await using _bob = await one.login("bob");
  await sendMany(ada, "bob", MESSAGES / 5);
  await cluster.settled();
  let isFilling = false;
  for (let attempt = 0; attempt < ATTEMPTS && !isFilling; attempt++) {
    if (attempt > 0) {
      await three.kill();
      await three.wipe();
    }
    await three.start();
    let status: NodeStatus | undefined;
    await eventually("the node is being filled", async () => {
      status = await three.status();
      return (status?.entries ?? 0) > 1_000;
    });
    // Until its peer is gone, it goes no further.
    three.pause();
    isFilling = status?.filling !== null;
    if (isFilling) await one.kill();
    three.resume();
  }
  assert(isFilling, "it was filled before anything could go wrong");
  await three.served();
  await using bob = await three.login("bob");
  assertEquals((await bob.expect("listChats", {}, "chats")).chats[0]?.unread, MESSAGES / 5);
});

processTest("Filling does not take another empty node for one that has everything", async () => {
  await using cluster = await ClusterProcesses.start();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  await using ada = await one.login("ada");
  await sendMany(ada, "ada", 1_000);
  await cluster.settled();
  // On a busy machine, the node that has everything may be too late; an empty one is always there before it.
  let areFilled = false;
  for (let attempt = 0; attempt < ATTEMPTS && !areFilled; attempt++) {
    areFilled = await areFilledBy(one, [two, three], cluster);
  }
  assert(areFilled, "an empty node took the other one for one that has everything");
});

/** Empties nodes and starts them: they find each other before the full one. True if all know what that has. */
async function areFilledBy(
  full: ClusterNode,
  empty: readonly ClusterNode[],
  cluster: ClusterProcesses,
): Promise<boolean> {
  for (const node of empty) {
    await node.kill();
    await node.wipe();
    cluster.wire(full, node).cut();
    cluster.wire(node, full).blackhole();
  }
  await Promise.all(empty.map((node) => node.spawn()));
  await new Promise((resolve) => setTimeout(resolve, PEER_LATE_MS));
  cluster.heal();
  let areFilled = true;
  for (const node of empty) {
    await node.served();
    await using client = await TestClient.connect(node.port);
    areFilled &&= (await client.ask("startLogin", { name: "ada" })).name === "userExisting";
  }
  return areFilled;
}
