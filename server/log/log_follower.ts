/**
 * Follows the files of a log behind the node that writes to them, from another thread.
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import type { Entry } from "../core/entry.ts";
import { advance, type Reached } from "../core/version.ts";
import type { FileStore, SequentialReader } from "../ports/files.ts";
import type { LogPlace, SegmentBeginning } from "../ports/history.ts";
import { LineChain } from "./line_chain.ts";
import { type FileLine, LineReader } from "./line_reader.ts";
import { SegmentDamaged } from "./log_errors.ts";
import type { LogLine } from "./log_line.ts";
import { isEntry, type Mark } from "./log_record.ts";
import { segmentPath } from "./segments.ts";

/** The end of the durable part of a log. */
export interface DurableEnd {
  /** Number of the last segment. */
  readonly segment: number;
  /** Length of the durable part of that segment, bytes. */
  readonly bytes: number;
  /** Number of durable entries. */
  readonly position: number;
}

/** The beginning of a segment. */
export interface SegmentPlace extends LogPlace {
  /** Number of the segment. */
  readonly segment: number;
}

/** What the marks of a log say of its runs. */
type Started = Pick<SegmentBeginning, "origin" | "writtenBy">;

/** A cursor over the files. Its reads block, and never go beyond the durable part. */
export class LogFollower {
  #segment: number;
  #position: number;
  readonly #version: Map<string, Reached>;
  /** The file of the segment, once a byte of it is wanted. */
  #file: SequentialReader | undefined;
  #lines = this.#newLines();
  /** Bytes of the file that were read. */
  #bytes = 0;
  #chain = new LineChain();
  /** Entries of the segment that were read, and entries to pass over because they were read from another file. */
  #read = 0;
  #known = 0;
  /** Entries that were read and not handed out. */
  #entries: Entry[] = [];
  /** The marks so far that decide about a start; `undefined` if those before the first segment are unknown. */
  #started: Started | undefined;
  /** Beginnings that were not taken, and the last segment whose beginning was noted. */
  #beginnings: SegmentBeginning[] = [];
  #noted = 0;
  readonly #files: Pick<FileStore, "reader">;

  /**
   * @param from beginning of the segment to begin with; its version is copied. Without its origin and program, no
   *   beginnings are noted
   */
  constructor(files: Pick<FileStore, "reader">, from: SegmentPlace | SegmentBeginning) {
    this.#files = files;
    this.#segment = from.segment;
    this.#position = from.position;
    this.#version = new Map(from.version);
    if ("origin" in from) this.#started = { origin: from.origin, writtenBy: from.writtenBy };
  }

  /** Hands out the beginnings of segments that it has read since the last call: at most up to its place. */
  takeBeginnings(): readonly SegmentBeginning[] {
    const beginnings = this.#beginnings;
    this.#beginnings = [];
    return beginnings;
  }

  /** Its place, behind the entries that were handed out. The version is the living one: copy it to keep it. */
  get place(): LogPlace {
    return { position: this.#position, version: this.#version };
  }

  /**
   * Hands out the next entries, at most `countMax`; none only at the durable end.
   *
   * @throws {SegmentDamaged} if the log is damaged
   * @throws {Error} of the system
   */
  next(durable: DurableEnd, countMax: number): readonly Entry[] {
    while (this.#entries.length === 0 && this.#readOn(durable));
    const handed = this.#entries.splice(0, countMax);
    for (const entry of handed) advance(this.#version, entry);
    this.#position += handed.length;
    return handed;
  }

  /**
   * A sealed segment was replaced by one with the same entries in lines of other lengths. The old file is let go, so
   * that the content that was erased leaves the disk.
   */
  replaced(segment: number): void {
    if (segment !== this.#segment || this.#file === undefined) return;
    this.#begin(segment);
    this.#known = this.#read;
  }

  /** Lets the file go. */
  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  /** Reads a chunk; returns false at the durable end. */
  #readOn(durable: DurableEnd): boolean {
    assert(this.#segment <= durable.segment, "a log does not lose segments");
    const isLast = this.#segment === durable.segment;
    const { room } = this.#lines;
    // A batch behind the durable part may still be taken back.
    const wanted = isLast ? room.subarray(0, Math.max(0, durable.bytes - this.#bytes)) : room;
    if (wanted.length === 0) return false;
    this.#file ??= this.#files.reader(segmentPath(this.#segment));
    const got = this.#file.read(wanted);
    this.#bytes += got;
    if (got > 0) this.#lines.took(got);
    else if (isLast) throw this.#damaged(this.#bytes, "the file ends too early");
    else this.#nextSegment();
    return true;
  }

  #nextSegment(): void {
    this.#lines.took(0);
    if (this.#known > 0) throw this.#damaged(this.#bytes, `${this.#known} entries are missing`);
    this.#begin(this.#segment + 1);
    this.#read = 0;
  }

  #begin(segment: number): void {
    this.close();
    this.#segment = segment;
    this.#bytes = 0;
    this.#chain = new LineChain();
    this.#lines = this.#newLines();
  }

  #newLines(): LineReader {
    return new LineReader((line) => {
      this.#line(line);
      return true;
    });
  }

  #line(line: FileLine): void {
    const next = this.#chain.next(line);
    if (typeof next === "string") throw this.#damaged(line.offset, next);
    const { record } = next;
    if (line.number === 1) this.#note(next);
    if (!isEntry(record)) this.#takeMark(record);
    else if (this.#known > 0) this.#known--;
    else {
      this.#read++;
      this.#entries.push(record);
    }
  }

  /** Every entry before the first line of a segment was handed out. A segment that was replaced is read twice. */
  #note({ batch, prev: crc }: LogLine): void {
    if (this.#started === undefined || this.#segment <= this.#noted) return;
    this.#noted = this.#segment;
    const place = { position: this.#position, version: new Map(this.#version) };
    this.#beginnings.push({ segment: this.#segment, ...place, batch: batch - 1, crc, ...this.#started });
  }

  #takeMark(mark: Mark): void {
    if (this.#started === undefined) return;
    const { origin, version: writtenBy } = mark.type === "nodeStarted" ? mark : {
      origin: mark.type === "repaired" ? undefined : this.#started.origin,
      version: this.#started.writtenBy,
    };
    this.#started = { origin, writtenBy };
  }

  #damaged(offset: number, problem: string): SegmentDamaged {
    return new SegmentDamaged(segmentPath(this.#segment), offset, problem);
  }
}
