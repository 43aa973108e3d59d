/**
 * Reads a whole log, verifies every line of it and tells an unfinished write from damage
 * (`proto/log_format.md`, section 6).
 *
 * @module
 */

import type { FileReads } from "../ports/files.ts";
import type { SegmentBeginning } from "../ports/history.ts";
import { traceOfEarlierRun } from "./earlier_run.ts";
import { type Damage, LogRefused } from "./log_errors.ts";
import { decodeLine, type LogLine } from "./log_line.ts";
import { isEntry, LOG_FORMAT, type Mark, type SegmentOpened } from "./log_record.ts";
import { type FileLine, lineSlices } from "./line_reader.ts";
import { atOnce, type LogSlices } from "./log_slices.ts";
import { beginningOf, EMPTY_LOG, listSegments, type LogEnd, nextSegment, segmentPath } from "./segments.ts";
import { foreignByte } from "./torn_tail.ts";

/** The findings of a scan. */
export interface LogScan {
  /** End of the last whole batch before any damage. */
  readonly end: LogEnd;
  /** Number of the last segment that exists, 0 where none does. */
  readonly segments: number;
  /** Lines, entries and batches of everything up to `end`. */
  readonly lines: number;
  readonly entries: number;
  readonly batches: number;
  readonly damage: Damage | undefined;
  /** The node that the log belongs to, if a segment says so. */
  readonly node: string | undefined;
  /** The origin of the node's own entries, unless it cannot be told. */
  readonly origin: string | undefined;
  /** Version of the program that wrote to the log last; `undefined` if no start is recorded. */
  readonly version: string | undefined;
}

/** Called for each batch, once all of it is known to be whole, with where it begins. */
export type EachBatch = (lines: readonly LogLine[], begin: LogEnd) => void;

/** The part of a log that is scanned. */
interface ScannedPart {
  /** The node that the log must belong to; any unless given. */
  readonly node?: string | undefined;
  /** Beginning of the first segment; that of the log unless given. Everything before it is taken for whole. */
  readonly from?: SegmentBeginning | undefined;
  /** Number of the last segment, which is not the last of the log; unless given, the log is scanned to its end. */
  readonly upTo?: number | undefined;
}

/**
 * Verifies a log and hands out its batches, in order.
 *
 * @throws {LogRefused} if its format is newer than known, or if it belongs to another node
 */
export function scanLog(files: FileReads, each: EachBatch, part: ScannedPart = {}): LogScan {
  return atOnce(scanSlices(files, each, part));
}

/** The same in slices. */
export function* scanSlices(
  files: FileReads,
  each: EachBatch,
  { node, from, upTo }: ScannedPart = {},
): LogSlices<LogScan> {
  const segments = listSegments(files);
  const last = upTo ?? segments.at(-1) ?? 0;
  const scanner = new LogScanner(each, node, from);
  for (let segment = from?.segment ?? 1; segment <= last; segment++) {
    scanner.beginSegment(segment);
    if (segments.includes(segment)) {
      yield* lineSlices(files, segmentPath(segment), (line) => scanner.line(line));
    }
    scanner.endSegment(segment === last && upTo === undefined);
    if (scanner.isProven) break;
  }
  const scan = scanner.result(last);
  if (upTo !== undefined) return scan;
  return scan.damage?.proof === undefined ? { ...scan, damage: judged(files, scan) } : scan;
}

/** The damage of a log whose lines prove nothing by themselves, with the proof that its files give. */
function judged(files: FileReads, { damage, end, segments }: LogScan): Damage | undefined {
  const next = damageAt(end, "it is missing or empty");
  const beyond = segmentPath(segments + 1);
  if (files.size(beyond) !== undefined) {
    const problem = "it is no file: move it away";
    return { ...next, file: beyond, offset: 0, problem, proof: "a node makes nothing but files there" };
  }
  const isNew = end.batch === 0;
  const trace = isNew ? traceOfEarlierRun(files) : undefined;
  if (trace !== undefined) {
    return { ...(damage ?? next), proof: `there is ${trace}, so a node has run from this folder` };
  }
  if (damage === undefined) return undefined;
  // The first batch of a log comes to its name whole.
  const tail = { path: damage.file, offset: end.bytes, mayHaveHoles: !isNew };
  const foreign = foreignByte(files, tail);
  return foreign === undefined ? damage : { ...damage, proof: `${foreign}, and a node has not written that` };
}

/** Damage at the end of the part of a log that is whole. */
export function damageAt(end: LogEnd, problem: string, line = 1, offset = end.bytes): Damage {
  const file = segmentPath(end.segment);
  return { file, line, offset, problem, batch: end.batch + 1, proof: undefined };
}

class LogScanner {
  #end = EMPTY_LOG;
  #lines = 0;
  #entries = 0;
  #batches = 0;
  #damage: Damage | undefined;
  #node: string | undefined;
  #origin: string | undefined;
  #version: string | undefined;
  /** The batch that is being read: its lines so far, how many are to come, and the last one's checksum. */
  #batch: LogLine[] = [];
  #left = 0;
  #crc = EMPTY_LOG.crc;
  /** Lines of this segment so far, and where the next one begins. */
  #number = 0;
  #offset = 0;
  readonly #each: EachBatch;
  readonly #nodeExpected: string | undefined;

  constructor(each: EachBatch, nodeExpected: string | undefined, from: SegmentBeginning | undefined) {
    this.#each = each;
    this.#nodeExpected = nodeExpected;
    if (from === undefined) return;
    this.#end = beginningOf(from);
    this.#origin = from.origin;
    this.#version = from.writtenBy;
  }

