/**
 * Tests of the metrics of an executable: its package and its permissions are inside; executables_test.ts runs them.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";
import { METRICS } from "../../server/metrics/metric_table.ts";
import { freePort } from "../testing/free_port.ts";
import { askPage } from "../testing/scraped.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { runToEnd } from "./run_to_end.ts";
import { executableTest } from "./tested_executables.ts";

/** Metrics that a node alone and without certificates does not have, nor one without the permission `sys`. */
const MISSING = [
  "chat_disk_free_bytes",
  "chat_peer_state",
  "chat_peer_entries_behind",
  "chat_certificate_days_left",
];

executableTest("chat-server shows its metrics, and another level of diagnostics", async ({ server }) => {
  const port = freePort();
  await using running = await ServerProcess.start({ program: [server], node: { metrics: { port } } });
  assertEquals(await askPage(port, "/ready"), { status: 200, text: "ready\n" });
  const { status, text } = await askPage(port, "/metrics");
  assertEquals(status, 200);
  const missing = Object.keys(METRICS).filter((name) => !text.includes(`# TYPE ${name} `));
  assertEquals(missing, MISSING);
  const changed = await runToEnd([server, "log-level", "debug", "--for=1h", `--data=${running.data}`]);
  assertEquals(changed, {
    status: 0,
    stdout: "node1 logs at level debug for 1 h 0 min, then as it was started\n",
    stderr: "",
  });
  assertGreater(text.length, 1_000);
  console.log(`${Object.keys(METRICS).length - missing.length} metrics`);
});
