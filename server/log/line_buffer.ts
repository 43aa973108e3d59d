/**
 * Lines of the log as bytes (`proto/log_format.md`, section 1).
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import { crcOf, LINE_BYTES_MAX, LOCAL_BYTES_MAX } from "./log_line.ts";

/** Initial and least size of a buffer, bytes. */
const BUFFER_BYTES = 65_536;

/** A buffer of lines, kept for the next ones. */
export class LineBuffer {
  #bytes = new Uint8Array(BUFFER_BYTES);
  #length = 0;

  /** The lines since `clear`; good until the next change. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets all lines. */
  clear(): void {
    this.#length = 0;
  }

  /**
   * Appends a line: the record's members, then those of the log.
   *
   * @param record JSON of the record; copied
   * @param batch number of its batch
   * @param left number of lines of the batch that follow it
   * @param prev checksum of the line before
   * @returns its checksum
   */
  append(record: Uint8Array, batch: number, left: number, prev: string): string {
    const start = this.#length;
    this.#reserve(record.length + LOCAL_BYTES_MAX);
    this.#bytes.set(record, start);
    // The closing brace is overwritten.
    this.#length += record.length - 1;
    this.#ascii(`,"batch":${batch},"left":${left},"prev":"${prev}"`);
    const crc = crcOf(this.#bytes.subarray(start, this.#length));
    this.#ascii(`,"crc":"${crc}"}\n`);
    const bytes = this.#length - start;
    assert(bytes <= LINE_BYTES_MAX, `a line of ${bytes} bytes is over the ${LINE_BYTES_MAX} allowed`);
    return crc;
  }

  /** Appends a short text; for so few bytes this is faster than a call of the runtime. */
  #ascii(text: string): void {
    for (let i = 0; i < text.length; i++) this.#bytes[this.#length++] = text.charCodeAt(i);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