  /** True if there is damage that is proven to be no torn tail: nothing further can change that. */
  get isProven(): boolean {
    return this.#damage?.proof !== undefined;
  }

  result(segments: number): LogScan {
    return {
      end: this.#end,
      segments,
      lines: this.#lines,
      entries: this.#entries,
      batches: this.#batches,
      damage: this.#damage,
      node: this.#node,
      origin: this.#origin,
      version: this.#version,
    };
  }

  beginSegment(segment: number): void {
    if (this.#damage !== undefined) return;
    // The first one begins where the scan does.
    if (segment !== this.#end.segment) this.#end = nextSegment(this.#end, segment);
    this.#crc = this.#end.crc;
    this.#number = 0;
    this.#offset = 0;
  }

  endSegment(isLast: boolean): void {
    if (this.#damage === undefined) {
      if (this.#left > 0) {
        this.#fail(`the file ends, but ${this.#left} more lines of batch ${this.#expected} belong here`);
      } else if (this.#number === 0 && !isLast) this.#fail("the segment is missing or empty");
    }
    if (!isLast) this.#prove("a later segment exists, and it was not begun before this one was on the disk");
  }

  /** Takes one line; returns true if more are wanted. */
  line(line: FileLine): boolean {
    const decoded = line.problem ?? decodeLine(line.bytes, line.text);
    if (this.#damage !== undefined) return this.#search(line, decoded);
    const problem = typeof decoded === "string" ? decoded : this.#misfit(decoded);
    if (problem !== undefined) {
      this.#fail(problem);
      this.#search(line, decoded);
      if (typeof decoded !== "string") this.#prove("its checksum fits, and nothing before it is unreadable");
      return !this.isProven;
    }
    this.#number = line.number;
    this.#offset = line.offset + line.length;
    this.#take(decoded as LogLine);
    return true;
  }

  /** The batch that is being read, or else the next. */
  get #expected(): number {
    return this.#end.batch + 1;
  }

  /** The problem with the place of a line that is good in itself. */
  #misfit(line: LogLine): string | undefined {
    if (this.#number === 0) this.#checkOpening(line);
    if (line.batch !== this.#expected) {
      return `it is of batch ${line.batch}, but batch ${this.#expected} belongs here`;
    }
    if (line.prev !== this.#crc) {
      return `the line before it is missing: it follows ${line.prev}, not ${this.#crc}`;
    }
    if (this.#batch.length > 0 && line.left !== this.#left - 1) {
      return `${line.left} lines of its batch follow it, but it should be ${this.#left - 1}`;
    }
    const opens = line.record.type === "segmentOpened" && !isEntry(line.record);
    if (opens !== (this.#number === 0)) return "a segment must begin with segmentOpened, and only there";
    if (opens && (line.record as SegmentOpened).segment !== this.#end.segment) {
      return `it says that this is segment ${(line.record as SegmentOpened).segment}`;
    }
    return undefined;
  }

  /** @throws {LogRefused} if the segment is not for this program and node */
  #checkOpening({ record }: LogLine): void {
    if (isEntry(record) || record.type !== "segmentOpened") return;
    if (record.format > LOG_FORMAT) {
      throw new LogRefused(
        `The log has format ${record.format}, but this version of the program knows only formats up to ` +
          `${LOG_FORMAT}. Nothing was changed. Start the version that wrote it, or a newer one`,
      );
    }
    if (this.#nodeExpected !== undefined && record.node !== this.#nodeExpected) {
      throw new LogRefused(
        `The data folder belongs to node ${record.node}, but this is node ${this.#nodeExpected}. Nothing was ` +
          "changed. Start it with the data folder of its own, or with an empty one",
      );
    }
    this.#node ??= record.node;
  }

  #take(line: LogLine): void {
    this.#batch.push(line);
    this.#left = line.left;
    this.#crc = line.crc;
    if (line.left > 0) return;
    const begin = this.#end;
    this.#end = { ...this.#end, bytes: this.#offset, batch: line.batch, crc: line.crc };
    this.#batches++;
    this.#lines += this.#batch.length;
    for (const line of this.#batch) {
      if (isEntry(line.record)) this.#entries++;
      else this.#takeMark(line.record);
    }
    this.#each(this.#batch, begin);
    this.#batch = [];
  }

  #takeMark(mark: Mark): void {
    if (mark.type === "segmentOpened") this.#end = { ...this.#end, sealedCrc: mark.sealedCrc };
    if (mark.type === "nodeStarted") {
      this.#origin = mark.origin;
      this.#version = mark.version;
    }
    if (mark.type === "repaired") this.#origin = undefined;
  }

  #fail(problem: string): void {
    this.#damage = damageAt(this.#end, problem, this.#number + 1, this.#offset);
  }

  /** Looks at damage, and behind it, for a line that an unfinished write does not leave; returns true to go on. */
  #search(line: FileLine, decoded: LogLine | string): boolean {
    if (typeof decoded === "string") {
      // A crash takes sectors away, so a line that it has changed has zeros or no line feed.
      if (line.problem === undefined && !line.text.includes("\0")) {
        this.#prove(`line ${line.number} is whole, but not as a node has written it`);
      }
    } else if (decoded.batch > this.#expected) {
      this.#prove(
        `a line of batch ${decoded.batch} follows, which was not written before this was on the disk`,
      );
    } else if (decoded.batch < this.#expected) {
      this.#prove(`a line of batch ${decoded.batch} follows, which was on the disk before this was written`);
    }
    return !this.isProven;
  }

  #prove(proof: string): void {
    if (this.#damage === undefined || this.isProven) return;
    this.#damage = { ...this.#damage, proof };
  }
}
