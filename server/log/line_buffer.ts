/**
 * Lines of the log as bytes (`proto/log_format.md`, section 1).
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import { crcOf, LINE_BYTES_MAX } from "./log_line.ts";

const encoder = new TextEncoder();

/** Bytes that a buffer begins with, and that it never shrinks below. */
const BUFFER_BYTES = 65_536;

/** UTF-8 takes at most three bytes for one UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/** A buffer that lines are written to, and that is kept for the next ones. */
export class LineBuffer {
  #bytes = new Uint8Array(BUFFER_BYTES);
  #length = 0;

  /** The lines since it was cleared; good until the next change. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Begins anew. */
  clear(): void {
    this.#length = 0;
  }

  /**
   * Appends a line.
   *
   * @param record what it says, as JSON
   * @param batch number of its batch
   * @param left how many lines of the batch follow it
   * @param prev checksum of the line before
   * @returns its checksum
   */
  append(record: string, batch: number, left: number, prev: string): string {
    const start = this.#length;
    this.#text(`${record.slice(0, -1)},"batch":${batch},"left":${left},"prev":"${prev}"`);
    const crc = crcOf(this.#bytes.subarray(start, this.#length));
    this.#text(`,"crc":"${crc}"}\n`);
    const bytes = this.#length - start;
    assert(bytes <= LINE_BYTES_MAX, `a line of ${bytes} bytes is over the ${LINE_BYTES_MAX} allowed`);
    return crc;
  }

  #text(text: string): void {
    this.#reserve(text.length * BYTES_PER_UNIT);
    this.#length += encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
