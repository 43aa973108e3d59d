/**
 * Reads part of the log for a peer, in the order of the log, without the entries that the peer has.
 *
 * @module
 */

import type { EncodedEntry } from "../core/encoded_entry.ts";
import type { Entry, Place } from "../core/entry.ts";
import { advance, type ChainedPlace, type Reached } from "../core/version.ts";
import type { EntryHistory, HistoryCursor, LogPlace } from "../ports/history.ts";
import { BATCH_BYTES } from "./replication_limits.ts";

const LINE_FEED = 10;

/** Entries that travel together. */
export interface Batch {
  /** JSON of the entries, with a line feed between two. */
  readonly lines: Uint8Array;
  /** Number of entries. */
  readonly count: number;
  /** Bytes of the lines, each with a line feed. */
  readonly bytes: number;
  /** Of each origin, the entry before its first one here, unless that is its very first. */
  readonly previous: readonly ChainedPlace[];
  /** The last entry of each origin. */
  readonly last: readonly Place[];
}

/** Parts and callbacks of a feed. */
export interface FeedOptions {
  readonly history: EntryHistory;
  /** Place to begin at. */
  readonly place: LogPlace;
  /** True if an entry belongs to this feed and the peer lacks it. */
  isWanted(entry: Entry): boolean;
  /** The log cannot be read. */
  onError(error: Error): void;
}

/** Reads the log from a place on, into batches. */
export class EntryFeed {
  readonly #options: FeedOptions;
  readonly #cursor: HistoryCursor;
  /** The last entry of every origin that was passed, sent or not. */
  #passed: Map<string, Reached>;
  /** Batches that were read and not taken. */
  #batches: Batch[] = [];
  #isReading = false;
  #isClosed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#cursor = options.history.cursor(options.place);
    this.#passed = new Map(options.place.version);
  }

  /** Number of entries before it in the log. */
  get position(): number {
    return this.#cursor.place.position;
  }

  /** The batch that was read and goes next. */
  get next(): Batch | undefined {
    return this.#batches[0];
  }

  /** Drops `next`, which has gone. */
  take(): void {
    this.#batches.shift();
  }

  /** Goes on at a later place; the peer has everything before it. */
  skipTo(place: LogPlace): void {
    if (this.#isReading || place.position <= this.position) return;
    this.#batches = [];
    this.#cursor.skipTo(place);
    this.#passed = new Map(place.version);
  }

  /**
   * Reads on, up to a position of the log.
   *
   * @param done called once something was read, unless that was at once
   * @returns true if it was at once
   */
  read(position: number, done: () => void): boolean {
    if (this.#isReading || this.#isClosed || this.position >= position) return false;
    this.#isReading = true;
    let isAtOnce: boolean | undefined;
    this.#cursor.next(position, (entries) => {
      this.#isReading = false;
      if (entries instanceof Error) return this.#options.onError(entries);
      this.#batches.push(...this.#batchesOf(entries));
      if (isAtOnce === false) done();
      else isAtOnce = entries.length > 0;
    });
    return isAtOnce ??= false;
  }

  /** Lets the log go. */
  close(): void {
    this.#isClosed = true;
    this.#cursor.close();
  }

  #batchesOf(entries: readonly EncodedEntry[]): Batch[] {
    const batches: Batch[] = [];
    let batch = new BatchBuilder();
    for (const { entry, json } of entries) {
      if (this.#options.isWanted(entry)) {
        if (!batch.hasRoom(json)) {
          batches.push(batch.batch());
          batch = new BatchBuilder();
        }
        batch.add(entry, json, this.#passed.get(entry.origin));
      }
      advance(this.#passed, entry);
    }
    if (batch.count > 0) batches.push(batch.batch());
    return batches;
  }
}

class BatchBuilder {
  #bytes = 0;
  readonly #jsons: Uint8Array[] = [];
  readonly #previous = new Map<string, ChainedPlace | undefined>();
  readonly #last = new Map<string, Entry>();

  get count(): number {
    return this.#jsons.length;
  }

  /** True if an entry fits; a longer one than a batch goes alone. */
  hasRoom(json: Uint8Array): boolean {
    return this.count === 0 || this.#bytes + json.length + 1 <= BATCH_BYTES;
  }

  add(entry: Entry, json: Uint8Array, previous: Reached | undefined): void {
    const { origin } = entry;
    if (!this.#previous.has(origin)) this.#previous.set(origin, previous && { origin, ...previous });
    this.#last.set(origin, entry);
    this.#jsons.push(json);
    this.#bytes += json.length + 1;
  }

  batch(): Batch {
    const previous = [...this.#previous.values()].filter((place) => place !== undefined);
    const last = [...this.#last.values()];
    return { lines: this.#joined(), count: this.count, bytes: this.#bytes, previous, last };
  }

  #joined(): Uint8Array {
    const lines = new Uint8Array(this.#bytes - 1);
    let at = 0;
    for (const json of this.#jsons) {
      lines.set(json, at);
      at += json.length;
      if (at < lines.length) lines[at++] = LINE_FEED;
    }
    return lines;
  }
}
