/**
 * Runs the schedules of many seeds in this thread.
 *
 * @module
 */

import { inWords } from "./checks.ts";
import { type Mutation, needsArchives, needsWatchers } from "./mutation.ts";
import { simulate } from "./simulation.ts";
import { scheduleOf } from "./swarm.ts";
import { count, emptyTally, type Failure, type Tally } from "./tally.ts";

/** Every seed that this number divides is run twice: only the seed may decide the course of events. */
const REPEATED_EVERY = 100;

/** Runs seeds, some of them twice, and returns their sums. */
export function runSeeds(seeds: Iterable<number>): Tally {
  const tally = emptyTally();
  for (const seed of seeds) {
    const result = simulate(scheduleOf(seed));
    count(tally, seed, result);
    if (seed % REPEATED_EVERY !== 0) continue;
    tally.repeated++;
    const again = simulate(scheduleOf(seed));
    if (again.traceHash === result.traceHash) continue;
    const message = `two runs of one seed differ: trace ${result.traceHash} and ${again.traceHash}`;
    tally.failures.push({ seed, message });
  }
  return tally;
}

/** Runs seeds up to the first that fails with a fault planted into the servers, and runs that one without it. */
export function runPlanted(seeds: Iterable<number>, mutation: Mutation): Tally {
  const tally = emptyTally();
  for (const seed of seeds) {
    const schedule = scheduleOf(seed);
    const { hasSearches, hasWatchers } = schedule.settings;
    if (needsArchives(mutation) && !hasSearches || needsWatchers(mutation) && !hasWatchers) continue;
    const { violation } = simulate(schedule, { mutation });
    if (violation === undefined) continue;
    const withoutFault = violationWithoutFault(seed);
    const failure: Failure = { seed, message: inWords(violation), withoutFault };
    tally.failures.push(failure);
    if (withoutFault === undefined) break;
  }
  return tally;
}

/** Violations of seeds without a planted fault, which are run once: one seed finds many faults. */
const withoutFaults = new Map<number, string | undefined>();

function violationWithoutFault(seed: number): string | undefined {
  if (!withoutFaults.has(seed)) {
    const { violation } = simulate(scheduleOf(seed));
    withoutFaults.set(seed, violation && inWords(violation));
  }
  return withoutFaults.get(seed);
}
