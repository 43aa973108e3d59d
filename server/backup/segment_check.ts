/**
 * Verifies copies of segments: every line, and that they follow one another.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { NO_CRC } from "../log/log_line.ts";
import { isEntry } from "../log/log_record.ts";
import { type LogScan, scanSlices } from "../log/log_scan.ts";
import type { LogSlices } from "../log/log_slices.ts";
import { segmentPath } from "../log/segments.ts";
import type { FileReads } from "../ports/files.ts";
import type { SegmentBeginning } from "../ports/history.ts";
import type { StoredSegment } from "./manifest.ts";

/** Bytes that are hashed at once. */
const CHUNK_BYTES = 1_048_576;

/** The findings in one segment. */
interface SegmentFindings extends Pick<LogScan, "end" | "entries" | "damage"> {
  readonly reached: Readonly<Record<string, number>>;
}

/**
 * Verifies one segment.
 *
 * @param before the segment before it; `undefined` for the first one
 * @param isLast true if it is the last one, which may end within a batch
 * @throws {LogRefused} if its format is newer than known
 */
export function* checkSegment(
  log: FileReads,
  segment: number,
  before: StoredSegment | undefined,
  isLast: boolean,
): LogSlices<SegmentFindings> {
  const reached: Record<string, number> = {};
  const { end, entries, damage } = yield* scanSlices(log, (lines) => {
    for (const { record } of lines) if (isEntry(record)) reached[record.origin] = record.seq;
  }, { from: beginningBehind(segment, before), upTo: isLast ? undefined : segment });
  return { end, entries, damage, reached };
}

function beginningBehind(segment: number, before: StoredSegment | undefined): SegmentBeginning {
  return {
    segment,
    batch: before?.batch ?? 0,
    crc: before?.sealedCrc ?? before?.crc ?? NO_CRC,
    position: 0,
    version: new Map(),
    origin: undefined,
    writtenBy: undefined,
  };
}

/** SHA-256 of a segment, hexadecimal. */
export function* hashSegment(log: FileReads, segment: number): LogSlices<string> {
  const hash = createHash("sha256");
  const chunk = new Uint8Array(CHUNK_BYTES);
  const reader = log.reader(segmentPath(segment));
  try {
    for (let got = reader.read(chunk); got > 0; got = reader.read(chunk)) {
      hash.update(chunk.subarray(0, got));
      yield got;
    }
  } finally {
    reader.close();
  }
  return hash.digest("hex");
}
