/**
 * Sums over many schedules.
 *
 * @module
 */

import { ARCHIVE_EVENTS, type ArchiveCounts, noArchiveEvents } from "./archive_events.ts";
import { INVARIANTS, inWords } from "./checks.ts";
import { FAULT_KINDS, type FaultKind } from "./schedule.ts";
import type { Result } from "./simulation.ts";

/** A seed whose schedule violated an invariant. */
export interface Failure {
  readonly seed: number;
  readonly message: string;
  /** Violation of the same schedule in servers without the planted fault; `undefined` if it passes there. */
  readonly withoutFault?: string | undefined;
}

/** Sums over schedules; plain data, which a worker can post. */
export interface Tally {
  schedules: number;
  /** Schedules that were run twice, to compare their traces. */
  repeated: number;
  steps: number;
  /** Messages that were not in the memory of their server at the end. */
  evicted: number;
  readonly archives: ArchiveCounts;
  readonly evaluations: number[];
  readonly faults: Record<FaultKind, number>;
  readonly failures: Failure[];
}

/** A tally of no schedules. */
export function emptyTally(): Tally {
  return {
    schedules: 0,
    repeated: 0,
    steps: 0,
    evicted: 0,
    archives: noArchiveEvents(),
    evaluations: INVARIANTS.map(() => 0),
    faults: Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])) as Record<FaultKind, number>,
    failures: [],
  };
}

/** Adds the result of a schedule. */
export function count(tally: Tally, seed: number, result: Result): void {
  tally.schedules++;
  tally.steps += result.steps;
  tally.evicted += result.evicted;
  for (const [i, evaluations] of result.evaluations.entries()) {
    tally.evaluations[i] = (tally.evaluations[i] ?? 0) + evaluations;
  }
  for (const event of ARCHIVE_EVENTS) tally.archives[event] += result.archives[event];
  for (const [kind, times] of result.faults) tally.faults[kind] += times;
  if (result.violation !== undefined) tally.failures.push({ seed, message: inWords(result.violation) });
}

/** Adds the sums of another tally. */
export function add(tally: Tally, other: Tally): void {
  tally.schedules += other.schedules;
  tally.repeated += other.repeated;
  tally.steps += other.steps;
  tally.evicted += other.evicted;
  for (const [i, evaluations] of other.evaluations.entries()) {
    tally.evaluations[i] = (tally.evaluations[i] ?? 0) + evaluations;
  }
  for (const event of ARCHIVE_EVENTS) tally.archives[event] += other.archives[event];
  for (const kind of FAULT_KINDS) tally.faults[kind] += other.faults[kind];
  tally.failures.push(...other.failures);
}

/** The sums as lines for people: one for each invariant, and one for the faults. */
export function inLines(tally: Tally, elapsedMs: number): string[] {
  const rate = (tally.schedules / elapsedMs) * 1_000;
  const seconds = Math.round(elapsedMs / 1_000);
  return [
    `${tally.schedules} schedules in ${seconds} s (${rate.toFixed(1)} a second), ${tally.steps} steps, ` +
    `${tally.repeated} of them run twice, ${tally.failures.length} failed`,
    `  ${tally.evicted} messages were in an archive alone at the end`,
    `  archives: ${ARCHIVE_EVENTS.map((event) => `${event} ${tally.archives[event]}`).join(", ")}`,
    ...INVARIANTS.map((name, i) => `  invariant ${i + 1} (${name}): evaluated ${tally.evaluations[i]} times`),
    `  faults: ${FAULT_KINDS.map((kind) => `${kind} ${tally.faults[kind]}`).join(", ")}`,
  ];
}
