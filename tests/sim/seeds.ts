/**
 * Runs the schedules of many seeds in this thread.
 *
 * @module
 */

import { inWords } from "./checks.ts";
import { type Mutation, needsArchives, needsInvitations, needsWatchers } from "./mutation.ts";
import type { Schedule } from "./schedule.ts";
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
    if (!canMatter(mutation, schedule)) continue;
    const { violation } = simulate(schedule, { mutation });
    if (violation === undefined) continue;
    const withoutFault = violationWithoutFault(seed);
    const failure: Failure = { seed, message: inWords(violation), withoutFault };
    tally.failures.push(failure);
    if (withoutFault === undefined) break;
  }
  return tally;
}

/** False if a mutation changes nothing in a schedule. */
function canMatter(mutation: Mutation, { settings }: Schedule): boolean {
  if (needsArchives(mutation)) return settings.hasSearches;
  if (needsWatchers(mutation)) return settings.hasWatchers;
  return !needsInvitations(mutation) || settings.needsInvitations;
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
