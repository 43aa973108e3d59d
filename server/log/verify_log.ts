/**
 * Looks a log over without changing anything, and without a lock: also while a node is writing to it.
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";
import { isSameVersion } from "../core/same_version.ts";
import { advance, type Reached } from "../core/version.ts";
import type { FileStore } from "../ports/files.ts";
import type { SegmentBeginning } from "../ports/history.ts";
import { type CleanState, readClean } from "./clean_file.ts";
import { LoadedPartRefused } from "./loaded_part.ts";
import { type Damage, LogDamaged } from "./log_errors.ts";
import type { LogLine } from "./log_line.ts";
import { isEntry } from "./log_record.ts";
import { damageAt, type EachBatch, type LogScan, scanLog, scanSlices } from "./log_scan.ts";
import type { LogSlices } from "./log_slices.ts";
import { nextSegment } from "./segments.ts";

/** The findings in a log, and the state of the last shutdown. */
export interface LogReport extends LogScan {
  readonly clean: CleanState;
}

/**
 * Verifies every line of a log. `damage` of the report is the first there is; without `proof` it is an
 * unfinished write, which the next start cuts off. While a node is writing, its last batch may look so.
 *
 * @param each gets the entries before any damage, in order
 * @throws {LogRefused} if the log's format is newer than known
 */
export function verifyLog(files: FileStore, each: (entry: Entry) => void = () => {}): LogReport {
  const scan = scanLog(files, (lines) => {
    for (const { record } of lines) if (isEntry(record)) each(record);
  });
  return { ...scan, damage: withoutBeginning(scan), clean: readClean(files, scan.end) };
}

/** The damage of a log; one that has lost its first batch, or all of it, is never taken for an unfinished write. */
function withoutBeginning({ damage, batches, end }: LogScan): Damage | undefined {
  if (batches > 0 || damage?.proof !== undefined) return damage;
  const proof = "the first batch of a log is on the disk before its file has a name";
  return { ...(damage ?? damageAt(end, "it is empty")), proof };
}

/**
 * Verifies the segments before one at which a log was opened, in slices, also while a node is writing to the log and
 * compacting it.
 *
 * @param beginning beginning of that segment, which a node has started from
 * @throws {LogDamaged} at the first line that is not as a node has written it
 * @throws {LoadedPartRefused} if these are not the entries that the beginning counts
 * @throws {Error} of the system
 */
export function* verifyBefore(files: FileStore, beginning: SegmentBeginning): LogSlices<void> {
  const version = new Map<string, Reached>();
  const each: EachBatch = (lines) => {
    for (const { record } of lines) if (isEntry(record)) advance(version, record);
  };
  const { damage, end, entries } = yield* scanSlices(files, each, { upTo: beginning.segment - 1 });
  if (damage !== undefined) throw new LogDamaged(damage);
  const { batch, crc } = nextSegment(end);
  if (batch !== beginning.batch || crc !== beginning.crc) {
    const proof = "a later segment exists, and it begins with the checksum of another line";
    throw new LogDamaged({ ...damageAt(end, "its end is missing"), proof });
  }
  if (entries === beginning.position && isSameVersion(beginning.version, version)) return;
  throw new LoadedPartRefused(
    `The archive was folded from other entries than the first ${entries} of the log, and the node has started from ` +
      "it. The log is whole: remove the folder archive of the data folder and start again",
  );
}

/**
 * Hands out the lines of a log, entries and marks, in order, up to an unfinished write at its end.
 *
 * @throws {LogDamaged} behind the last whole batch before damage
 * @throws {LogRefused} if the log's format is newer than known
 */
export function showLog(files: FileStore, each: (line: LogLine) => void): void {
  const { damage } = scanLog(files, (lines) => lines.forEach(each));
  if (damage?.proof !== undefined) throw new LogDamaged(damage);
}
