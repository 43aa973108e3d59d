/**
 * Part of the log on its way to a peer: read from the log, in its order, without what the peer has already.
 *
 * @module
 */

import { utf8Bytes } from "../../common/wire/bytes.ts";
import type { Entry, Place } from "../core/entry.ts";
import { entryJson } from "../core/entry_json.ts";
import { advance, type Reached } from "../core/version.ts";
import type { EntryHistory, HistoryCursor, LogPlace } from "../ports/history.ts";
import { BATCH_BYTES } from "./replication_limits.ts";

/** Entries that travel together. */
export interface Batch {
  readonly lines: string;
  readonly count: number;
  /** Of the lines, each with the end of its line. */
  readonly bytes: number;
  readonly previous: readonly Place[];
  /** The last entry of each origin among them. */
  readonly last: readonly Entry[];
}

/** What a feed needs. */
export interface FeedOptions {
  readonly history: EntryHistory;
  /** Where to begin. */
  readonly place: LogPlace;
  /** Whether an entry belongs to this feed and the peer lacks it. */
  isWanted(entry: Entry): boolean;
  /** The log cannot be read. */
  onError(error: Error): void;
}

/** See the module. */
export class EntryFeed {
  readonly #options: FeedOptions;
  readonly #cursor: HistoryCursor;
  /** The last entry of every origin that was passed, sent or not. */
  #passed: Map<string, Reached>;
  /** What was read and not taken. */
  #batches: Batch[] = [];
  #isReading = false;
  #isClosed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#cursor = options.history.cursor(options.place);
    this.#passed = new Map(options.place.version);
  }

  /** How many entries of the log lie before it. */
  get position(): number {
    return this.#cursor.place.position;
  }

  /** What was read and goes next. */
  get next(): Batch | undefined {
    return this.#batches[0];
  }

  /** `next` has gone. */
  take(): void {
    this.#batches.shift();
  }

  /** Goes on at a later place; everything before it is with the peer. */
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
   * @returns whether it was at once
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

  #batchesOf(entries: readonly Entry[]): Batch[] {
    const batches: Batch[] = [];
    let batch = new BatchBuilder();
    for (const entry of entries) {
      if (this.#options.isWanted(entry)) {
        const line = entryJson(entry);
        const bytes = utf8Bytes(line) + 1;
        if (batch.count > 0 && batch.bytes + bytes > BATCH_BYTES) {
          batches.push(batch.batch());
          batch = new BatchBuilder();
        }
        batch.add(entry, line, bytes, this.#passed.get(entry.origin));
      }
      advance(this.#passed, entry);
    }
    if (batch.count > 0) batches.push(batch.batch());
    return batches;
  }
}

class BatchBuilder {
  bytes = 0;
  readonly #lines: string[] = [];
  readonly #previous = new Map<string, Place | undefined>();
  readonly #last = new Map<string, Entry>();

  get count(): number {
    return this.#lines.length;
  }

  add(entry: Entry, line: string, bytes: number, previous: Reached | undefined): void {
    const { origin } = entry;
    if (!this.#previous.has(origin)) this.#previous.set(origin, previous && { origin, ...previous });
    this.#last.set(origin, entry);
    this.#lines.push(line);
    this.bytes += bytes;
  }

  batch(): Batch {
    const previous = [...this.#previous.values()].filter((place) => place !== undefined);
    const last = [...this.#last.values()];
    return { lines: this.#lines.join("\n"), count: this.count, bytes: this.bytes, previous, last };
  }
}
