/**
 * Looks a log over without changing anything, and without a lock: also while a node is writing to it.
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";
import type { FileStore } from "../ports/files.ts";
import { type CleanState, readClean } from "./clean_file.ts";
import { type Damage, LogDamaged } from "./log_errors.ts";
import type { LogLine } from "./log_line.ts";
import { isEntry } from "./log_record.ts";
import { damageAt, type LogScan, scanLog } from "./log_scan.ts";

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
 * Hands out the lines of a log, entries and marks, in order, up to an unfinished write at its end.
 *
 * @throws {LogDamaged} behind the last whole batch before damage
 * @throws {LogRefused} if the log's format is newer than known
 */
export function showLog(files: FileStore, each: (line: LogLine) => void): void {
  const { damage } = scanLog(files, (lines) => lines.forEach(each));
  if (damage?.proof !== undefined) throw new LogDamaged(damage);
}
