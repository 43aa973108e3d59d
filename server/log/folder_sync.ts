/**
 * Making the names in a folder durable, and files that another process writes.
 *
 * @module
 */

/**
 * Options for opening a folder to sync it, on a system as `Deno.build.os` calls it. Windows syncs only files opened
 * for writing (https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-flushfilebuffers); the others open
 * no folder for writing (POSIX, `open`: EISDIR).
 */
export function toSyncFolder(os: typeof Deno.build.os): Deno.OpenOptions {
  return os === "windows" ? { write: true } : { read: true };
}

const TO_SYNC = toSyncFolder(Deno.build.os);

/**
 * Makes durable which files were made, renamed or removed in a folder.
 *
 * @throws {Error} of the system
 */
export function syncFolderNow(path: string): void {
  using folder = Deno.openSync(path, TO_SYNC);
  folder.syncSync();
}

/**
 * The same in the background.
 *
 * @throws {Error} of the system
 */
export async function syncFolder(path: string): Promise<void> {
  using folder = await Deno.open(path, TO_SYNC);
  await folder.sync();
}

/**
 * Makes durable what a file has, without writing to it.
 *
 * @throws {Error} of the system
 */
export function syncFileNow(path: string): void {
  using file = Deno.openSync(path, TO_SYNC);
  file.syncDataSync();
}
