/**
 * Clusters with archives alone: a campaign has few of them, and must not miss anything that happens to an archive.
 *
 * @module
 */

import { assertEquals, assertGreater, assertGreaterOrEqual } from "@std/assert";
import { scale } from "../testing/scale.ts";
import { ARCHIVE_EVENTS } from "./archive_events.ts";
import { failureReport } from "./report.ts";
import { runSeeds } from "./seeds.ts";
import { scheduleOf } from "./swarm.ts";

const SCHEDULES = scale(32, 2_000);

/** Fewest archives that each event happens to. */
const EVENTS_MIN = Math.ceil(SCHEDULES / 8);

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
  for (const event of ARCHIVE_EVENTS) {
    assertGreaterOrEqual(tally.archives[event], EVENTS_MIN, `too few archives were ${event}`);
  }
  console.log(`${SCHEDULES} schedules: ${JSON.stringify(tally.archives)}`);
});
