/**
 * The data folder of a node, made if it is not there, and locked.
 *
 * @module
 */

import type { Descriptors } from "../ports/descriptors.ts";
import { DenoFiles } from "./deno_files.ts";
import { markNew } from "./proven_names.ts";
import { DataFolderLocked, type DataLock, lockDataFolder, type LockHolder } from "./lock.ts";

/** A data folder that is ours. */
interface DataFolder {
  readonly files: DenoFiles;
  readonly lock: DataLock;
}

/**
 * Takes a data folder.
 *
 * @param descriptors those that are put aside for its files
 * @throws {DataFolderLocked} if another process has it
 * @throws {Error} with the reason that it cannot be used, and the way out
 */
export function takeDataFolder(folder: string, holder: LockHolder, descriptors?: Descriptors): DataFolder {
  try {
    const [files, lock] = [new DenoFiles(folder, descriptors), lockDataFolder(folder, holder)];
    markNew(files);
    return { files, lock };
  } catch (error) {
    if (error instanceof DataFolderLocked) throw error;
    throw new Error(
      `the data folder ${folder} cannot be used (${
        reasonOf(error)
      }); make it a folder that may be written to, ` +
        "or name another with --data FOLDER",
      { cause: error },
    );
  }
}

/** The fault of a folder that is no longer at its path. */
export function folderMoved(folder: string): Error {
  return new Error(
    `the data folder ${folder} was moved or removed while the node runs, and what it would acknowledge ` +
      "from now on could not be found again; put the folder back, or start the node with another one",
  );
}

/** The system's message, without the call and the path that failed. */
function reasonOf(error: unknown): string {
  // Some paths of the system are closed to every program on this runtime, and no permission would help.
  if (error instanceof Deno.errors.NotCapable) return "it is no place for files";
  return (error instanceof Error ? error.message : String(error)).split(": ", 1)[0] ?? "";
}
