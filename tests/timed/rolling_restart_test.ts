import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { ClusterLoad } from "../testing/cluster_load.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";

/** Number of restarts of each node. */
const ROUNDS = scale(1, 10);
/** Work between two restarts, ms. */
const WORK_MS = 500;
/** Time limit of a stop, ms: two seconds, and as much again twice for a busy machine. */
const STOP_MS_MAX = 6_000;

processTest("ClusterNode is restarted one after the other while people go on at the others", async () => {
  await using cluster = await ClusterProcesses.start();
  const load = new ClusterLoad(5);
  await load.register(cluster.node(1));
  load.start(cluster.nodes);
  let slowestMs = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const node of cluster.nodes) {
      await new Promise((resolve) => setTimeout(resolve, WORK_MS));
      const sinceMs = performance.now();
      const { code, stderr } = await node.end("SIGTERM");
      slowestMs = Math.max(slowestMs, performance.now() - sinceMs);
      assertEquals(code, 0, stderr);
      await node.start();
    }
  }
  await load.stop();
  await cluster.settled();
  await load.verify(cluster.nodes);
  await cluster.sameLogs();
  console.log(`${ROUNDS * 3} restarts, the slowest stop ${Math.round(slowestMs)} ms: ${load.summary()}`);
  assertGreater(load.messages.acknowledged, ROUNDS * 3 * 50);
  assertLessOrEqual(slowestMs, STOP_MS_MAX);
});
