/**
 * Makes the log of an empty data folder from a backup. Its next start mints an origin: other nodes may have entries of
 * the old one that were made after the backup.
 *
 * @module
 */

import { BatchEncoder } from "../log/batch_encoder.ts";
import { FILLING_FILE, isBeingFilled, markFilling } from "../log/filling_mark.ts";
import { encodeMark } from "../log/log_record.ts";
import type { LogSlices } from "../log/log_slices.ts";
import { RESTORING_FILE } from "../log/restoring_mark.ts";
import { LOG_FOLDER, type LogEnd, segmentPath } from "../log/segments.ts";
import { appendAll, unfinishedPath } from "../log/whole_files.ts";
import type { FileReads, FileStore } from "../ports/files.ts";
import { BackupRefused } from "./backup_errors.ts";
import { readerBehind } from "./copy_segment.ts";

/** Bytes that are copied at once. */
const CHUNK_BYTES = 1_048_576;

/** What a data folder may have that is not used yet, or whose restore was interrupted. */
const UNUSED_NAMES: ReadonlySet<string> = new Set([
  "lock",
  "lost+found",
  "proven",
  FILLING_FILE,
  RESTORING_FILE,
  LOG_FOLDER,
]);

/** Settings of a restore. */
interface RestoreOptions {
  /** The log in the backup, which is verified. */
  readonly log: FileReads;
  /** The place in it at which the restored log ends. */
  readonly end: LogEnd;
  /** The data folder, which must be locked. */
  readonly target: FileStore;
  /** Now, and the time of the backup; milliseconds since the Unix epoch. */
  readonly timeMs: number;
  readonly backupMs: number;
}

/**
 * Refuses a data folder that is in use. One whose restore was interrupted is good, however far it came.
 *
 * @param names everything in the folder
 * @throws {BackupRefused} if there is anything that a restore would replace
 */
export function refuseUsed(files: FileReads, names: Iterable<string>): void {
  const foreign = [...names].find((name) => !UNUSED_NAMES.has(name));
  const isBegun = files.size(RESTORING_FILE) !== undefined;
  const used = foreign ?? (isBegun ? undefined : files.list(LOG_FOLDER)[0]);
  if (used !== undefined) throw notEmpty(used);
}

function notEmpty(used: string): BackupRefused {
  return new BackupRefused(
    `the data folder is not empty (there is ${used}): move it away, or name another with --data FOLDER`,
  );
}

/**
 * Writes the log. A node does not start from the folder before all of it is there: the first segment gets its name
 * last. The next start asks the other nodes for what is missing before it serves.
 *
 * @returns true if it was all there already, and only the end of an interrupted restore was missing
 * @throws {BackupRefused} if another log is there already
 * @throws {Error} of the system; the same restore may be done again, and what was copied takes no room
 */
export function* restoreLog(options: RestoreOptions): LogSlices<boolean> {
  const { target, end } = options;
  const isThere = target.size(segmentPath(1)) !== undefined;
  if (isThere) refuseOtherLog(target, end);
  else yield* write(options);
  target.syncFolderNow(LOG_FOLDER);
  target.remove(RESTORING_FILE);
  target.syncFolderNow("");
  return isThere;
}

/** @throws {BackupRefused} if the log of the folder does not begin with all of the restored one */
function refuseOtherLog(target: FileStore, end: LogEnd): void {
  const reader = readerBehind(target, segmentPath(end.segment), end);
  if (reader === undefined) throw notEmpty(LOG_FOLDER);
  reader.close();
}

function* write(options: RestoreOptions): LogSlices<void> {
  try {
    prepare(options.target);
    yield* copyAll(options);
  } catch (error) {
    giveRoomBack(options.target);
    throw error;
  }
}

function giveRoomBack(target: FileStore): void {
  try {
    removeLog(target);
  } catch {
    // The first error is the one to tell.
  }
}

function removeLog(target: FileStore): void {
  if (target.size(segmentPath(1)) !== undefined) return;
  for (const name of target.list(LOG_FOLDER)) target.remove(`${LOG_FOLDER}/${name}`);
}

function* copyAll({ log, end, target, timeMs, backupMs }: RestoreOptions): LogSlices<void> {
  const segments = Array.from({ length: end.segment }, (_, index) => index + 1);
  for (const segment of segments) {
    yield* copy(
      log,
      segment,
      segment === end.segment ? end.bytes : log.size(segmentPath(segment)) ?? 0,
      target,
    );
    if (segment === end.segment) {
      const mark = encodeMark({ type: "repaired", timeMs, backupMs });
      appendAll(target, unfinishedPath(segment), new BatchEncoder().encode(end, [mark]).bytes);
    }
    target.syncNow(unfinishedPath(segment));
    target.close(unfinishedPath(segment));
  }
  for (const segment of segments.toReversed()) {
    if (segment === 1) target.syncFolderNow(LOG_FOLDER);
    target.rename(unfinishedPath(segment), segmentPath(segment));
  }
}

/** Marks the folder first, so that a start of a node would see that its log is not there yet. */
function prepare(target: FileStore): void {
  if (target.size(RESTORING_FILE) === undefined) {
    const text = "a backup is being restored into this folder\n";
    appendAll(target, RESTORING_FILE, new TextEncoder().encode(text));
  }
  target.syncNow(RESTORING_FILE);
  target.close(RESTORING_FILE);
  if (!isBeingFilled(target)) markFilling(target);
  target.makeFolder(LOG_FOLDER);
  target.syncFolderNow("");
  removeLog(target);
}

function* copy(log: FileReads, segment: number, bytes: number, target: FileStore): LogSlices<void> {
  const chunk = new Uint8Array(CHUNK_BYTES);
  const reader = log.reader(segmentPath(segment));
  try {
    for (let left = bytes; left > 0;) {
      const got = reader.read(chunk.subarray(0, left));
      if (got === 0) throw new BackupRefused(`the copy of ${segmentPath(segment)} was changed meanwhile`);
      appendAll(target, unfinishedPath(segment), chunk.subarray(0, got));
      left -= got;
      yield got;
    }
  } finally {
    reader.close();
  }
}
