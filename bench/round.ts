/**
 * A stretch of time in which pairs send as fast as they are answered.
 *
 * @module
 */

import { Samples } from "./samples.ts";

/** Figures that the pairs of a round collect together. */
export class Round {
  /** Times from SEND_MSG to SENT, at the sender, ms. */
  readonly answered = new Samples();
  /** Times from SEND_MSG to MESSAGE, at the recipient, ms. */
  readonly delivered = new Samples();
  /** Number of SENT before the end of the round; later ones answer messages that were under way then. */
  answeredInTime = 0;
  /** Number of SENT with another count of copies than the first one of their pair. */
  otherCopies = 0;
  readonly startMs = performance.now();
  readonly endMs: number;
  /** Resolves once every message is answered, delivered and confirmed. */
  readonly drained: Promise<void>;
  readonly #drained = Promise.withResolvers<void>();
  #pairsLeft: number;

  /** @param messagesMax messages of each pair after which the round ends before its time */
  constructor(pairs: number, durationMs: number, readonly messagesMax = Infinity) {
    this.#pairsLeft = pairs;
    this.endMs = this.startMs + durationMs;
    this.drained = this.#drained.promise;
  }

  /** Called by a pair that has nothing under way any more. */
  pairDone(): void {
    if (--this.#pairsLeft === 0) this.#drained.resolve();
  }
}
