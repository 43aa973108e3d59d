/**
 * The writing half of the archive: folds and erasure, each in transactions.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { Entry } from "../core/entry.ts";
import type { LogPlace } from "../ports/history.ts";
import { inTransaction } from "./connection.ts";
import { Erasure } from "./erasure.ts";
import { ArchiveFold } from "./fold.ts";
import { Numbers } from "./numbers.ts";
import type { PageGaps } from "./page_gaps.ts";
import { PlaceTable } from "./place_table.ts";
import { TermIndex } from "./term_index.ts";

/** Most blocks that a fold makes, so that its transaction is bounded. Those that are left over come with the next. */
const BLOCKS_PER_FOLD = 64;
/** Most blocks that are made in a slice. */
const BLOCKS_PER_SLICE = 4;

/** The connection that writes. */
export class ArchiveWriter {
  readonly #db: DatabaseSync;
  readonly #places: PlaceTable;
  readonly #numbers: Numbers;
  readonly #index: TermIndex;
  readonly #fold: ArchiveFold;
  readonly #erasure: Erasure;
  readonly #gaps: PageGaps | undefined;

  /**
   * @param blockMessages messages that fill a block of the index
   * @param gaps of the file; `undefined` in memory
   */
  constructor(db: DatabaseSync, blockMessages: number, gaps: PageGaps | undefined) {
    this.#db = db;
    this.#gaps = gaps;
    this.#places = new PlaceTable(db);
    this.#numbers = new Numbers(db);
    this.#index = new TermIndex(db, blockMessages);
    this.#fold = new ArchiveFold(db, this.#numbers, this.#places, this.#index);
    this.#erasure = new Erasure(db, this.#index);
  }

  /** The place behind the last entry that was folded. */
  get place(): LogPlace {
    return this.#places.place;
  }

  /** Folds entries and moves the place. */
  fold(entries: readonly Entry[], position: number): void {
    this.#write(() => {
      for (const entry of entries) if (this.#places.advance(entry)) this.#fold.fold(entry);
      this.#index.makeBlocks(BLOCKS_PER_FOLD);
      this.#places.save(position);
    });
  }

  /** Erases a slice; returns true if there is more to do. */
  compact(wallMs: number): boolean {
    let worked = false;
    this.#write(() => worked = this.#erasure.slice(wallMs) || this.#index.makeBlocks(BLOCKS_PER_SLICE));
    // Conversations may be gone, and their numbers are given away again.
    if (worked) this.#numbers.forget();
    return worked || !this.#emptyWriteAheadLog() || this.#wipeGaps();
  }

  /** Wipes the gaps of some pages; returns true if there are more. */
  #wipeGaps(): boolean {
    if (this.#gaps === undefined) return false;
    const isMore = this.#gaps.wipe();
    // Pages in memory have their gaps as they were, and would be written so.
    this.#db.exec("PRAGMA shrink_memory");
    return isMore;
  }

  /** Brings the pages of the write-ahead log into the database and cuts it; false while a reader uses it. */
  #emptyWriteAheadLog(): boolean {
    return this.#db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()?.["busy"] === 0;
  }

  /** Writes in one transaction. After an error, what is in memory is that of before, too. */
  #write(work: () => void): void {
    try {
      inTransaction(this.#db, work);
    } catch (error) {
      this.#numbers.forget();
      this.#index.forget();
      this.#places.load();
      throw error;
    }
  }
}
