/**
 * Clusters with archives alone: a campaign has few of them, and must not miss anything that happens to an archive.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";
import { scale } from "../testing/scale.ts";
import { ARCHIVE_EVENTS } from "./archive_events.ts";
import { failureReport } from "./report.ts";
import { runSeeds } from "./seeds.ts";
import { scheduleOf } from "./swarm.ts";

const SCHEDULES = scale(25, 2_000);

/** A campaign does not come so far. */
const FIRST_SEED = 2_000_000;

/** The next seeds of schedules with archives. */
function* seedsWithArchives(): Generator<number> {
  for (let seed = FIRST_SEED; true; seed++) if (scheduleOf(seed).settings.hasSearches) yield seed;
}

Deno.test(`simulate() finds all invariants to hold in ${SCHEDULES} clusters with archives, whatever happens to them`, () => {
  const tally = runSeeds(seedsWithArchives().take(SCHEDULES));
  const [failure] = tally.failures;
  if (failure !== undefined) throw new Error([failure.message, ...failureReport(failure.seed)].join("\n"));
  assertEquals(tally.schedules, SCHEDULES);
  assertGreater(tally.evicted, SCHEDULES);
  for (const event of ARCHIVE_EVENTS) assertGreater(tally.archives[event], 0, `no archive was ${event}`);
  console.log(`${SCHEDULES} schedules: ${JSON.stringify(tally.archives)}`);
});
