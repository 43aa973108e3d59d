/**
 * The durable part of the log, for reading it again while the node runs.
 *
 * @module
 */

import type { EncodedEntry } from "../core/encoded_entry.ts";
import type { Entry } from "../core/entry.ts";
import { advance, type Reached, type Version } from "../core/version.ts";
import type { FileStore } from "../ports/files.ts";
import type { EntryHistory, HistoryCursor, LogPlace, SegmentBeginning } from "../ports/history.ts";
import { FilePlaces } from "./file_places.ts";
import { lastFitting } from "./last_fitting.ts";
import { LogCursor } from "./log_cursor.ts";
import type { SegmentPlace } from "./log_follower.ts";
import { RecentChains } from "./recent_chains.ts";
import { RecentEntries } from "./recent_entries.ts";
import { beginningOf, type LogEnd } from "./segments.ts";

/** Distance between two known places among the entries in memory. */
const SPACING_ENTRIES = 256;

/** The history of a log, which hears of all that becomes durable in it. */
export class LogHistory implements EntryHistory {
  readonly #version = new Map<string, Reached>();
  readonly #places = new FilePlaces();
  readonly #recent = new RecentEntries();
  readonly #chains = new RecentChains();
  #recentPlaces: LogPlace[] = [];
  readonly #files: FileStore;

  /** @param files the data folder */
  constructor(files: FileStore) {
    this.#files = files;
  }

  get end(): LogPlace {
    return { position: this.#recent.end, version: this.#version };
  }

  latestPlace(fits: (version: Version) => boolean): LogPlace {
    if (fits(this.#version)) return this.#endNow();
    return lastFitting(this.#recentPlaces, ({ version }) => fits(version)) ?? this.#places.latest(fits);
  }

  reachedAt(origin: string, seq: number): Reached | undefined {
    const last = this.#version.get(origin);
    return last?.seq === seq ? last : this.#chains.at(origin, seq);
  }

  cursor(place: LogPlace): HistoryCursor {
    return new LogCursor({ files: this.#files, places: this.#places, recent: this.#recent }, place);
  }

  /** The beginning of the last segment that has no entry behind a position before it. */
  segmentBefore(position: number): SegmentPlace {
    return this.#places.beginningBefore(position);
  }

  /** The next batch of the log begins here, or a segment for it. Everything before is durable. */
  reached(end: LogEnd): void {
    this.#places.reached(end, this.#recent.end, this.#version);
  }

  /** Begins at a segment: what is before it was found in the log by an earlier run. @param beginnings of all segments up to it */
  beginAt(beginnings: readonly SegmentBeginning[]): void {
    for (const beginning of beginnings) {
      this.#places.reached(beginningOf(beginning), beginning.position, beginning.version);
    }
    const { position, version } = beginnings.at(-1) ?? this.end;
    this.#recent.passOver(position);
    for (const [origin, reached] of version) this.#version.set(origin, reached);
  }

  /**
   * An entry was found in the log. It is not kept in memory: a start goes over many times as many entries as
   * there is room for.
   */
  replayed(entry: Entry): void {
    this.#advance(entry);
    this.#recent.passOver();
  }

  /**
   * A batch has become durable.
   *
   * @param entries none if it is a batch of marks
   * @param end end of the batch
   */
  committed(entries: readonly EncodedEntry[], end: LogEnd): void {
    for (const encoded of entries) {
      if (this.#recent.end % SPACING_ENTRIES === 0) this.#recentPlaces.push(this.#endNow());
      this.#advance(encoded.entry);
      this.#recent.push(encoded);
    }
    this.#forgetPlaces();
    this.reached(end);
  }

  /**
   * A sealed segment is about to be replaced by one with the same entries, without deleted content and in lines of
   * other lengths. Entries in memory still have that content, so readers get them from the file.
   */
  replacing(segment: number): void {
    this.#places.forgetOffsets(segment);
    this.#recent.dropBefore(this.#places.beginningOf(segment + 1).position);
    this.#forgetPlaces();
  }

  #forgetPlaces(): void {
    this.#recentPlaces = this.#recentPlaces.filter(({ position }) => position >= this.#recent.first);
  }

  #advance(entry: Entry): void {
    advance(this.#version, entry);
    const { origin, seq, stamp } = entry;
    this.#chains.add({ origin, seq, stamp, chain: this.#version.get(origin)?.chain });
  }

  #endNow(): LogPlace {
    return { position: this.#recent.end, version: new Map(this.#version) };
  }
}
