/**
 * The files of a data folder, as the log uses them.
 *
 * @module
 */

/** Called when something has been done, or with why it could not. */
export type Done = (error?: Error) => void;

/**
 * The files of a data folder, as the log uses them. Paths are relative to the folder, with `/`. All calls
 * but those with `done` finish before they return; they are used at the start of a node and for the
 * group write, nothing else. Those whose names end in `Later` do the same as their namesakes in the
 * background, for work that must not hold a running node up. Errors are thrown, or
 * handed to `done`, as the `Error` of the system (`isDiskFull` in `server/log/log_errors.ts`).
 */
export interface FileStore {
  /** File names in a folder, sorted; none where the folder does not exist. */
  list(folder: string): string[];
  /** Length in bytes, or undefined where the file does not exist. */
  size(path: string): number | undefined;
  /** Reads from `offset` on into `into`; returns how many bytes it got, 0 at the end. */
  read(path: string, offset: number, into: Uint8Array): number;
  /**
   * A reader of the file, from its beginning or from a byte on. The file is opened by the first read, which
   * fails if there is none.
   */
  reader(path: string, offset?: number): SequentialReader;
  /** Appends, making the file where it does not exist; returns how many of the bytes were written. */
  append(path: string, bytes: Uint8Array): number;
  /** Appends all of the bytes, which must stay as they are until then. */
  appendLater(path: string, bytes: Uint8Array, done: Done): void;
  /** Makes the appended bytes durable. */
  sync(path: string, done: Done): void;
  /** The same, before returning. */
  syncNow(path: string): void;
  /** Cuts the file to `bytes`. */
  truncate(path: string, bytes: number): void;
  /** Renames, replacing a file of that name. */
  rename(from: string, to: string): void;
  renameLater(from: string, to: string, done: Done): void;
  /** Removes a file; nothing happens where it does not exist. */
  remove(path: string): void;
  removeLater(path: string, done: Done): void;
  /** Makes names durable: of files that were made, renamed or removed in a folder (`""` for the top). */
  syncFolder(folder: string, done: Done): void;
  /** The same, before returning. */
  syncFolderNow(folder: string): void;
  /** Makes the folder where it does not exist. */
  makeFolder(folder: string): void;
  /** Closes the handle that `append` keeps open. */
  close(path: string): void;
  /** Makes a file of that many real bytes and syncs it, in the background. */
  fill(path: string, bytes: number, done: Done): void;
}

/**
 * Reads a file on and on. It stays at the same file, with the same content, where another is
 * renamed over it meanwhile.
 */
export interface SequentialReader {
  /** Reads on into `into`; returns the number of bytes, 0 at the end. */
  read(into: Uint8Array): number;
  /** The same in the background. `into` must be left alone until `done`, which gets the count or the error. */
  readLater(into: Uint8Array, done: (outcome: number | Error) => void): void;
  /** Lets the file go, also while it is being read; such a read need not be answered. */
  close(): void;
}

/** The part of a data folder's files that reading a log takes. */
export type FileReads = Pick<FileStore, "list" | "size" | "read" | "reader">;
