/**
 * Bytes of a batch (`proto/log_format.md`, section 4).
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import { LineBuffer } from "./line_buffer.ts";
import type { LogEnd } from "./segments.ts";

/** A batch as it is written. */
export interface EncodedBatch {
  /** Good until the same encoder is used again. */
  readonly bytes: Uint8Array;
  /** End of the log once the batch is written. */
  readonly end: LogEnd;
}

/** Encodes one batch after the other, into a buffer that it keeps. */
export class BatchEncoder {
  readonly #lines = new LineBuffer();

  /**
   * Encodes a batch that follows `end`.
   *
   * @param records JSON of each record; copied
   */
  encode(end: LogEnd, records: readonly Uint8Array[]): EncodedBatch {
    assert(records.length > 0, "a batch has at least one line");
    this.#lines.clear();
    const batch = end.batch + 1;
    let left = records.length;
    let { crc } = end;
    for (const record of records) crc = this.#lines.append(record, batch, --left, crc);
    const { bytes } = this.#lines;
    return { bytes, end: { ...end, bytes: end.bytes + bytes.length, batch, crc } };
  }
}
