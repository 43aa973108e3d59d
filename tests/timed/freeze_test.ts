import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { ClusterLoad } from "../testing/cluster_load.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { sendMany } from "../testing/many_messages.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import { TestClient } from "../testing/test_client.ts";

/** Number of clusters, one after the other: the memory of one load takes a gigabyte. */
const CLUSTERS = scale(1, 10);
/** Number of freezes in each. */
const FREEZES = scale(1, 10);
/** Duration of a freeze, ms: longer than a peer may be silent. */
const FREEZE_MS = 11_000;
/** Number of messages sent meanwhile beside the load. */
const MESSAGES = 10_000;
/** Longest wait of a client, ms: a second for a node that does not answer, and the rest for a busy machine. */
const WAIT_MS_MAX = 3_000;

/** Work before the first freeze, to compare with, ms. */
const UNFROZEN_MS = 2_000;
/** Number of working people. */
const PEOPLE = 4;
/**
 * Latency of an answer that has waited for the frozen node, ms, and how often each client may see one until
 * the node no longer counts.
 */
const SLOW_MS = 600;
/** See `SLOW_MS`. */
const SLOW_ANSWERS_MAX = 2;
/** The same on a busy machine, as a part of all answers: with a wait for each, all are slow. */
const SLOW_PART_MAX = 0.1;

const MIB = 1_048_576;

processTest(
  "SENT waits for a frozen node no longer than a second, and counts it when it goes on",
  async () => {
    for (let number = 1; number <= CLUSTERS; number++) await freezeAndCompare();
  },
);

async function freezeAndCompare(): Promise<void> {
  await using cluster = await ClusterProcesses.start();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  const load = new ClusterLoad(3, PEOPLE);
  await load.register(one);
  await using ada = await one.login("ada");
  await using _bob = await one.login("bob");
  const watch = new Watch(load, [one, two]);
  await watch.begin();
  assertEquals(await sendMany(ada, "bob", MESSAGES), 3);
  await load.work([one, two], UNFROZEN_MS);
  console.log(`nothing is frozen: ${await watch.seen()}`);
  for (let freeze = 1; freeze <= FREEZES; freeze++) {
    await cluster.settled();
    assertEquals(await copiesOf(ada), 3);
    await watch.begin();
    load.start([one, two]);
    three.pause();
    const frozenMs = performance.now();
    await eventually("the frozen node is not counted", async () => await copiesOf(ada) === 2);
    const noticedMs = Math.round(performance.now() - frozenMs);
    assertEquals(await sendMany(ada, "bob", MESSAGES), 2);
    await new Promise((resolve) => setTimeout(resolve, FREEZE_MS - (performance.now() - frozenMs)));
    await eventually("node3 alone is away", async () => {
      return (await one.peers()).join() === "node2 in sync,node3 unreachable";
    });
    const seen = await watch.seen();
    three.resume();
    const resumedMs = performance.now();
    await eventually("the node is counted again", async () => await copiesOf(ada) === 3);
    const countedMs = Math.round(performance.now() - resumedMs);
    await load.stop();
    console.log(
      `freeze ${freeze}: noticed after ${noticedMs} ms, ${seen}; counted again after ${countedMs} ms`,
    );
    assertLessOrEqual(load.slowestMs, WAIT_MS_MAX);
    const slowMax = Math.max(PEOPLE * SLOW_ANSWERS_MAX, load.answeredMs.length * SLOW_PART_MAX);
    assertLessOrEqual(load.answeredMs.filter((ms) => ms > SLOW_MS).length, slowMax);
  }
  await cluster.settled();
  assert(await load.verify(cluster.nodes) > 0);
  const { entries } = await cluster.sameLogs();
  console.log(`${FREEZES} freezes: ${load.summary()}; ${entries} entries in each log`);
  assertEquals(load.messages.atRisk, 0);
}

processTest("LOGIN_2 makes an account beside a node that has just been frozen", async () => {
  await using cluster = await ClusterProcesses.start();
  const [one, three] = [cluster.node(1), cluster.node(3)];
  await using client = await TestClient.connect(one.port);
  three.pause();
  await client.expect("startLogin", { name: "ada" }, "userNotExisting");
  const sinceMs = performance.now();
  await client.expect("finishLogin", { password: "password of ada" }, "loginSuccess");
  const ms = performance.now() - sinceMs;
  console.log(`an account was made after ${Math.round(ms)} ms`);
  assertLessOrEqual(ms, WAIT_MS_MAX);
  three.resume();
  await using again = await TestClient.connect(three.port);
  await eventually("the account is there", async () => {
    return (await again.ask("startLogin", { name: "ada" })).name === "userExisting";
  });
});

/** Latency of the people, and growth of the nodes, over a while. */
class Watch {
  #residentBytes: readonly number[] = [];

  constructor(readonly load: ClusterLoad, readonly nodes: readonly ClusterNode[]) {}

  async begin(): Promise<void> {
    this.load.answeredMs = [];
    this.#residentBytes = await this.#resident();
  }

  async seen(): Promise<string> {
    const { slowestMs, usualMs } = this.load;
    const resident = await this.#resident();
    const grown = resident.map((bytes, index) =>
      Math.round((bytes - (this.#residentBytes[index] ?? 0)) / MIB)
    );
    return `99 of 100 answers within ${Math.round(usualMs)} ms, the slowest after ${
      Math.round(slowestMs)
    } ms, ` +
      `resident memory grown by ${grown.join(" and ")} MiB`;
  }

  #resident(): Promise<number[]> {
    return Promise.all(this.nodes.map(({ server }) => server.residentBytes()));
  }
}

/** The number of copies with which a message is acknowledged now. */
async function copiesOf(client: TestClient): Promise<number> {
  return (await client.expect("sendMessage", { to: "bob", content: "how many?" }, "sent")).copies;
}
