/**
 * From records to the bytes of one batch (`proto/log_format.md`, section 4).
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import { entryJson } from "../core/entry_json.ts";
import { LineBuffer } from "./line_buffer.ts";
import { isEntry, type LogRecord } from "./log_record.ts";
import type { LogEnd } from "./segments.ts";

/** A batch as it is written. */
export interface EncodedBatch {
  /** Good until the same encoder is used again. */
  readonly bytes: Uint8Array;
  /** Where the log ends once the batch was written. */
  readonly end: LogEnd;
}

/** Encodes batches, one after the other, into a buffer that it keeps. */
export class BatchEncoder {
  readonly #lines = new LineBuffer();

  /** One batch of all the records, to follow `end`. */
  encode(end: LogEnd, records: readonly LogRecord[]): EncodedBatch {
    assert(records.length > 0, "a batch has at least one line");
    this.#lines.clear();
    const batch = end.batch + 1;
    let crc = end.crc;
    for (const [index, record] of records.entries()) {
      crc = this.#lines.append(recordJson(record), batch, records.length - 1 - index, crc);
    }
    const { bytes } = this.#lines;
    return { bytes, end: { ...end, bytes: end.bytes + bytes.length, batch, crc } };
  }
}

function recordJson(record: LogRecord): string {
  return isEntry(record) ? entryJson(record) : JSON.stringify(record);
}
