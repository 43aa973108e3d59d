/**
 * Transactions of many parts, while much more is missing.
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";
import { FAR_BEHIND, LONG_PART } from "./next_entries.ts";

/**
 * Bounds of a transaction of many parts: entries, UTF-16 units of contents, and time. What is on its way is lost if the
 * process dies, and is folded again. In so many entries nearly every page of the indexes changes, so that twice as many
 * would save little.
 */
const LONGEST = { entries: 524_288, length: 33_554_432, ms: 30_000 };

/** Entries of the first transaction: one part. */
const FIRST_ENTRIES = LONG_PART.entries;

/**
 * Commit after which the next transaction is half as long, ms. With its checkpoint it is one step, without a sign of
 * life, and the node gives a writer up that says nothing for 30 s.
 */
const SLOW_COMMIT_MS = 3_000;

/** Decides when a transaction ends. Each may be twice as long as the one before, as long as commits are quick. */
export class LongTransaction {
  /** Most entries of the next one. */
  #most = FIRST_ENTRIES;
  #entries = 0;
  #length = 0;
  #sinceMs: number | undefined;
  #isFull = false;

  /** True while a transaction is open. */
  get isOpen(): boolean {
    return this.#sinceMs !== undefined;
  }

  /** True once it is to be committed. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /**
   * A part is about to be folded; returns true if it is one of a long transaction, whose commit is a step of its own.
   *
   * @param part its entries
   * @param atOnce number of entries that are folded behind it without a rest
   * @param nowMs monotonic time, ms
   */
  goesOn(part: readonly Entry[], atOnce: number, nowMs: number): boolean {
    const isFarBehind = atOnce >= FAR_BEHIND;
    if (!isFarBehind && !this.isOpen) return false;
    this.#sinceMs ??= nowMs;
    this.#entries += part.length;
    for (const entry of part) if (entry.type === "messageSent") this.#length += entry.content.length;
    this.#isFull = !isFarBehind || this.#entries >= this.#most || this.#length >= LONGEST.length ||
      nowMs - this.#sinceMs >= LONGEST.ms;
    return true;
  }

  /** Its commit has taken so many milliseconds. */
  committed(ms: number): void {
    if (ms >= SLOW_COMMIT_MS) this.#most = Math.max(FIRST_ENTRIES, this.#most / 2);
    else if (this.#entries >= this.#most) this.#most = Math.min(LONGEST.entries, this.#most * 2);
    this.end();
  }

  /** It is over. */
  end(): void {
    this.#entries = this.#length = 0;
    this.#sinceMs = undefined;
    this.#isFull = false;
  }
}
