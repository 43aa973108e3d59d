/**
 * The eleven invariants: their names, how often each was really evaluated, and the first that did not hold.
 *
 * @module
 */

/** The invariants in their order; `docs/reliability.md` says what each promises. */
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
] as const;

/** Number of an invariant, from 1 on. */
export type InvariantNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11;

/** An invariant that did not hold. */
export interface Violation {
  readonly invariant: InvariantNumber;
  readonly message: string;
}

/** See the module. Nothing is thrown: the product, which is on the stack, might catch it. */
export class Checks {
  /** How often each was evaluated; the first stands at 0. */
  readonly evaluations = new Array<number>(INVARIANTS.length).fill(0);
  /** Whether nothing is evaluated: where two copies of one data folder are used, little holds. */
  isOff = false;
  /** How many steps servers have made. */
  steps = 0;
  #violation: Violation | undefined;

  /** The first violation. */
  get violation(): Violation | undefined {
    return this.#violation;
  }

  /** Evaluates an invariant. */
  check(invariant: InvariantNumber, holds: boolean, message: () => string): void {
    if (this.isOff) return;
    this.evaluations[invariant - 1] = (this.evaluations[invariant - 1] ?? 0) + 1;
    if (!holds) this.#violation ??= { invariant, message: message() };
  }
}

/** A violation in words. */
export function inWords({ invariant, message }: Violation): string {
  return `invariant ${invariant} (${INVARIANTS[invariant - 1]}): ${message}`;
}
