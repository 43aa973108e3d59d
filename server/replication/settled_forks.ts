/**
 * Forks of a node's own origin that are settled: somebody has chosen its branch with `log repair --keep-origin`, and
 * the other one never stops it again.
 *
 * @module
 */

import type { ChainedPlace } from "../core/version.ts";
import type { Branching, SharedEnd } from "./branching.ts";

/** The settled forks of a node. */
export class SettledForks {
  #forks: readonly SharedEnd[] = [];

  /** Adds a fork, with the chain of the first entry of the branch that is given up. */
  add(fork: SharedEnd): void {
    this.#forks = [...this.#forks, fork];
  }

  /** True if a branching leads to a branch that is given up; or may lead there, as long as it is not found. */
  mayHave(branching: Branching): boolean {
    const { end } = branching;
    if (end === undefined) return this.#forks.length > 0;
    return this.#forks.some(({ after, other }) => end.after === after && end.other === other);
  }

  /** True if a place is the first entry of a branch that is given up. */
  begins({ seq, chain }: ChainedPlace): boolean {
    return this.#forks.some(({ after, other }) => seq === after + 1 && chain === other);
  }
}
