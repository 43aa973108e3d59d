/**
 * The archive: what the log says of messages, in a database that can be searched (`docs/storage.md`).
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { Entry } from "../core/entry.ts";
import { BLOCK_MESSAGES } from "../core/search/term_block.ts";
import type { Slices } from "../core/slices.ts";
import type { State } from "../core/state.ts";
import type { ArchivePage, ArchiveQuery } from "../core/messages/archived.ts";
import type { LogPlace, SegmentBeginning } from "../ports/history.ts";
import { checkArchive } from "./archive_check.ts";
import { allIds } from "./all_ids.ts";
import { ArchivePages } from "./archive_pages.ts";
import { ArchiveSearch } from "./archive_search.ts";
import { callingSqlite } from "./archive_unusable.ts";
import { ArchiveWriter } from "./archive_writer.ts";
import { type Mode, openDatabase, PAGE_BYTES, prepareDatabase } from "./connection.ts";
import { PageGaps } from "./page_gaps.ts";
import { readCounters, readPlace } from "./place_table.ts";
import { storedSize } from "./stored_size.ts";
import { readBeginnings } from "./segment_table.ts";
import { ResidentLoad } from "./resident_load.ts";
import { type ResidentBatches, residentRows } from "./resident_rows.ts";

/**
 * One connection to an archive. One process has at most one that writes; connections that read may be in other
 * threads. Every call is synchronous.
 */
export class ArchiveDatabase {
  readonly #db: DatabaseSync;
  readonly #search: ArchiveSearch;
  readonly #pages: ArchivePages;
  readonly #writer: ArchiveWriter | undefined;
  readonly #gaps: PageGaps | undefined;

  private constructor(db: DatabaseSync, mode: Mode, gaps?: PageGaps, blockMessages = BLOCK_MESSAGES) {
    this.#db = db;
    this.#gaps = gaps;
    this.#search = new ArchiveSearch(db);
    this.#pages = new ArchivePages(db);
    this.#writer = mode === "write" ? new ArchiveWriter(db, blockMessages, gaps) : undefined;
  }

  /**
   * Opens the archive in this file. To write, one that is missing is made.
   *
   * @throws ArchiveUnusable if it is damaged or of another format; to read, also if it is not made yet
   */
  static open(path: string, mode: Mode): ArchiveDatabase {
    const db = openDatabase(path, mode);
    const gaps = mode === "write" ? new PageGaps(path, PAGE_BYTES) : undefined;
    try {
      return callingSqlite(() => new ArchiveDatabase(db, mode, gaps));
    } catch (error) {
      db.close();
      gaps?.close();
      throw error;
    }
  }

  /**
   * An archive in a database of its own that is open already, as one in memory.
   *
   * @param blockMessages messages that fill a block of the index
   */
  static in(db: DatabaseSync, blockMessages = BLOCK_MESSAGES): ArchiveDatabase {
    prepareDatabase(db, "write");
    return new ArchiveDatabase(db, "write", undefined, blockMessages);
  }

  /** The place in the log up to which it has folded. Its version is the living one: copy it to keep it. */
  get place(): LogPlace {
    return this.#writer?.place ?? callingSqlite(() => readPlace(this.#db));
  }

  /** Number of messages that are not deleted; those of a deleted account count until they are erased. */
  get messages(): number {
    return this.#writer?.messages ?? callingSqlite(() => readCounters(this.#db).messages);
  }

