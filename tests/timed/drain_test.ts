import { assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import { SteadyCrowd } from "../testing/steady_crowd.ts";
import { wholeView } from "../testing/load.ts";

/** Number of people with the client of the console. */
const PEOPLE = 200;
/** Number of restarts of each node. */
const ROUNDS = scale(1, 5);
/** Time limit of each drain, which ends with its last session: with 20 of them in a second, in a few seconds. */
const FOR = "60s";
/** Work before the first drain and after each restart, ms. */
const WORK_MS = 2_000;
/** Longest time in which somebody is not served, ms: a second, and as much again twice for a busy machine. */
const GAP_MS_MAX = 3_000;
/** The same on a machine that is busier than that, as a multiple of the longest time before the first drain. */
const OF_UNDISTURBED = 3;

processTest("chat-server drain restarts one node after the other, and nobody notices", async () => {
  await using cluster = await ClusterProcesses.start();
  await using crowd = await SteadyCrowd.gather(cluster.nodes, PEOPLE);
  crowd.work();
  await pause(WORK_MS);
  const undisturbed = crowd.noticed();
  crowd.reset();
  for (let round = 0; round < ROUNDS; round++) {
    for (const node of cluster.nodes) {
      const drained = await node.drain(FOR);
      assertEquals([drained.status, drained.stderr], [0, ""], drained.stdout);
      assertEquals(await node.ended(), 0, node.diagnostics.slice(-8).join("\n"));
      await node.start();
      await eventually("all nodes keep up with one another", () => keepUp(cluster));
      await pause(WORK_MS);
    }
  }
  crowd.rest();
  await eventually("every message was answered and shown", () => crowd.isSettled).catch(() => {});
  const { errors, lost, doubled, messages, moves, gapMs, answerMs, arrivalMs } = crowd.noticed();
  const [gap, answer, arrival] = [gapMs, answerMs, arrivalMs].map((ms) => `${Math.round(ms)} ms`);
  console.log(
    `${
      ROUNDS * cluster.nodes.length
    } restarts, ${PEOPLE} people moved ${moves} times, ${messages} messages: ` +
      `errors ${errors.length}, lost ${lost}, doubled ${doubled}; longest time without a login ${gap}, ` +
      `to an answer ${answer}, to the other's screen ${arrival}; before the first drain ` +
      `${Math.round(undisturbed.answerMs)} and ${Math.round(undisturbed.arrivalMs)} ms`,
  );
  assertEquals({ errors, lost, doubled }, { errors: [], lost: 0, doubled: 0 });
  assertEquals(await storedMessages(cluster), messages * cluster.nodes.length);
  assertGreaterOrEqual(moves, PEOPLE * ROUNDS);
  const undisturbedMs = Math.max(undisturbed.answerMs, undisturbed.arrivalMs);
  assertLess(Math.max(gapMs, answerMs, arrivalMs), Math.max(GAP_MS_MAX, OF_UNDISTURBED * undisturbedMs));
  await cluster.sameLogs();
});

/** True if every node serves clients and keeps up with the others; while people write, entries are on their way. */
async function keepUp({ nodes }: ClusterProcesses): Promise<boolean> {
  const statuses = await Promise.all(nodes.map((node) => node.status()));
  return statuses.every((status) =>
    status?.filling === null && status.peers.every(({ state }) => state === "in sync" || state === "slow")
  );
}

/** Number of messages that people find, each once, at all nodes together. */
async function storedMessages({ nodes }: ClusterProcesses): Promise<number> {
  let count = 0;
  for (const node of nodes) {
    // Each message is in the views of two people; those of every other one have all.
    for (let i = 0; i < PEOPLE; i += 2) {
      await using client = await node.login(`person${i}`);
      const view = await wholeView(client);
      const contents = new Set(view.values().map(({ content }) => content));
      assertEquals(contents.size, view.size, "a text was stored twice");
      count += view.size;
    }
  }
  return count;
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
