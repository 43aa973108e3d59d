/**
 * Delays work until entries are on another disk, so that nothing of it can be lost with this node.
 *
 * @module
 */

import type { CopiesNeeded, Replication } from "../ports/node.ts";

/** Calls that wait for another disk, in order. */
export class CopyWaits {
  readonly #waiting: { readonly needed: CopiesNeeded; readonly then: () => void }[] = [];

  /** Calls back once another disk has all of it. */
  wait(needed: CopiesNeeded, then: () => void): void {
    this.#waiting.push({ needed, then });
  }

  /**
   * Makes the calls that are due.
   *
   * @param clusterSize number of configured nodes; one that is alone waits for nobody
   */
  look(replication: Pick<Replication, "copies">, clusterSize: number): void {
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      if (clusterSize > 1 && replication.copies(first.needed) === 0) return;
      this.#waiting.shift();
      first.then();
    }
  }
}
