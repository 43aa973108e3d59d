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

/** The beginning of a segment of the log, with all that the log before it decides about a start. */
export interface SegmentBeginning extends LogPlace {
  /** Number of the segment. */
  readonly segment: number;
  /** Number of the last batch before it; 0 if there is none. */
  readonly batch: number;
  /** Checksum that its first line follows. */
  readonly crc: string;
  /** Origin of the node's own entries; `undefined` if it cannot be told. */
  readonly origin: string | undefined;
  /** Version of the program that wrote to the log before; `undefined` if no start is recorded. */
  readonly writtenBy: string | undefined;
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
