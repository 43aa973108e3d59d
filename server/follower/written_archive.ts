/**
 * The archive, as its writer uses it.
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";
import type { LogPlace, SegmentBeginning } from "../ports/history.ts";

/** The database of the archive, as the writer uses it. Every call may throw. */
export interface WrittenArchive {
  /** The place in the log up to which it has folded everything. */
  readonly place: LogPlace;
  /** Number of messages that are not deleted. */
  readonly messages: number;
  /**
   * Folds the next entries, and moves the place: a part of a transaction, or all of it.
   *
   * @param position number of entries of the log behind them
   * @param beginnings beginnings of segments up to there
   * @param goesOn true if the transaction stays open for the next call
   */
  fold(
    entries: readonly Entry[],
    position: number,
    beginnings: readonly SegmentBeginning[],
    goesOn: boolean,
  ): void;
  /** Undoes the open transaction: the place is that of before. */
  rollBack(): void;
  /** The beginning of the last segment up to this one that it has noted; `undefined` if there is none. */
  beginningBefore(segment: number): SegmentBeginning | undefined;
  /**
   * Removes a part of what is deleted from the files.
   *
   * @param wallMs wall clock, milliseconds since the Unix epoch
   * @param tokenExpiry stamp before which a token was last used that has expired
   * @returns true if there is more
   */
  compact(wallMs: number, erased: number, tokenExpiry: number): boolean;
  /** Undoes the open transaction and closes the database. */
  close(): void;
}
