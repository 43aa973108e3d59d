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

/** @throws {LogRefused} if a restore was interrupted before the first segment got its name, which it gets last */
export function refuseRestoring(files: FileReads): void {
  if (files.size(RESTORING_FILE) === undefined || files.size(segmentPath(1)) !== undefined) return;
  throw new LogRefused(
    "A restore into this data folder was interrupted, and its log is not whole. Nothing was changed. Do the same " +
      "`chat-server restore` again, or empty the folder",
  );
}
