/**
 * A rate with a burst.
 *
 * @module
 */

/** Permits that come back with time. */
export class Rate {
  readonly #perSecond: number;
  readonly #burst: number;
  #left: number;
  #refilledMs: number;

  /** @param burst permits at the start, and most of them at any time */
  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#left = burst;
    this.#refilledMs = nowMs;
  }

  /** Takes a permit; returns false if there is none. */
  take(nowMs: number): boolean {
    const gained = (nowMs - this.#refilledMs) / 1_000 * this.#perSecond;
    this.#left = Math.min(this.#burst, this.#left + gained);
    this.#refilledMs = nowMs;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
