/**
 * Runs the schedules of many seeds in this thread.
 *
 * @module
 */

import type { Mutation } from "./mutation.ts";
import { simulate } from "./simulation.ts";
import { scheduleOf } from "./swarm.ts";
import { count, emptyTally, type Tally } from "./tally.ts";

/** Every seed that this number divides is run twice: only the seed may decide the course of events. */
const REPEATED_EVERY = 100;

/** Runs seeds, some of them twice, and returns their sums. */
export function runSeeds(seeds: Iterable<number>, mutation?: Mutation): Tally {
  const tally = emptyTally();
  const options = mutation === undefined ? {} : { mutation };
  for (const seed of seeds) {
    const result = simulate(scheduleOf(seed), options);
    count(tally, seed, result);
    if (seed % REPEATED_EVERY !== 0) continue;
    tally.repeated++;
    const again = simulate(scheduleOf(seed), options);
    if (again.traceHash === result.traceHash) continue;
    const message = `two runs of one seed differ: trace ${result.traceHash} and ${again.traceHash}`;
    tally.failures.push({ seed, message });
  }
  return tally;
}
