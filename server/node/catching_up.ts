/**
 * Who asks for something that is not known here, while it may be on its way from another node, waits a moment.
 *
 * @module
 */

import type { Replication } from "../ports/node.ts";

/** How long is waited at most, ms: clients of the original dialect give up after 5 s. */
const WAIT_MS = 2_000;

interface Waiting {
  readonly untilMs: number;
  readonly then: () => void;
}

/** See the module. */
export class CatchingUp {
  #waiting: Waiting[] = [];

  /** Calls back once this node has what others had, or after a while. */
  wait(nowMs: number, then: () => void): void {
    this.#waiting.push({ untilMs: nowMs + WAIT_MS, then });
  }

  /** Time has passed, or something has come. */
  look(replication: Pick<Replication, "isBehind">, nowMs: number): void {
    if (this.#waiting.length === 0) return;
    const { isBehind } = replication;
    const isOver = ({ untilMs }: Waiting): boolean => !isBehind || untilMs <= nowMs;
    const over = this.#waiting.filter(isOver);
    this.#waiting = this.#waiting.filter((each) => !isOver(each));
    for (const { then } of over) then();
  }
}
