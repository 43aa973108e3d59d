import { assertEquals, assertLessOrEqual } from "@std/assert";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { sendMany } from "../testing/many_messages.ts";
import { processTest } from "../testing/permissions.ts";
import { QUICK } from "../testing/server_process.ts";

/** Number of messages written while a node is away. */
const MESSAGES = 10_000;
/** Time limit of all nodes to have the same entries, ms: five seconds, and as much again twice for a busy machine. */
const CONVERGED_MS_MAX = 15_000;

/** The same on a machine that is busier than that, as a multiple of the time in which the messages were sent. */
const OF_SENDING = 3;

processTest(
  "Mesh makes all nodes the same soon after a cut during which 10,000 messages were sent",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const [one, three] = [cluster.node(1), cluster.node(3)];
    await using ada = await one.login("ada");
    await using bob = await three.login("bob");
    for (const wire of cluster.wiresOf(three)) wire.cut();
    const sinceMs = performance.now();
    const copies = await Promise.all([
      sendMany(ada, "bob", MESSAGES / 2),
      sendMany(bob, "ada", MESSAGES / 2),
    ]);
    assertEquals(copies, [2, 1]);
    const sentMs = performance.now() - sinceMs;
    await convergesFrom(cluster, "a cut", sentMs, () => Promise.resolve(cluster.heal()));
  },
);

processTest(
  "Mesh makes all nodes the same soon after the start of one that has missed 10,000 messages",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const [one, three] = [cluster.node(1), cluster.node(3)];
    await using ada = await one.login("ada");
    await using _bob = await one.login("bob");
    await cluster.settled();
    await three.kill();
    const sinceMs = performance.now();
    assertEquals(await sendMany(ada, "bob", MESSAGES), 2);
    await convergesFrom(cluster, "a kill", performance.now() - sinceMs, () => three.start());
  },
);

processTest("Mesh carries the longest messages that can be configured", async () => {
  const configuration = {
    limits: {
      ...QUICK.limits,
      contentBytes: 131_072,
      frameBytes: 1_048_576,
      messagesPageMax: 1,
      messagesPage: 1,
    },
  };
  await using cluster = await ClusterProcesses.start({ configuration });
  const [one, three] = [cluster.node(1), cluster.node(3)];
  await using ada = await one.login("ada");
  await using bob = await three.login("bob");
  for (const wire of cluster.wiresOf(three)) wire.cut();
  // A control character takes six bytes in an entry; the others take as many as they have.
  const contents = ["\u0001".repeat(131_072), "x".repeat(131_072), "\u{1f600}".repeat(32_768)];
  for (const content of contents) await ada.expect("sendMessage", { to: "bob", content }, "sent");
  cluster.heal();
  for (const content of contents) {
    const push = await bob.push();
    assertEquals(push.name === "message" && push.payload.content === content, true, push.name);
  }
  assertEquals((await cluster.sameLogs()).state.messages.size, contents.length);
});

async function convergesFrom(
  cluster: ClusterProcesses,
  what: string,
  sentMs: number,
  heal: () => Promise<void>,
): Promise<void> {
  const sinceMs = performance.now();
  await heal();
  await cluster.settled();
  const ms = performance.now() - sinceMs;
  const { entries, state } = await cluster.sameLogs();
  console.log(
    `${entries} entries are the same everywhere ${Math.round(ms)} ms after ${what}, sent in ${
      Math.round(sentMs)
    } ms`,
  );
  assertEquals(state.messages.size, MESSAGES);
  assertLessOrEqual(ms, Math.max(CONVERGED_MS_MAX, OF_SENDING * sentMs));
}
