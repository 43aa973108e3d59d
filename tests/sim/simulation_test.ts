/**
 * Whole clusters under faults, as many as a minute allows: the main proof of the promises in
 * `docs/reliability.md`.
 *
 * @module
 */

import { assertEquals, assertGreater, assertGreaterOrEqual } from "@std/assert";
import { scale } from "../testing/scale.ts";
import { INVARIANTS } from "./checks.ts";
import { runCampaign } from "./crew.ts";
import { REGRESSION_SEEDS } from "./regression_seeds.ts";
import { failureReport } from "./report.ts";
import { FAULT_KINDS } from "./schedule.ts";
import { runSeeds } from "./seeds.ts";
import { inLines, type Tally } from "./tally.ts";
import { workerTest } from "./worker_test_case.ts";

const WORKERS = 2;
const MINUTE_MS = 60_000;

/** Duration of the run. A soak has an hour for everything. */
const RUN_MS = scale(40_000, 15 * MINUTE_MS);

/** Fewest schedules that prove enough: the run goes on for them, up to a limit. */
const SCHEDULES_MIN = scale(250, 30_000);
const RUN_MS_MAX = scale(4 * MINUTE_MS, 30 * MINUTE_MS);

/** Most schedules: a fast machine need not take all of the time. */
const SCHEDULES_MAX = scale(10_000, 500_000);

/** Fails with the full report on the first failure. */
function assertNoneFailed({ failures }: Tally): void {
  const [failure] = failures;
  if (failure === undefined) return;
  const report = failureReport(failure.seed);
  throw new Error([failure.message, ...report].join("\n"));
}

Deno.test("simulate() finds nothing wrong with the seeds that once failed", () => {
  const tally = runSeeds(REGRESSION_SEEDS.map(({ seed }) => seed));
  assertNoneFailed(tally);
  assertEquals(tally.schedules, REGRESSION_SEEDS.length);
  console.log(`${tally.schedules} seeds that once failed`);
});

workerTest("simulate() finds all invariants to hold in hundreds of clusters", async () => {
  const beganMs = performance.now();
  const tally = await runCampaign({
    from: 1,
    count: SCHEDULES_MAX,
    countMin: SCHEDULES_MIN,
    untilMs: beganMs + RUN_MS,
    deadlineMs: beganMs + RUN_MS_MAX,
    workers: WORKERS,
    onProgress: (soFar, elapsedMs) => console.log(inLines(soFar, elapsedMs)[0]),
  });
  const lines = inLines(tally, performance.now() - beganMs);
  console.log(lines.join("\n"));
  assertNoneFailed(tally);
  assertGreaterOrEqual(tally.schedules, SCHEDULES_MIN);
  assertGreater(tally.repeated, 0);
  // A green run can have run nothing.
  for (const [i, name] of INVARIANTS.entries()) {
    assertGreater(tally.evaluations[i] ?? 0, 0, `the invariant "${name}" was never evaluated`);
  }
  for (const kind of FAULT_KINDS) assertGreater(tally.faults[kind], 0, `${kind} was never brought about`);
});
