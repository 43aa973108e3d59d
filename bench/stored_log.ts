/**
 * The log of a node on which people wrote for years.
 *
 * @module
 */

import { EntryEncoder } from "../server/core/encoded_entry.ts";
import { entryOf } from "../server/core/entry.ts";
import { type HistorySize, StoredHistory } from "./stored_history.ts";
import { ORIGIN, WrittenLog } from "./written_log.ts";

const ENTRIES_PER_BATCH = 50;

/** Times of the first and the last entry, microseconds since the Unix epoch: five years. */
const [FIRST, LAST] = [1_600_000_000_000_000, 1_760_000_000_000_000];

/** The log that was written. */
interface StoredLog {
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
  segmentBytes?: number,
): Promise<StoredLog> {
  const log = new WrittenLog(data, segmentBytes);
  const encoder = new EntryEncoder();
  // One entry for each message, and few others.
  const step = Math.floor((LAST - FIRST) / (size.accounts + size.messages * 2));
  let entries = 0;
  let batch: Uint8Array[] = [];
  for (const event of new StoredHistory(size).events()) {
    entries++;
    batch.push(encoder.encode(entryOf(ORIGIN, entries, FIRST + entries * step, event)).json);
    if (batch.length < ENTRIES_PER_BATCH) continue;
    await log.commit(batch);
    batch = [];
  }
  if (batch.length > 0) await log.commit(batch);
  return { entries, bytes: await log.close() };
}
