/**
 * The archive: what the log says of messages, in a database that can be searched (`docs/storage.md`).
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { Entry } from "../core/entry.ts";
import { BLOCK_MESSAGES } from "../core/search/term_block.ts";
import type { Slices } from "../core/slices.ts";
import type { ArchivePage, ArchiveQuery } from "../core/messages/archived.ts";
import type { LogPlace } from "../ports/history.ts";
import { allIds } from "./all_ids.ts";
import { ArchivePages } from "./archive_pages.ts";
import { ArchiveSearch } from "./archive_search.ts";
import { callingSqlite } from "./archive_unusable.ts";
import { ArchiveWriter } from "./archive_writer.ts";
import { type Mode, openDatabase, PAGE_BYTES, prepareDatabase } from "./connection.ts";
import { PageGaps } from "./page_gaps.ts";
import { readPlace } from "./place_table.ts";

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

  /**
   * Folds entries, in the order of the log, and moves the place, all in one transaction. An error undoes all of it.
   * Entries that were folded before are skipped.
   *
   * @param position number of entries of the log up to the last of these
   * @throws ArchiveUnusable if the archive is damaged
   */
  fold(entries: readonly Entry[], position: number): void {
    callingSqlite(() => this.#writing.fold(entries, position));
  }

  /**
   * Erases a slice of what was deleted: some milliseconds of work, in one transaction. Once all is erased, the
   * write-ahead log is emptied, and unused parts of pages are wiped.
   *
   * @param wallMs wall clock of this node, milliseconds since the Unix epoch
   * @returns true if there is more to do: work, pages, or a write-ahead log that a reader is using
   * @throws ArchiveUnusable if the archive is damaged
   */
  compact(wallMs: number): boolean {
    return callingSqlite(() => this.#writing.compact(wallMs));
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

  /** The same in slices of about a millisecond, so that others can come between. */
  *slicesOf(query: ArchiveQuery): Slices<ArchivePage> {
    const slices = this.#slicesOf(query);
    while (true) {
      const { done, value } = callingSqlite(() => slices.next());
      if (done) return value;
      yield value;
    }
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
    }
  }

  /** Closes the connection. */
  close(): void {
    this.#db.close();
    this.#gaps?.close();
  }

  get #writing(): ArchiveWriter {
    if (this.#writer === undefined) throw new TypeError("this connection only reads");
    return this.#writer;
  }
}
