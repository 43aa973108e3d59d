/**
 * Lines of a file, read in chunks: a log is larger than memory.
 *
 * @module
 */

import type { FileReads } from "../ports/files.ts";
import { LINE_BYTES_MAX } from "./log_line.ts";
import { atOnce, type LogSlices } from "./log_slices.ts";

/** Bytes that are read at once; four times as many were no faster. */
const CHUNK_BYTES = 65_536;

const LINE_FEED = 10;

/** Bad bytes become U+FFFD, never a line feed or a digit: the checksum, which is of the bytes, finds them. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A line as it is in the file. */
export interface FileLine {
  /** Without the line feed; good during the call only. */
  readonly bytes: Uint8Array;
  /** The same, decoded. */
  readonly text: string;
  /** Counts the lines of the file from 1 on. */
  readonly number: number;
  /** Its first byte, counted from the beginning of the file. */
  readonly offset: number;
  /** Its length with the line feed, bytes. */
  readonly length: number;
  /** A problem that makes its content irrelevant: it has no line feed, or is too long to be read. */
  readonly problem: string | undefined;
}

/** Called for each line; returns true to go on. */
type EachLine = (line: FileLine) => boolean;

/** Hands the lines of a file to `each`, in order, until it says stop. */
export function readLines(files: FileReads, path: string, each: EachLine): void {
  atOnce(lineSlices(files, path, each));
}

/** The same in slices. */
export function* lineSlices(files: FileReads, path: string, each: EachLine): LogSlices<void> {
  const lines = new LineReader(each, files.size(path));
  const reader = files.reader(path);
  try {
    for (let length = reader.read(lines.room); lines.took(length); length = reader.read(lines.room)) {
      yield length;
    }
  } finally {
    reader.close();
  }
}

/** Cuts chunks into lines; the caller reads each chunk into `room` and calls `took` after it. */
export class LineReader {
  #buffer: Uint8Array;
  /** Bytes of the buffer that are filled, and where in the file the buffer begins. */
  #filled = 0;
  #offset = 0;
  #number = 1;
  /** Bytes of a line that is too long which were dropped already. */
  #skipped = 0;
  readonly #each: EachLine;

  /** @param fileBytes length of the file, if it is known to be short */
  constructor(each: EachLine, fileBytes = CHUNK_BYTES) {
    this.#each = each;
    this.#buffer = new Uint8Array(Math.min(CHUNK_BYTES, fileBytes + 1));
  }

  /** Memory for the next bytes of the file; at least one. */
  get room(): Uint8Array {
    return this.#buffer.subarray(this.#filled);
  }

  /**
   * Hands out the lines that are whole by now.
   *
   * @param got number of bytes that were put into `room`, 0 at the end of the file
   * @returns true if more is wanted
   */
  took(got: number): boolean {
    this.#filled += got;
    const end = this.#buffer.subarray(0, this.#filled).lastIndexOf(LINE_FEED) + 1;
    if (end > 0) return this.#lines(end);
    if (got === 0) return this.#unended();
    if (this.#filled === this.#buffer.length) this.#makeRoom();
    return true;
  }

  /** Hands out the lines of the first `end` bytes. */
  #lines(end: number): boolean {
    const text = decoder.decode(this.#buffer.subarray(0, end));
    // In a chunk of nothing but ASCII, which most are, a position in the text is one in the bytes.
    const ascii = text.length === end;
    let textAt = 0;
    let byteAt = 0;
    while (byteAt < end) {
      const textEnd = text.indexOf("\n", textAt);
      const byteEnd = ascii ? textEnd : this.#buffer.indexOf(LINE_FEED, byteAt);
      if (!this.#line(byteAt, byteEnd, text.slice(textAt, textEnd))) return false;
      textAt = textEnd + 1;
      byteAt = byteEnd + 1;
    }
    this.#drop(end);
    return true;
  }

  #line(start: number, end: number, text: string): boolean {
    const skipped = this.#skipped;
    this.#skipped = 0;
    return this.#each({
      bytes: this.#buffer.subarray(start, end),
      text,
      number: this.#number++,
      offset: this.#offset + start - skipped,
      length: end + 1 - start + skipped,
      problem: skipped > 0 ? `it is longer than the ${LINE_BYTES_MAX} bytes that a line may have` : undefined,
    });
  }

  /** Hands out the rest of the file, behind its last line feed. */
  #unended(): false {
    const length = this.#skipped + this.#filled;
    if (length === 0) return false;
    this.#each({
      bytes: this.#buffer.subarray(0, this.#filled),
      text: "",
      number: this.#number,
      offset: this.#offset - this.#skipped,
      length,
      problem: "the file ends before its line feed",
    });
    return false;
  }

  /** A line is longer than the buffer: it grows, or the line is gone over without being kept. */
  #makeRoom(): void {
    if (this.#buffer.length < LINE_BYTES_MAX) return this.#grow();
    this.#skipped += this.#filled;
    this.#drop(this.#filled);
  }

  #drop(bytes: number): void {
    this.#buffer.copyWithin(0, bytes, this.#filled);
    this.#filled -= bytes;
    this.#offset += bytes;
  }

  #grow(): void {
    const grown = new Uint8Array(Math.min(this.#buffer.length * 2, LINE_BYTES_MAX));
    grown.set(this.#buffer);
    this.#buffer = grown;
  }
}
