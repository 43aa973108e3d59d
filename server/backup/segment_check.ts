/**
 * Verifies copies of segments: every line, and that they follow one another.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { chainBehind } from "../core/version.ts";
import { NO_CRC } from "../log/log_line.ts";
import { isEntry } from "../log/log_record.ts";
import { type LogScan, scanSlices } from "../log/log_scan.ts";
import type { LogSlices } from "../log/log_slices.ts";
import { segmentPath } from "../log/segments.ts";
import type { FileReads } from "../ports/files.ts";
import type { SegmentBeginning } from "../ports/history.ts";
import type { StoredFile } from "./backup_log.ts";
import { type LastPlace, lastPlaces, type StoredSegment } from "./manifest.ts";

/** Bytes that are hashed at once. */
const CHUNK_BYTES = 1_048_576;

/** The findings in one segment. */
interface SegmentFindings
  extends Pick<LogScan, "end" | "entries" | "damage">, Required<Pick<StoredSegment, "reached" | "chains">> {
  /** Chains of the entries that were asked for, as far as they are in this segment; by origin. */
  readonly passed: ReadonlyMap<string, number | undefined>;
}

/** The part of a log that is checked. */
interface CheckedPart {
  /** The segments before it. */
  readonly before: readonly StoredSegment[];
  /** True if it is the last one, which may end within a batch. */
  readonly isLast: boolean;
  /** Sequence number of the entry of each origin whose chain is asked for. */
  readonly asked: Readonly<Record<string, number>>;
}

/**
 * Verifies one segment.
 *
 * @throws {LogRefused} if its format is newer than known
 */
export function* checkSegment(
  log: FileReads,
  { before, isLast, asked }: CheckedPart,
): LogSlices<SegmentFindings> {
  const segment = before.length + 1;
  const earlier = lastPlaces(before);
  const last = new Map<string, LastPlace>();
  const passed = new Map<string, number | undefined>();
  const { end, entries, damage } = yield* scanSlices(log, (lines) => {
    for (const { record } of lines) {
      if (!isEntry(record)) continue;
      const { origin, seq } = record;
      const chain = chainBehind(last.get(origin) ?? earlier.get(origin), record);
      last.set(origin, { seq, chain });
      if (asked[origin] === seq) passed.set(origin, chain);
    }
  }, { from: beginningBehind(segment, before.at(-1)), upTo: isLast ? undefined : segment });
  return { end, entries, damage, ...recordsOf(last), passed };
}

function recordsOf(last: ReadonlyMap<string, LastPlace>): Pick<SegmentFindings, "reached" | "chains"> {
  const reached: Record<string, number> = {};
  const chains: Record<string, number> = {};
  for (const [origin, { seq, chain }] of last) {
    reached[origin] = seq;
    if (chain !== undefined) chains[origin] = chain;
  }
  return { reached, chains };
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

/** The problem with a copy whose file is missing or cut; `undefined` if all its bytes are there. */
export function shortProblem(files: FileReads, { file, bytes }: StoredFile): string | undefined {
  const actual = files.size(file);
  if (actual === undefined) return "it is missing";
  return actual < bytes ? `it has ${actual} bytes of ${bytes}` : undefined;
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
