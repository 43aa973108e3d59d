/**
 * A rate with a burst: what is over it waits, nothing is dropped.
 *
 * @module
 */

/** Fills with time, is emptied by use, and may be overdrawn: then the next use waits. */
export class TokenBucket {
  #level: number;
  #filledMs: number;

  /**
   * @param perSecond what it gains in a second; 0 for no limit
   * @param burst what it holds at most
   * @param nowMs monotonic time
   */
  constructor(readonly perSecond: number, readonly burst: number, nowMs: number) {
    this.#level = burst;
    this.#filledMs = nowMs;
  }

  /**
   * Takes an amount.
   *
   * @returns how long to wait before the next one, ms
   */
  take(amount: number, nowMs: number): number {
    if (this.perSecond === 0) return 0;
    const gained = ((nowMs - this.#filledMs) / 1_000) * this.perSecond;
    this.#level = Math.min(this.burst, this.#level + gained) - amount;
    this.#filledMs = nowMs;
    return this.#level >= 0 ? 0 : (-this.#level / this.perSecond) * 1_000;
  }
}
