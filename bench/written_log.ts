/**
 * Logs that are made in seconds: batches are encoded as a node does it, and synced once for each segment.
 *
 * @module
 */

import { VERSION } from "../common/version.ts";
import { BatchEncoder } from "../server/log/batch_encoder.ts";
import { writeClean } from "../server/log/clean_file.ts";
import { DenoFiles } from "../server/log/deno_files.ts";
import { encodeMark, type Mark } from "../server/log/log_record.ts";
import { SEGMENT_BYTES } from "../server/log/open_log.ts";
import { segmentOpened } from "../server/log/recover_log.ts";
import { EMPTY_LOG, LOG_FOLDER, type LogEnd, nextSegment, segmentPath } from "../server/log/segments.ts";

const NODE = "node1";

/** Origin of the entries. */
export const ORIGIN = `${NODE}#0123456789ab`;

/** Start of the node, ms since the Unix epoch. */
const START_MS = 1_600_000_000_000;

/** A log that is written batch by batch, as node1 would. It begins with the start of a node. */
export class WrittenLog {
  readonly #files: DenoFiles;
  readonly #encoder = new BatchEncoder();
  #end: LogEnd = EMPTY_LOG;
  #bytes = 0;

  /**
   * @param data a data folder without a log; it is made
   * @param segmentBytes length at which a segment is full
   */
  constructor(data: string, readonly segmentBytes = SEGMENT_BYTES) {
    this.#files = new DenoFiles(data);
    this.#files.makeFolder(LOG_FOLDER);
    this.#append([encodeMark({ type: "nodeStarted", origin: ORIGIN, version: VERSION, timeMs: START_MS })]);
  }

  /** Writes a batch. Between two segments everything else has its turn, such as a signal. */
  async commit(records: readonly Uint8Array[]): Promise<void> {
    if (this.#end.bytes >= this.segmentBytes) {
      await this.#sync();
      this.#end = nextSegment(this.#end);
    }
    this.#append(records);
  }

  #append(records: readonly Uint8Array[]): void {
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
    const stopped: Mark = { type: "nodeStopped", timeMs: Date.now() };
    this.#append([encodeMark(stopped)]);
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
