/**
 * The report on a seed whose schedule fails: enough to go on from there.
 *
 * @module
 */

import { inWords } from "./checks.ts";
import type { Mutation } from "./mutation.ts";
import type { Schedule } from "./schedule.ts";
import { scheduleLines, shrink } from "./shrink.ts";
import { simulate } from "./simulation.ts";
import { scheduleOf } from "./swarm.ts";

/** Lines of the trace in a report. */
const TRACE_LINES = 40;

/** Most runs spent on shortening one schedule. */
const SHRINKING_TRIES = 300;

/**
 * Runs a seed again; returns the violation, the events before it, the shortest failing schedule, and the
 * command that shows the whole trace.
 */
export function failureReport(seed: number, mutation?: Mutation): string[] {
  const options = mutation === undefined ? {} : { mutation };
  const schedule = scheduleOf(seed);
  const { violation, trace } = simulate(schedule, { ...options, isTraced: true });
  if (violation === undefined) {
    return [`seed ${seed}: no invariant is violated when it is run again: it is not determined by its seed`];
  }
  const short = shrink(schedule, (shorter) => simulate(shorter, options), SHRINKING_TRIES);
  const lengthOf = ({ operations, faults, acts }: Schedule): number =>
    operations.length + faults.length + acts.length;
  const [parts, all] = [lengthOf(short), lengthOf(schedule)];
  return [
    `seed ${seed}: ${inWords(violation)}`,
    `the last ${TRACE_LINES} of ${trace.length} lines of what happened:`,
    ...trace.slice(-TRACE_LINES),
    `${parts} of its ${all} operations, faults and acts are enough:`,
    ...scheduleLines(short),
    `to see all of it: deno task sim --seed=${seed}`,
  ];
}
