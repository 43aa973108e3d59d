/**
 * Transactions of many parts, while much more is missing.
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";
import { FAR_BEHIND } from "./next_entries.ts";

/**
 * Bounds of a transaction of many parts: entries, UTF-16 units of contents, and time. What is on its way is lost if the
 * process dies, and is folded again. In so many entries nearly every page of the indexes changes, so that twice as many
 * would save little.
 */
const LONGEST = { entries: 524_288, length: 33_554_432, ms: 30_000 };

/** Decides when a transaction ends. */
export class LongTransaction {
  #entries = 0;
  #length = 0;
  #sinceMs: number | undefined;

  /** True while a transaction waits for its next part. */
  get isOpen(): boolean {
    return this.#sinceMs !== undefined;
  }

  /**
   * A part is about to be folded; returns true if the transaction stays open behind it.
   *
   * @param part its entries
   * @param atOnce number of entries that are folded behind it without a rest
   * @param nowMs monotonic time, ms
   */
  goesOn(part: readonly Entry[], atOnce: number, nowMs: number): boolean {
    this.#sinceMs ??= nowMs;
    this.#entries += part.length;
    for (const entry of part) if (entry.type === "messageSent") this.#length += entry.content.length;
    const isLong = this.#entries >= LONGEST.entries || this.#length >= LONGEST.length ||
      nowMs - this.#sinceMs >= LONGEST.ms;
    if (atOnce >= FAR_BEHIND && !isLong) return true;
    this.end();
    return false;
  }

  /** It has ended. */
  end(): void {
    this.#entries = this.#length = 0;
    this.#sinceMs = undefined;
  }
}
