/**
 * A rate with a burst: everything above it waits, nothing is dropped.
 *
 * @module
 */

/** A bucket that fills with time and may be overdrawn; after that the next use waits. */
export class TokenBucket {
  #level: number;
  #filledMs: number;

  /**
   * @param perSecond amount gained in a second; 0 for no limit
   * @param burst largest amount that it holds
   * @param nowMs monotonic time
   */
  constructor(readonly perSecond: number, readonly burst: number, nowMs: number) {
    this.#level = burst;
    this.#filledMs = nowMs;
  }

  /**
   * Takes an amount, as far as the debt stays within a bound.
   *
   * @returns time to wait before the next use, ms
   */
  take(amount: number, nowMs: number, debtMax = Infinity): number {
    if (this.perSecond === 0) return 0;
    this.#fill(nowMs);
    this.#level = Math.max(this.#level - amount, Math.min(this.#level, -debtMax));
    return this.#level >= 0 ? 0 : (-this.#level / this.perSecond) * 1_000;
  }

  /** True if nothing would be gained by waiting. */
  isFull(nowMs: number): boolean {
    this.#fill(nowMs);
    return this.#level >= this.burst;
  }

  #fill(nowMs: number): void {
    const gained = ((nowMs - this.#filledMs) / 1_000) * this.perSecond;
    this.#level = Math.min(this.burst, this.#level + gained);
    this.#filledMs = nowMs;
  }
}
