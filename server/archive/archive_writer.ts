/**
 * The writing half of the archive: folds and erasure, each in transactions.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Entry } from "../core/entry.ts";
import type { LogPlace, SegmentBeginning } from "../ports/history.ts";
import { AccountTable } from "./account_table.ts";
import { rollBack, writeMuch } from "./connection.ts";
import { Erasure } from "./erasure.ts";
import { ArchiveFold } from "./fold.ts";
import { Numbers } from "./numbers.ts";
import type { PageGaps } from "./page_gaps.ts";
import { PlaceTable } from "./place_table.ts";
import { SegmentTable } from "./segment_table.ts";
import { TermIndex } from "./term_index.ts";

/** Entries of a fold from which on it gets more memory: it changes more pages. */
const LONG_FOLD = 4_096;

/** Accounts for which a fold makes blocks, so that its transaction is bounded. The others come with the next. */
const ACCOUNTS_PER_FOLD = 256;
/** Accounts for which a slice makes blocks. */
const ACCOUNTS_PER_SLICE = 4;

/** The connection that writes. */
export class ArchiveWriter {
  readonly #db: DatabaseSync;
  readonly #places: PlaceTable;
  readonly #segments: SegmentTable;
  readonly #numbers: Numbers;
  readonly #accounts: AccountTable;
  readonly #index: TermIndex;
  readonly #fold: ArchiveFold;
  readonly #erasure: Erasure;
  readonly #gaps: PageGaps | undefined;
  #writesMuch = false;
  /** True while a transaction is open. */
  #isOpen = false;
  /** Notes where in the log the last deletions are, and forgets those that the log has followed. */
  readonly #placeUnerased: StatementSync;
  readonly #forgetErased: StatementSync;

  /**
   * @param blockMessages messages that fill a block of the index
   * @param gaps of the file; `undefined` in memory
   */
  constructor(db: DatabaseSync, blockMessages: number, gaps: PageGaps | undefined) {
    this.#db = db;
    this.#gaps = gaps;
    this.#places = new PlaceTable(db);
    this.#segments = new SegmentTable(db);
    this.#numbers = new Numbers(db);
    this.#accounts = new AccountTable(db, this.#numbers);
    this.#index = new TermIndex(db, blockMessages);
    this.#fold = new ArchiveFold(db, this.#numbers, this.#places, this.#index);
    this.#erasure = new Erasure(db, this.#index, this.#places);
    this.#placeUnerased = db.prepare("UPDATE unerased SET position = ? WHERE position IS NULL");
    this.#forgetErased = db.prepare("DELETE FROM unerased WHERE position <= ?");
  }

  /** The place behind the last entry that was folded. */
  get place(): LogPlace {
    return this.#places.place;
  }

  /** Number of messages that are not deleted; those of a deleted account count until they are erased. */
  get messages(): number {
    return this.#places.messages;
  }

  /** The beginning of the last segment up to this one that is known; `undefined` if none is. */
  beginningBefore(segment: number): SegmentBeginning | undefined {
    return this.#segments.before(segment);
  }

  /**
   * Folds entries, notes the beginnings of segments, and moves the place.
   *
   * @param goesOn true if the transaction stays open for the next call
   */
  fold(
    entries: readonly Entry[],
    position: number,
    beginnings: readonly SegmentBeginning[],
    goesOn: boolean,
  ): void {
    this.#fitMemory(goesOn || this.#isOpen || entries.length >= LONG_FOLD);
    this.#undoing(() => {
      this.#begin();
      for (const beginning of beginnings) this.#segments.add(beginning);
      for (const entry of entries) if (this.#places.advance(entry)) this.#foldOne(entry);
      this.#places.move(position);
      this.#accounts.save(goesOn);
      this.#index.save(ACCOUNTS_PER_FOLD, goesOn);
      if (!goesOn) this.#commit();
    });
  }

  /** Undoes the open transaction: what is in memory is that of before, too. */
  rollBack(): void {
    this.#undo();
    this.#fitMemory(false);
  }

  #begin(): void {
    if (!this.#isOpen) this.#db.exec("BEGIN IMMEDIATE");
    this.#isOpen = true;
  }

  #commit(): void {
    this.#placeUnerased.run(this.place.position);
    this.#places.save();
    this.#db.exec("COMMIT");
    this.#isOpen = false;
  }

  #fitMemory(isLong: boolean): void {
    if (isLong === this.#writesMuch) return;
    this.#writesMuch = isLong;
    writeMuch(this.#db, isLong);
  }

  #foldOne(entry: Entry): void {
    if (entry.type === "accountDeleted") this.#places.noteDeletion(entry.stamp);
    this.#accounts.fold(entry);
    this.#fold.fold(entry);
  }

  /** Erases a slice; returns true if there is more to do. */
  compact(wallMs: number, erased: number, tokenExpiry: number): boolean {
    let worked = false;
    this.#undoing(() => {
      this.#begin();
      this.#forgetErased.run(erased);
      worked = this.#erasure.slice(wallMs, tokenExpiry) || this.#index.save(ACCOUNTS_PER_SLICE);
      this.#commit();
    });
    // Conversations may be gone, and their numbers are given away again.
    if (worked) this.#forget();
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

  #forget(): void {
    this.#numbers.forget();
    this.#accounts.forget();
  }

  /** After an error, the transaction is undone. */
  #undoing(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#undo();
      throw error;
    }
  }

  #undo(): void {
    rollBack(this.#db);
    this.#isOpen = false;
    this.#forget();
    this.#index.forget();
    this.#places.load();
  }
}
