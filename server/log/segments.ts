/**
 * The files of the log: segments, numbered from 1 on (`proto/log_format.md`, section 5).
 *
 * @module
 */

import type { FileReads } from "../ports/files.ts";
import type { SegmentBeginning } from "../ports/history.ts";
import { NO_CRC } from "./log_line.ts";

/** Folder of the segments. */
export const LOG_FOLDER = "log";

/** The end of a log, which the next batch has to follow. */
export interface LogEnd {
  /** Number of the last segment; its file may not exist yet. */
  readonly segment: number;
  /** Length of that segment, bytes. */
  readonly bytes: number;
  /** Number of the last batch, 0 where there is none. */
  readonly batch: number;
  /** Checksum of the last line. */
  readonly crc: string;
  /** Checksum that the next segment follows instead of `crc`, if this one was compacted. */
  readonly sealedCrc: string | undefined;
}

/** The end of a log that has nothing in it. */
export const EMPTY_LOG: LogEnd = { segment: 1, bytes: 0, batch: 0, crc: NO_CRC, sealedCrc: undefined };

/** The beginning of the next segment. */
export function nextSegment(end: LogEnd, segment = end.segment + 1): LogEnd {
  return { ...end, segment, bytes: 0, crc: end.sealedCrc ?? end.crc, sealedCrc: undefined };
}

/** The same of a segment that is known from an earlier run. */
export function beginningOf({ segment, batch, crc }: SegmentBeginning): LogEnd {
  return { segment, bytes: 0, batch, crc, sealedCrc: undefined };
}

/** File name of a segment. */
export function segmentName(segment: number): string {
  return `${String(segment).padStart(8, "0")}.jsonl`;
}

/** Path of a segment in the data folder. */
export function segmentPath(segment: number): string {
  return `${LOG_FOLDER}/${segmentName(segment)}`;
}

/** Length of all segments from one on together, bytes. */
export function logBytes(files: FileReads, from = 1): number {
  return listSegments(files).filter((segment) => segment >= from).reduce(
    (sum, segment) => sum + (files.size(segmentPath(segment)) ?? 0),
    0,
  );
}

/** True for the file name of a segment. */
export function isSegment(name: string): boolean {
  return /^\d{8}\.jsonl$/.test(name);
}

/** Numbers of the segments that exist, ascending. */
export function listSegments(files: FileReads): number[] {
  return files.list(LOG_FOLDER).filter(isSegment).map((name) => parseInt(name, 10));
}
