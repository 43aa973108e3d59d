/**
 * Transactions of many parts, while much more is missing.
 *
 * @module
 */

import { FAR_BEHIND } from "./next_entries.ts";

/**
 * Bounds of a transaction of many parts. What is on its way is lost if the process dies, and is folded again. In so many
 * entries nearly every page of the indexes changes, so that twice as many would save little.
 */
const LONGEST = { entries: 524_288, ms: 30_000 };

/** Decides when a transaction ends. */
export class LongTransaction {
  #entries = 0;
  #sinceMs: number | undefined;

  /** True while a transaction waits for its next part. */
  get isOpen(): boolean {
    return this.#sinceMs !== undefined;
  }

  /**
   * A part is about to be folded; returns true if the transaction stays open behind it.
   *
   * @param entries number of entries of the part
   * @param missing number of entries that are missing behind it
   * @param nowMs monotonic time, ms
   */
  goesOn(entries: number, missing: number, nowMs: number): boolean {
    this.#sinceMs ??= nowMs;
    this.#entries += entries;
    const isLong = this.#entries >= LONGEST.entries || nowMs - this.#sinceMs >= LONGEST.ms;
    if (missing >= FAR_BEHIND && !isLong) return true;
    this.end();
    return false;
  }

  /** It has ended. */
  end(): void {
    this.#entries = 0;
    this.#sinceMs = undefined;
  }
}
