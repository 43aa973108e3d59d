/**
 * Content of a line of the log: an entry, or a mark, which is about the log itself
 * (`proto/log_format.md`, sections 2 and 3).
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";

/** The format that is written here, and the newest that can be read. */
export const LOG_FORMAT = 1;

/** First line of every segment. */
export interface SegmentOpened {
  readonly type: "segmentOpened";
  readonly format: number;
  /** Name of the node that the data folder belongs to. */
  readonly node: string;
  /** Number of the segment, as in its file name. */
  readonly segment: number;
  /** In a compacted segment: the checksum of its last line before, which the next segment still follows. */
  readonly sealedCrc?: string;
}

/** A node began to serve from this log, and its entries from here on are of this origin. */
interface NodeStarted {
  readonly type: "nodeStarted";
  readonly origin: string;
  /** Version of the program. */
  readonly version: string;
  /** Milliseconds since the Unix epoch. */
  readonly timeMs: number;
}

/** Nothing was written for a second: a later batch, so that damage to the one before is known as such. */
interface Idle {
  readonly type: "idle";
}

/** The node was shut down in order. */
interface NodeStopped {
  readonly type: "nodeStopped";
  readonly timeMs: number;
}

/** A repair changed the log from here on, or a backup was restored: the origin before it is not used again. */
export interface Repaired {
  readonly type: "repaired";
  readonly timeMs: number;
  /** Time of the restored backup, milliseconds since the Unix epoch; only a restore has it. */
  readonly backupMs?: number;
  /** The new origins, if it has moved branches of forks. */
  readonly moving?: readonly string[];
}

/** A line about the log itself. It has no `seq`, which every entry has. */
export type Mark = SegmentOpened | NodeStarted | Idle | NodeStopped | Repaired;

/** Content of a line. */
export type LogRecord = Entry | Mark;

const encoder = new TextEncoder();

/** JSON of a mark as UTF-8. */
export function encodeMark(mark: Mark): Uint8Array {
  return encoder.encode(JSON.stringify(mark));
}

/** True for entries, also of unknown types; false for marks. */
export function isEntry(record: LogRecord): record is Entry {
  return "seq" in record;
}
