/**
 * A history in memory whose reads end on demand.
 *
 * @module
 */

import type { EncodedEntry } from "../../server/core/encoded_entry.ts";
import type { Entry } from "../../server/core/entry.ts";
import { advance, type Reached, type Version } from "../../server/core/version.ts";
import type { EntryHistory, HistoryCursor, LogPlace } from "../../server/ports/history.ts";
import { encoded } from "./encoded_entries.ts";

/** Most entries of one read. */
const READ_ENTRIES = 256;

/** A history whose reads the test can hold back. */
export class MemoryHistory implements EntryHistory {
  readonly entries: Entry[] = [];
  /** True if reads wait for `finishReading`, as those of a file do. */
  isSlow = false;
  /** Error of every read, if there is one. */
  failure: Error | undefined;
  cursorsOpen = 0;
  /** Number of the latest entries of an origin that are remembered. */
  reachedKept = Infinity;
  /** Number of entries read so far. */
  entriesRead = 0;
  readonly #readings: (() => void)[] = [];
  readonly #version = new Map<string, Reached>();

  /** @param spacing number of entries between two known places */
  constructor(readonly spacing = 4) {}

  get end(): LogPlace {
    return { position: this.entries.length, version: this.#version };
  }

  /** Adds durable entries. */
  append(...entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.entries.push(entry);
      advance(this.#version, entry);
    }
  }

  /** The place after the first `position` entries. */
  placeAt(position: number): LogPlace {
    const version = new Map<string, Reached>();
    for (const entry of this.entries.slice(0, position)) advance(version, entry);
    return { position, version };
  }

  latestPlace(fits: (version: Version) => boolean): LogPlace {
    let position = this.entries.length;
    for (;;) {
      const place = this.placeAt(position);
      if (position === 0 || fits(place.version)) return place;
      position -= position % this.spacing || this.spacing;
    }
  }

  reachedAt(origin: string, seq: number): Reached | undefined {
    const version = new Map<string, Reached>();
    if (seq <= (this.#version.get(origin)?.seq ?? 0) - this.reachedKept) return undefined;
    for (const entry of this.entries) {
      advance(version, entry);
      if (entry.origin === origin && entry.seq === seq) return version.get(origin);
    }
    return undefined;
  }

  cursor(place: LogPlace): HistoryCursor {
    return new MemoryCursor(this, place);
  }

  /** Reads at once, or in `finishReading`. */
  reading(read: () => void): void {
    if (this.isSlow) this.#readings.push(read);
    else read();
  }

  /** Ends the pending reads. */
  finishReading(): void {
    for (const read of this.#readings.splice(0)) read();
  }
}

class MemoryCursor implements HistoryCursor {
  place: LogPlace;
  #isBusy = false;
  #isClosed = false;
  readonly #history: MemoryHistory;

  constructor(history: MemoryHistory, { position, version }: LogPlace) {
    this.#history = history;
    this.place = { position, version: new Map(version) };
    history.cursorsOpen++;
  }

  next(position: number, done: (entries: readonly EncodedEntry[] | Error) => void): void {
    if (this.#isBusy || this.#isClosed) {
      throw new Error("a cursor that is open hands out one thing at a time");
    }
    this.#isBusy = true;
    this.#history.reading(() => {
      if (this.#isClosed) return;
      this.#isBusy = false;
      done(this.#history.failure ?? this.#read(position));
    });
  }

  #read(position: number): readonly EncodedEntry[] {
    const from = this.place.position;
    const entries = this.#history.entries.slice(from, Math.min(position, from + READ_ENTRIES));
    this.place = this.#history.placeAt(from + entries.length);
    this.#history.entriesRead += entries.length;
    return encoded(entries);
  }

  skipTo(place: LogPlace): void {
    if (place.position < this.place.position) throw new Error("a cursor does not go back");
    if (this.#isBusy) throw new Error("a cursor that reads cannot skip");
    this.place = { position: place.position, version: new Map(place.version) };
  }

  close(): void {
    if (this.#isClosed) throw new Error("a cursor is closed once");
    this.#isClosed = true;
    this.#history.cursorsOpen--;
  }
}
