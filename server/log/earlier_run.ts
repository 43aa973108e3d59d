/**
 * Traces of an earlier run in a data folder (`proto/log_format.md`, section 6).
 *
 * @module
 */

import type { FileReads } from "../ports/files.ts";
import { BROKEN_FOLDER } from "./broken.ts";
import { CLEAN_FILE } from "./clean_file.ts";
import { FILLING_FILE } from "./filling_mark.ts";
import { FORK_FILE } from "./fork_file.ts";
import { RESERVE_FILE } from "./reserve.ts";
import { RESTORING_FILE } from "./restoring_mark.ts";
import { LOG_FOLDER, segmentPath } from "./segments.ts";
import { VERIFY_FILE } from "./verify_mark.ts";
import { unfinishedPath } from "./whole_files.ts";

/** Files that a node makes only once the first batch of its log is on the disk. */
const LATER_FILES = [
  CLEAN_FILE,
  FORK_FILE,
  RESERVE_FILE,
  FILLING_FILE,
  VERIFY_FILE,
  RESTORING_FILE,
  "admin.json",
]
  .flatMap((name) => [name, `${name}.new`]);

/** The first start makes it before the log, and the segment comes to its name with the first batch in it. */
const LOCK_FILE = "lock";

/** Path of a file from which an earlier run can be told although no batch of the log can be read. */
export function traceOfEarlierRun(files: FileReads): string | undefined {
  const early = files.size(segmentPath(1)) === undefined ? [] : [LOCK_FILE];
  return [...LATER_FILES, ...early].find((path) => files.size(path) !== undefined) ??
    pathsIn(files, BROKEN_FOLDER)[0] ??
    pathsIn(files, LOG_FOLDER).find((path) => path !== segmentPath(1) && path !== unfinishedPath(1));
}

function pathsIn(files: FileReads, folder: string): string[] {
  return files.list(folder).map((name) => `${folder}/${name}`);
}