  /**
   * Folds entries, in the order of the log, and moves the place: a part of a transaction, or all of it. An error undoes
   * the whole transaction. Entries that were folded before are skipped.
   *
   * @param position number of entries of the log up to the last of these
   * @param beginnings beginnings of segments up to there that were not noted before
   * @param goesOn true if the transaction stays open for the next call; others see nothing of it until it ends
   * @throws ArchiveUnusable if the archive is damaged
   */
  fold(
    entries: readonly Entry[],
    position: number,
    beginnings: readonly SegmentBeginning[] = [],
    goesOn = false,
  ): void {
    callingSqlite(() => this.#writing.fold(entries, position, beginnings, goesOn));
  }

  /**
   * Undoes the open transaction, and gives its memory back: the place is that of before.
   *
   * @throws ArchiveUnusable if the archive is damaged
   */
  rollBack(): void {
    callingSqlite(() => this.#writing.rollBack());
  }

  /** The beginning of the last segment up to this one that it has noted; `undefined` if there is none. */
  beginningBefore(segment: number): SegmentBeginning | undefined {
    return callingSqlite(() => this.#writing.beginningBefore(segment));
  }

  /** The beginnings of all segments that it has noted, in order. */
  beginnings(): SegmentBeginning[] {
    return callingSqlite(() => readBeginnings(this.#db));
  }

  /**
   * Erases a slice of what was deleted: some milliseconds of work, in one transaction. Once all is erased, the
   * write-ahead log is emptied, and unused parts of pages are wiped.
   *
   * @param wallMs wall clock of this node, milliseconds since the Unix epoch
   * @param erased number of entries of whose deletions nothing is left in the log
   * @param tokenExpiry stamp before which a token was last used that has expired: its revocation may be forgotten
   * @returns true if there is more to do: work, pages, or a write-ahead log that a reader is using
   * @throws ArchiveUnusable if the archive is damaged
   */
  compact(wallMs: number, erased = 0, tokenExpiry = 0): boolean {
    return callingSqlite(() => this.#writing.compact(wallMs, erased, tokenExpiry));
  }

  /**
   * Answers a query. Each term of a search begins a term of the messages (`core/search/terms.ts`).
   *
   * @throws ArchiveUnusable if the archive is damaged
   * @throws RangeError if a limit is not within 1 and the most that a query of its kind may ask for
   */
  answer(query: ArchiveQuery): ArchivePage {
    const slices = this.slicesOf(query);
    while (true) {
      const { done, value } = slices.next();
      if (done) return value;
    }
  }

  /** True if any message has this id. */
  hasId(id: string): boolean {
    return callingSqlite(() => this.#pages.hasId(id));
  }

  /** The same in slices of about a millisecond, so that others can come between. */
  *slicesOf(query: ArchiveQuery): Slices<ArchivePage> {
    return yield* slicesCallingSqlite(this.#slicesOf(query));
  }

  /**
   * Loads the part that a node has in memory, in slices of some milliseconds. Nobody may write meanwhile.
   *
   * @param state an empty one, which is filled; useless after an error
   * @param wallMs wall clock of this node, milliseconds since the Unix epoch
   * @throws ArchiveUnusable if the archive is damaged
   */
  *loadResident(state: State, wallMs: number): Slices<void> {
    const load = new ResidentLoad(state);
    for (const batch of this.residentRows(wallMs)) yield load.take(batch);
  }

  /**
   * Reads the rows of that part, for a load in another thread.
   *
   * @throws ArchiveUnusable if the archive is damaged
   */
  *residentRows(wallMs: number): ResidentBatches {
    yield* slicesCallingSqlite(residentRows(this.#db, wallMs));
  }

  /**
   * Checks that everything is found by everything that leads to it, in slices of some milliseconds, each in a transaction
   * of its own. Others may write meanwhile. The slices say how many rows were read.
   *
   * @returns number of messages
   * @throws ArchiveUnusable if the archive is damaged
   */
  *check(): Slices<number> {
    return yield* slicesCallingSqlite(checkArchive(this.#db));
  }

  #slicesOf(query: ArchiveQuery): Slices<ArchivePage> {
    switch (query.type) {
      case "search":
        return this.#search.slices(query);
      case "page":
        return this.#pages.page(query);
      case "ids":
        return this.#pages.withIds(query);
      case "knownIds":
        return allIds(this.#db);
      case "size":
        return storedSize(this.#db, query);
    }
  }

  /** Closes the connection; an open transaction is undone. */
  close(): void {
    this.#db.close();
    this.#gaps?.close();
  }

  get #writing(): ArchiveWriter {
    if (this.#writer === undefined) throw new TypeError("this connection only reads");
    return this.#writer;
  }
}

function* slicesCallingSqlite<Slice, Result>(
  slices: Generator<Slice, Result>,
): Generator<Slice, Result> {
  while (true) {
    const { done, value } = callingSqlite(() => slices.next());
    if (done) return value;
    yield value;
  }
}
