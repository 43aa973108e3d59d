/**
 * The last entries of the log, in memory: a reader near its end reads no file.
 *
 * @module
 */

import type { EncodedEntry } from "../core/encoded_entry.ts";

/** Most entries that are kept: some seconds of a busy node. */
export const RECENT_ENTRIES_MAX = 20_000;

/** Most bytes of JSON that are kept. */
export const RECENT_BYTES_MAX = 8_388_608;

/** The last entries, each found by its position: the number of entries before it in the log. */
export class RecentEntries {
  #first = 0;
  #end = 0;
  #bytes = 0;
  /** A ring: the entry of a position is at its remainder. */
  readonly #kept: (EncodedEntry | undefined)[] = [];

  /** Position of the first entry that is kept; `end` if there is none. */
  get first(): number {
    return this.#first;
  }

  /** Position behind the last. */
  get end(): number {
    return this.#end;
  }

  /** Counts entries without keeping them. There must be none that are kept. */
  passOver(count = 1): void {
    this.#end += count;
    this.#first = this.#end;
  }

  /** Keeps an entry, and drops the first ones until the bounds hold. */
  push(entry: EncodedEntry): void {
    if (this.#end - this.#first === RECENT_ENTRIES_MAX) this.#dropFirst();
    this.#kept[this.#end % RECENT_ENTRIES_MAX] = entry;
    this.#end++;
    this.#bytes += entry.json.length;
    while (this.#bytes > RECENT_BYTES_MAX) this.#dropFirst();
  }

  /** Drops the entries before a position. */
  dropBefore(position: number): void {
    while (this.#first < position) this.#dropFirst();
  }

  /** The entries from one position up to, not including, another; all of them must be kept. */
  slice(from: number, end: number): EncodedEntry[] {
    return Array.from({ length: end - from }, (_, i) => this.#at(from + i));
  }

  #dropFirst(): void {
    this.#bytes -= this.#at(this.#first).json.length;
    this.#kept[this.#first % RECENT_ENTRIES_MAX] = undefined;
    this.#first++;
  }

  #at(position: number): EncodedEntry {
    return this.#kept[position % RECENT_ENTRIES_MAX] as EncodedEntry;
  }
}
