/**
 * A file that is there while a backup is being restored into the data folder, so that no node starts from a part of
 * its log.
 *
 * @module
 */

import type { FileReads } from "../ports/files.ts";
import { LogRefused } from "./log_errors.ts";
import { segmentPath } from "./segments.ts";

/** Path in the data folder. */
export const RESTORING_FILE = "restoring";

/** True if a restore was interrupted: the first segment gets its name last. */
export function isRestoring(files: FileReads): boolean {
  return files.size(RESTORING_FILE) !== undefined && files.size(segmentPath(1)) === undefined;
}

/** @throws {LogRefused} if a restore was interrupted */
export function refuseRestoring(files: FileReads): void {
  if (!isRestoring(files)) return;
  throw new LogRefused(
    "A restore into this data folder was interrupted, and its log is not whole. Nothing was changed. Do the same " +
      "`chat-server restore` again, or empty the folder",
  );
}
