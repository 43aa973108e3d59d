/**
 * The log of a node on which people wrote for years, made in seconds: batches are encoded as the node does it, and
 * synced once, at the end.
 *
 * @module
 */

import { VERSION } from "../common/version.ts";
import { EntryEncoder } from "../server/core/encoded_entry.ts";
import { entryOf } from "../server/core/entry.ts";
import { BatchEncoder } from "../server/log/batch_encoder.ts";
import { writeClean } from "../server/log/clean_file.ts";
import { DenoFiles } from "../server/log/deno_files.ts";
import { encodeMark, type Mark } from "../server/log/log_record.ts";
import { SEGMENT_BYTES } from "../server/log/open_log.ts";
import { segmentOpened } from "../server/log/recover_log.ts";
import { EMPTY_LOG, LOG_FOLDER, type LogEnd, nextSegment, segmentPath } from "../server/log/segments.ts";
import { type HistorySize, StoredHistory } from "./stored_history.ts";

const NODE = "node1";
const ORIGIN = `${NODE}#0123456789ab`;

const ENTRIES_PER_BATCH = 50;

/** Times of the first and the last entry, microseconds since the Unix epoch: five years. */
const [FIRST, LAST] = [1_600_000_000_000_000, 1_760_000_000_000_000];

/** The log that was written. */
export interface StoredLog {
  readonly entries: number;
  readonly bytes: number;
}

/**
 * Writes the log of a history, as node1 would, closed in order.
 *
 * @param data a data folder without a log
 * @param segmentBytes length at which a segment is full
 */
export async function writeStoredLog(
  data: string,
  size: HistorySize,
  segmentBytes = SEGMENT_BYTES,
): Promise<StoredLog> {
  const writer = new SegmentWriter(data, segmentBytes);
  await writer.write([
    encodeMark({ type: "nodeStarted", origin: ORIGIN, version: VERSION, timeMs: FIRST / 1_000 }),
  ]);
  const encoder = new EntryEncoder();
  // One entry for each message, and few others.
  const step = Math.floor((LAST - FIRST) / (size.accounts + size.messages * 2));
  let entries = 0;
  let batch: Uint8Array[] = [];
  for (const event of new StoredHistory(size).events()) {
    entries++;
    batch.push(encoder.encode(entryOf(ORIGIN, entries, FIRST + entries * step, event)).json);
    if (batch.length < ENTRIES_PER_BATCH) continue;
    await writer.write(batch);
    batch = [];
  }
  if (batch.length > 0) await writer.write(batch);
  return { entries, bytes: await writer.close() };
}

/** Appends batches to segments. */
class SegmentWriter {
  readonly #files: DenoFiles;
  readonly #encoder = new BatchEncoder();
  #end: LogEnd = EMPTY_LOG;
  #bytes = 0;

  constructor(data: string, readonly segmentBytes: number) {
    this.#files = new DenoFiles(data);
    this.#files.makeFolder(LOG_FOLDER);
  }

  /** Writes a batch. Between two segments everything else has its turn, such as a signal. */
  async write(records: readonly Uint8Array[]): Promise<void> {
    if (this.#end.bytes >= this.segmentBytes) {
      await this.#sync();
      this.#end = nextSegment(this.#end);
    }
    const { segment, bytes: length } = this.#end;
    const opening = length === 0 ? [encodeMark(segmentOpened(NODE, segment))] : [];
    const { bytes, end } = this.#encoder.encode(this.#end, [...opening, ...records]);
    for (let from = 0; from < bytes.length;) {
      from += this.#files.append(segmentPath(segment), bytes.subarray(from));
    }
    this.#end = end;
    this.#bytes += bytes.length;
  }

  /** Ends the log in order; returns its length, bytes. */
  async close(): Promise<number> {
    const stopped: Mark = { type: "nodeStopped", timeMs: LAST / 1_000 };
    await this.write([encodeMark(stopped)]);
    await this.#sync();
    await new Promise<void>((resolve, reject) => {
      writeClean(this.#files, this.#end, (error) => error === undefined ? resolve() : reject(error));
    });
    return this.#bytes;
  }

  async #sync(): Promise<void> {
    const path = segmentPath(this.#end.segment);
    await new Promise<void>((resolve, reject) => {
      this.#files.sync(path, (error) => error === undefined ? resolve() : reject(error));
    });
    this.#files.close(path);
  }
}
