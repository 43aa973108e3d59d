/**
 * The last entries of the log, in memory: whoever is near its end reads no file.
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";

/** How many are kept: some seconds of a busy node. */
export const RECENT_ENTRIES_MAX = 20_000;

/** How long they may be as lines of the log together, bytes. */
export const RECENT_BYTES_MAX = 8_388_608;

interface Kept {
  readonly entry: Entry;
  readonly bytes: number;
}

/** The last entries, each found by its position: how many entries of the log lie before it. */
export class RecentEntries {
  #first = 0;
  #end = 0;
  #bytes = 0;
  /** A ring: the entry of a position is at its remainder. */
  readonly #kept: (Kept | undefined)[] = [];

  /** Position of the first that is kept; `end` where none is. */
  get first(): number {
    return this.#first;
  }

  /** Position behind the last. */
  get end(): number {
    return this.#end;
  }

  /** Counts an entry that is not kept. There must be none that are. */
  passOver(): void {
    this.#first = ++this.#end;
  }

  /**
   * Keeps an entry, and gives up as many of the first ones as the bounds ask for.
   *
   * @param bytes its length in the log
   */
  push(entry: Entry, bytes: number): void {
    if (this.#end - this.#first === RECENT_ENTRIES_MAX) this.#giveUpFirst();
    this.#kept[this.#end % RECENT_ENTRIES_MAX] = { entry, bytes };
    this.#end++;
    this.#bytes += bytes;
    while (this.#bytes > RECENT_BYTES_MAX) this.#giveUpFirst();
  }

  /** The entries from one position up to, not including, another; all of them must be kept. */
  slice(from: number, end: number): Entry[] {
    return Array.from({ length: end - from }, (_, i) => this.#at(from + i).entry);
  }

  #giveUpFirst(): void {
    this.#bytes -= this.#at(this.#first).bytes;
    this.#kept[this.#first % RECENT_ENTRIES_MAX] = undefined;
    this.#first++;
  }

  #at(position: number): Kept {
    return this.#kept[position % RECENT_ENTRIES_MAX] as Kept;
  }
}
