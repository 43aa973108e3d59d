/**
 * The end of a half: it halts once its branching is found and its peers were told, or could not be found in time.
 *
 * @module
 */

import { HALT_MS, TRACE_MS } from "./replication_limits.ts";

/** The halt of a node whose own origin is forked. */
export class ForkHalt {
  #begunMs: number | undefined;
  #reason: { readonly text: string; readonly atMs: number } | undefined;
  #isOver = false;

  /** True once the fork is known. */
  get isNear(): boolean {
    return this.#begunMs !== undefined;
  }

  /** The fork is known: the node has time to find the branching. */
  begin(nowMs: number): void {
    this.#begunMs = nowMs;
  }

  /** The branching is found; the node halts a moment later, so that the peers get what they need for their own part. */
  found(text: string, nowMs: number): void {
    this.#reason = { text: this.#reason?.text ?? text, atMs: nowMs + HALT_MS };
  }

  /** A peer is told of the branching: it too needs a moment. */
  tells(nowMs: number): void {
    if (this.#reason !== undefined) this.#reason = { ...this.#reason, atMs: nowMs + HALT_MS };
  }

  /**
   * Returns the reason once the node must halt.
   *
   * @param isHeard true if a peer is connected: the node waits for one, as long as it would for the branching
   */
  due(nowMs: number, isHeard: boolean, unfoundText: () => string): string | undefined {
    if (this.#begunMs === undefined || this.#isOver) return undefined;
    const isLate = nowMs - this.#begunMs >= TRACE_MS;
    if (isLate) this.#reason ??= { text: unfoundText(), atMs: nowMs };
    if (this.#reason === undefined || !isLate && (!isHeard || nowMs < this.#reason.atMs)) return undefined;
    this.#isOver = true;
    return this.#reason.text;
  }
}
