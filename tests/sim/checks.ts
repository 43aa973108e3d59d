/**
 * The invariants: their names, the number of evaluations of each, and the first violation.
 *
 * @module
 */

import { type ArchiveCounts, noArchiveEvents } from "./archive_events.ts";

/** The invariants, in the order of their numbers; `docs/reliability.md` defines them. */
export const INVARIANTS = [
  "acknowledged is kept",
  "shown is synced",
  "nodes converge",
  "deleted stays deleted",
  "status never decreases",
  "shown once",
  "accounts and names",
  "one entry per place",
  "fold of the disk is the memory",
  "bounds hold and no step throws",
  "a node that cannot prove its state exits",
  "answers stand behind their questions",
  "wrong clocks are noticed",
  "traces are erased",
  "whoever is disabled is kept out",
  "who watches knows the people",
  "whoever is blocked is kept out",
  "who registers is invited",
] as const;

/** Number of an invariant, from 1 on. */
export type InvariantNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18;

/** A violated invariant. */
export interface Violation {
  readonly invariant: InvariantNumber;
  readonly message: string;
}

/**
 * Evaluates invariants and keeps the first violation. It throws nothing: the product is on the stack and
 * might catch it.
 */
export class Checks {
  /** Evaluations of each invariant; the first stands at index 0. */
  readonly evaluations = new Array<number>(INVARIANTS.length).fill(0);
  /** True while nothing is evaluated: few invariants hold where two copies of one data folder are in use. */
  isOff = false;
  /** Steps that the servers have made. */
  steps = 0;
  /** Messages that were not in the memory of their server at the end. */
  evicted = 0;
  /** What has happened to the archives. */
  readonly archives: ArchiveCounts = noArchiveEvents();
  #violation: Violation | undefined;

  /** The first violation; `undefined` if there is none. */
  get violation(): Violation | undefined {
    return this.#violation;
  }

  /** Evaluates an invariant; records a violation if `holds` is false. */
  check(invariant: InvariantNumber, holds: boolean, message: () => string): void {
    if (this.isOff) return;
    this.evaluations[invariant - 1] = (this.evaluations[invariant - 1] ?? 0) + 1;
    if (!holds) this.#violation ??= { invariant, message: message() };
  }
}

/** A violation as a line for people. */
export function inWords({ invariant, message }: Violation): string {
  return `invariant ${invariant} (${INVARIANTS[invariant - 1]}): ${message}`;
}
