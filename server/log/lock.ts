/**
 * One process per data folder.
 *
 * @module
 */

import { isDiskFull } from "./log_errors.ts";

/** The holder of a lock, in its own words. */
export interface LockHolder {
  /** Name of its node. */
  readonly node: string;
  /** Its process id. */
  readonly pid: number;
  /** When it took the lock, milliseconds since the Unix epoch. */
  readonly startedMs: number;
}

/** A data folder that is ours until it is released, or until the process ends in any way. */
export interface DataLock {
  release(): void;
  /** True while the folder has its name: its files go on to be written when somebody moves or removes it. */
  isInPlace(): Promise<boolean>;
}

/** Another process has the data folder. */
export class DataFolderLocked extends Error {
  override readonly name = "DataFolderLocked";
}

/** More than a holder ever says, bytes. */
const HOLDER_BYTES_MAX = 1_024;

/**
 * Locks a data folder, which must exist.
 *
 * @throws {DataFolderLocked} if another process has it; the message names the holder
 */
export function lockDataFolder(folder: string, holder: LockHolder): DataLock {
  const path = `${folder}/lock`;
  const file = Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
  if (!file.tryLockSync(true)) {
    const other = readHolder(file);
    file.close();
    throw new DataFolderLocked(
      `The data folder ${folder} is in use by ${other}. Stop that process first, or give this node a data ` +
        "folder of its own with --data",
    );
  }
  writeHolder(file, holder);
  let isReleased = false;
  return {
    release: () => {
      isReleased = true;
      file.close();
    },
    isInPlace: async () => isReleased || await isSameFile(path, file) || isReleased,
  };
}

/**
 * Keeps writers out of a folder while its files are read; several may read at once. Without effect where there is no
 * lock, or where it cannot be taken: nobody writes to a copy, or to a medium that is read-only.
 *
 * @throws {DataFolderLocked} if another process writes to the folder
 */
export function lockForReading(folder: string): Disposable {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(`${folder}/lock`, { read: true });
  } catch {
    return { [Symbol.dispose]: () => {} };
  }
  if (!isFree(file)) {
    const other = readHolder(file);
    file.close();
    throw new DataFolderLocked(`The folder ${folder} is in use by ${other}`);
  }
  return file;
}

/** Takes the lock for reading; false if another process writes. Some network file systems know no locks. */
function isFree(file: Deno.FsFile): boolean {
  try {
    return file.tryLockSync(false);
  } catch {
    return true;
  }
}

/** On Windows, files have no such number, and an open file can be neither moved nor removed. */
async function isSameFile(path: string, file: Deno.FsFile): Promise<boolean> {
  try {
    const [there, here] = await Promise.all([Deno.stat(path), file.stat()]);
    return there.ino === here.ino && there.dev === here.dev;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory);
  }
}

/** On a full disk the lock holds all the same; only its holder stays unnamed. */
function writeHolder(file: Deno.FsFile, holder: LockHolder): void {
  file.truncateSync(0);
  try {
    file.writeSync(new TextEncoder().encode(JSON.stringify(holder) + "\n"));
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
}

/** The process that locked a data folder last, if its file `lock` says so. */
export function lastHolder(folder: string): LockHolder | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(`${folder}/lock`)) as LockHolder;
  } catch {
    return undefined;
  }
}

/**
 * The holder writes its line right after it took the lock, so it may not be there yet. On Windows nobody else can
 * read what is locked (https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-lockfileex).
 */
export function readHolder(file: { readSync(into: Uint8Array): number | null }): string {
  const bytes = new Uint8Array(HOLDER_BYTES_MAX);
  try {
    const length = file.readSync(bytes) ?? 0;
    const { node, pid } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, length))) as LockHolder;
    return `node ${node} (process ${pid})`;
  } catch {
    return "another process";
  }
}
