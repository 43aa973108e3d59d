/**
 * Tells the rest of an unfinished write from bytes that this program never wrote (`proto/log_format.md`,
 * section 6).
 *
 * @module
 */

import type { FileReads } from "../ports/files.ts";
import { CRC_MEMBER } from "./log_line.ts";

/** Unit that a disk writes whole or not at all, bytes. */
const SECTOR_BYTES = 512;

const CHUNK_BYTES = 65_536;

const LINE_FEED = 0x0a;
const OPENING_BRACE = 0x7b;
const FIRST_PRINTABLE = 0x20;

/** Bytes that each place in the last member of a line can have. */
const CRC_MEMBER_CODES: readonly ReadonlySet<number>[] = Array.from(
  CRC_MEMBER,
  (char) => new Set(Array.from(char === "#" ? "0123456789abcdef" : char, (each) => each.charCodeAt(0))),
);

/** Bytes that UTF-8 does not use. */
const NOT_UTF8: ReadonlySet<number> = new Set([
  0xc0,
  0xc1,
  ...Array.from({ length: 11 }, (_, i) => 0xf5 + i),
]);

/** A stretch of a file, up to its end. */
interface Tail {
  readonly path: string;
  /** First byte. */
  readonly offset: number;
  /** True if sectors of it may have been lost, which then read as zeros. */
  readonly mayHaveHoles: boolean;
}

/**
 * Looks for a byte in a tail that an unfinished write does not leave.
 *
 * @returns the byte and the problem with it; `undefined` if the tail can be an unfinished write
 */
export function foreignByte(files: FileReads, tail: Tail): string | undefined {
  const reader = files.reader(tail.path, tail.offset);
  const check = new TailCheck(tail);
  const chunk = new Uint8Array(CHUNK_BYTES);
  try {
    for (let got = reader.read(chunk); got > 0; got = reader.read(chunk)) {
      const problem = check.take(chunk.subarray(0, got));
      if (problem !== undefined) return problem;
    }
  } finally {
    reader.close();
  }
  return undefined;
}

/** Goes through the bytes of a tail. */
class TailCheck {
  #offset: number;
  /** The byte before; a tail begins as a line does. */
  #before = LINE_FEED;
  /** Number of the last bytes that are the beginning of the last member of a line. */
  #matched = 0;
  readonly #mayHaveHoles: boolean;

  constructor({ offset, mayHaveHoles }: Tail) {
    this.#offset = offset;
    this.#mayHaveHoles = mayHaveHoles;
  }

  /** Takes the next bytes; returns the first problem. */
  take(bytes: Uint8Array): string | undefined {
    for (const byte of bytes) {
      const problem = this.#problem(byte);
      if (problem !== undefined) return `byte ${this.#offset} ${problem}`;
      this.#matched = this.#match(byte);
      this.#before = byte;
      this.#offset++;
    }
    return undefined;
  }

  #problem(byte: number): string | undefined {
    if (byte === 0) return this.#mayHaveHoles ? undefined : "is zero";
    if (this.#before === 0 && this.#offset % SECTOR_BYTES !== 0) {
      return "ends zeros in the middle of a sector";
    }
    if (this.#before === LINE_FEED && byte !== OPENING_BRACE) {
      return `is ${shown(byte)}, but a line begins with {`;
    }
    if (this.#matched === CRC_MEMBER_CODES.length && byte !== LINE_FEED) {
      return `is ${shown(byte)}, but a line ends behind its checksum`;
    }
    if (byte < FIRST_PRINTABLE && byte !== LINE_FEED || NOT_UTF8.has(byte)) {
      return `is ${shown(byte)}, which no line of a log has`;
    }
    return undefined;
  }

  /** The member has only one comma, so a byte that does not go on can only begin it. */
  #match(byte: number): number {
    if (CRC_MEMBER_CODES[this.#matched]?.has(byte)) return this.#matched + 1;
    return CRC_MEMBER_CODES[0]?.has(byte) ? 1 : 0;
  }
}

function shown(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
