/**
 * Opens the data folder of an existing log.
 *
 * @module
 */

import { DenoFiles } from "../log/deno_files.ts";
import { traceOfEarlierRun } from "../log/earlier_run.ts";
import { listSegments, LOG_FOLDER } from "../log/segments.ts";

/** The data folder or its log is missing. */
class LogMissing extends Error {
  override readonly name = "LogMissing";
}

/**
 * Opens a data folder without making one. A log that is lost, while a node has run from the folder, is damage, which
 * the caller finds.
 *
 * @throws {LogMissing} if it does not exist, or never had a log
 */
export function openLogFolder(data: string): DenoFiles {
  const hint = "Name the node with --node NAME, or its data folder with --data FOLDER";
  if (!isFolder(data)) throw new LogMissing(`there is no data folder ${data}. ${hint}`);
  const files = new DenoFiles(data);
  if (listSegments(files).length > 0 || traceOfEarlierRun(files) !== undefined) return files;
  throw new LogMissing(`there is no log in ${data}: ${LOG_FOLDER} in it has no segments. ${hint}`);
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
