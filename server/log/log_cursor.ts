/**
 * A place in the log that advances by reading.
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import type { EncodedEntry } from "../core/encoded_entry.ts";
import { advance, type Reached } from "../core/version.ts";
import type { FileStore } from "../ports/files.ts";
import type { HistoryCursor, LogPlace } from "../ports/history.ts";
import { EntryReader } from "./entry_reader.ts";
import type { FilePlaces } from "./file_places.ts";
import type { RecentEntries } from "./recent_entries.ts";

/** Most entries that are handed out at once. */
export const HANDED_ENTRIES_MAX = 256;

/** The sources of entries. */
interface CursorSources {
  readonly files: FileStore;
  readonly places: FilePlaces;
  readonly recent: RecentEntries;
}

/** Reads from memory as far as entries are kept there, and everything else from the files. */
export class LogCursor implements HistoryCursor {
  #position: number;
  #version: Map<string, Reached>;
  /** The file that is being read, while the next entries are not in memory. */
  #reader: EntryReader | undefined;
  #isBusy = false;
  #isClosed = false;
  readonly #sources: CursorSources;

  /** @param place to begin at; copied */
  constructor(sources: CursorSources, { position, version }: LogPlace) {
    this.#sources = sources;
    this.#position = position;
    this.#version = new Map(version);
  }

  /** Its place. The version is the living one: copy it to keep it. */
  get place(): LogPlace {
    return { position: this.#position, version: this.#version };
  }

  next(position: number, done: (entries: readonly EncodedEntry[] | Error) => void): void {
    assert(!this.#isBusy && !this.#isClosed, "a cursor that is open hands out one thing at a time");
    this.#isBusy = true;
    this.#find(position, (outcome) => {
      this.#isBusy = false;
      done(outcome);
    });
  }

  skipTo({ position, version }: LogPlace): void {
    assert(position >= this.#position, `a cursor at ${this.#position} cannot go back to ${position}`);
    this.#position = position;
    this.#version = new Map(version);
  }

  close(): void {
    this.#isClosed = true;
    this.#letFileGo();
  }

  #find(limit: number, done: (entries: readonly EncodedEntry[] | Error) => void): void {
    const { recent } = this.#sources;
    const end = Math.min(limit, recent.end, this.#position + HANDED_ENTRIES_MAX);
    if (end <= this.#position) return done([]);
    if (this.#position >= recent.first) {
      this.#letFileGo();
      return done(this.#passed(recent.slice(this.#position, end)));
    }
    const reader = this.#nearReader();
    const entries = reader.take(this.#position, end - this.#position);
    if (entries.length > 0) return done(this.#passed(entries));
    reader.read((error) => {
      if (this.#isClosed) return;
      if (error === undefined) return this.#find(limit, done);
      this.#letFileGo();
      done(error);
    });
  }

  /** The reader there is, unless a skip has left it so far behind that another one gets there sooner. */
  #nearReader(): EntryReader {
    const { files, places } = this.#sources;
    const place = places.before(this.#position);
    if (this.#reader !== undefined && this.#reader.position >= place.position) return this.#reader;
    this.#letFileGo();
    return this.#reader = new EntryReader(files, places, place);
  }

  #passed(entries: readonly EncodedEntry[]): readonly EncodedEntry[] {
    for (const { entry } of entries) advance(this.#version, entry);
    this.#position += entries.length;
    return entries;
  }

  #letFileGo(): void {
    this.#reader?.close();
    this.#reader = undefined;
  }
}
