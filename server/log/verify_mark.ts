/**
 * The file `verify`: it says that damage was found in the log while a node was running, so that the next start verifies
 * the whole log before it serves.
 *
 * @module
 */

import type { FileStore } from "../ports/files.ts";
import type { Logger } from "../ports/outside.ts";
import { appendAll } from "./whole_files.ts";

/** Path in the data folder. */
export const VERIFY_FILE = "verify";

/**
 * Notes damage that was found while the node runs: the next start verifies the whole log. The file needs no sync, since
 * the damage would only be found once more.
 *
 * @returns false if the disk does not take it, as one that is failing
 */
export function noteDamage(files: FileStore, logger: Logger, problem: string): boolean {
  try {
    files.remove(VERIFY_FILE);
    appendAll(files, VERIFY_FILE, new TextEncoder().encode(`${problem}\n`));
    files.close(VERIFY_FILE);
    return true;
  } catch (error) {
    logger.warn("damageNotNoted", { problem: String(error) });
    return false;
  }
}

/** True if the start must verify the whole log. */
export function mustVerify(files: FileStore): boolean {
  return files.size(VERIFY_FILE) !== undefined;
}

/** The whole log is verified. */
export function unmarkVerify(files: FileStore): void {
  if (mustVerify(files)) files.remove(VERIFY_FILE);
}
