/**
 * Entries that are durable, for reading them again while the node runs.
 *
 * @module
 */

import type { EncodedEntry } from "../core/encoded_entry.ts";
import type { Reached, Version } from "../core/version.ts";

/** A place between two entries of the log. */
export interface LogPlace {
  /** Number of entries of the log before it. */
  readonly position: number;
  /** The last entry of every origin before it. */
  readonly version: Version;
}

/** The durable part of the log, for reading it again while the node runs. */
export interface EntryHistory {
  /** The end of the durable part. Its version is the living one: copy it to keep it. */
  readonly end: LogPlace;
  /**
   * The latest place whose version fits; the beginning of the log always does. Places are known at every
   * segment, and more closely near the end.
   */
  latestPlace(fits: (version: Version) => boolean): LogPlace;
  /** A durable entry by its number; `undefined` if there is none or it is not a recent one. */
  reachedAt(origin: string, seq: number): Reached | undefined;
  /** Reads from a place on. */
  cursor(place: LogPlace): HistoryCursor;
}

/** Reads entries in the order of the log. */
export interface HistoryCursor {
  /** Its place. */
  readonly place: LogPlace;
  /**
   * Hands out the next entries, at most some hundreds and never behind `position`; none at the end.
   * `done` may be called before this returns. One call at a time.
   */
  next(position: number, done: (entries: readonly EncodedEntry[] | Error) => void): void;
  /** Goes on at a later place. */
  skipTo(place: LogPlace): void;
  /** Lets its file go; a call of `next` that is under way is not answered any more. */
  close(): void;
}
