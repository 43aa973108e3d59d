/**
 * Delays look-ups that entries in transit may answer.
 *
 * @module
 */

import type { Replication } from "../ports/node.ts";

/** Longest delay, ms: clients of the original dialect give up after 5 s. */
const WAIT_MS = 2_000;

interface Waiting {
  readonly untilMs: number;
  readonly then: () => void;
}

/** Look-ups that wait until this node has the entries that its peers had. */
export class CatchingUp {
  #waiting: Waiting[] = [];

  /** Calls back once this node has caught up, or after the longest delay. Monotonic time, ms. */
  wait(nowMs: number, then: () => void): void {
    this.#waiting.push({ untilMs: nowMs + WAIT_MS, then });
  }

  /** Makes the calls that are due; called when entries have arrived and about ten times a second. */
  look(replication: Pick<Replication, "isBehind">, nowMs: number): void {
    if (this.#waiting.length === 0) return;
    const { isBehind } = replication;
    const isOver = ({ untilMs }: Waiting): boolean => !isBehind || untilMs <= nowMs;
    const over = this.#waiting.filter(isOver);
    this.#waiting = this.#waiting.filter((each) => !isOver(each));
    for (const { then } of over) then();
  }
}
