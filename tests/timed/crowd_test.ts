import { assertEquals, assertGreater } from "@std/assert";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { Crowd } from "../testing/crowd.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import { QUICK } from "../testing/server_process.ts";

const PEOPLE = 200;
const WORK_MS = scale(20_000, 300_000);
const SEED = 1;

processTest(
  `${PEOPLE} people on three nodes are told and shown the same, whichever node they ask`,
  async () => {
    const configuration = { limits: { ...QUICK.limits, newConnectionsPerMinute: 0 } };
    await using cluster = await ClusterProcesses.start({ configuration });
    const crowd = new Crowd(cluster.nodes, SEED);
    await crowd.register(PEOPLE);
    const startMs = performance.now();
    await crowd.work(WORK_MS);
    const workedMs = performance.now() - startMs;
    await cluster.settled();
    const compared = await crowd.verify();
    await crowd.disconnect();
    const { entries, state } = await cluster.sameLogs();

    const counts = [...crowd.counts].sort().map(([what, count]) => `${what} ${count}`).join(", ");
    console.log(`${PEOPLE} people in ${(workedMs / 1_000).toFixed(1)} s: ${counts}`);
    console.log(
      `slowest reply ${
        Math.round(crowd.slowestMs)
      } ms; ${compared} comparisons of messages, ${entries} entries and ` +
        `${state.messages.size} messages in each log`,
    );
    assertGreater(crowd.total("messages with"), PEOPLE * 10);
    assertEquals(
      ["reads", "confirmations", "deletions for both", "deletions for oneself", "accounts deleted"]
        .filter((what) => crowd.total(what) === 0),
      [],
      "something was never done: the test proves nothing of that",
    );
  },
);
