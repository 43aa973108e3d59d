/**
 * From records to the bytes of one batch (`proto/log_format.md`, section 4).
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import { crcOf, LINE_BYTES_MAX } from "./log_line.ts";
import type { LogRecord } from "./log_record.ts";
import type { LogEnd } from "./segments.ts";

const encoder = new TextEncoder();

/** Bytes that a buffer begins with, and that it never shrinks below. */
const BUFFER_BYTES = 65_536;

/** UTF-8 takes at most three bytes for one UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/** A batch as it is written. */
export interface EncodedBatch {
  /** Good until the same encoder is used again. */
  readonly bytes: Uint8Array;
  /** Where the log ends once the batch was written. */
  readonly end: LogEnd;
}

/** Encodes batches, one after the other, into a buffer that it keeps. */
export class BatchEncoder {
  #bytes = new Uint8Array(BUFFER_BYTES);
  #length = 0;

  /** One batch of all the records, to follow `end`. */
  encode(end: LogEnd, records: readonly LogRecord[]): EncodedBatch {
    assert(records.length > 0, "a batch has at least one line");
    this.#length = 0;
    const batch = end.batch + 1;
    let crc = end.crc;
    for (const [index, record] of records.entries()) {
      crc = this.#line(record, batch, records.length - 1 - index, crc);
    }
    const bytes = this.#bytes.subarray(0, this.#length);
    return { bytes, end: { segment: end.segment, bytes: end.bytes + bytes.length, batch, crc } };
  }

  /** Appends a line and returns its checksum. */
  #line(record: LogRecord, batch: number, left: number, prev: string): string {
    const start = this.#length;
    this.#text(`${JSON.stringify(record).slice(0, -1)},"batch":${batch},"left":${left},"prev":"${prev}"`);
    const crc = crcOf(this.#bytes.subarray(start, this.#length));
    this.#text(`,"crc":"${crc}"}\n`);
    const bytes = this.#length - start;
    assert(
      bytes <= LINE_BYTES_MAX,
      `a ${record.type} line of ${bytes} bytes is over the ${LINE_BYTES_MAX} allowed`,
    );
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
