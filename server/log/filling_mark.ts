/**
 * A file that says that the node is being filled from others: if it dies meanwhile, it goes on with that before it
 * serves, although its disk is not empty any more.
 *
 * @module
 */

import type { FileStore } from "../ports/files.ts";

/** Path in the data folder. */
export const FILLING_FILE = "filling";

/** True if the previous run ended before the node was filled. */
export function isBeingFilled(files: FileStore): boolean {
  return files.size(FILLING_FILE) !== undefined;
}

/** Says durably that the node is being filled. */
export function markFilling(files: FileStore): void {
  files.append(FILLING_FILE, new TextEncoder().encode("this node is being filled from others\n"));
  files.syncNow(FILLING_FILE);
  files.syncFolderNow("");
  files.close(FILLING_FILE);
}

/** It is over. If a crash brings the file back, the next start looks for others once more, which is harmless. */
export function unmarkFilling(files: FileStore): void {
  files.remove(FILLING_FILE);
}
