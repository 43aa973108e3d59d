/**
 * The folder of the archive in a data folder. It may be removed at any time: the next start makes it anew.
 *
 * @module
 */

const ARCHIVE_FOLDER = "archive";

/** Messages are nobody else's business. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** Path of the database of a data folder. */
export function archivePath(data: string): string {
  return `${data}/${ARCHIVE_FOLDER}/archive.db`;
}

/**
 * Makes the folder and an empty database, unless they are there: SQLite would make a file that all users may read.
 *
 * @throws {Error} of the system
 */
export function makeArchiveFolder(data: string): void {
  Deno.mkdirSync(`${data}/${ARCHIVE_FOLDER}`, { recursive: true, mode: FOLDER_MODE });
  Deno.openSync(archivePath(data), { write: true, create: true, mode: FILE_MODE }).close();
}

/**
 * Removes the files of the archive, in the background. The folder stays, as it may be a link to another disk. `done` is
 * called in any case: files that are left are met by the next writer, with the problem that they have.
 */
export function removeArchive(data: string, done: () => void): void {
  void removeFiles(`${data}/${ARCHIVE_FOLDER}`).catch(() => {}).finally(done);
}

async function removeFiles(folder: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    // A writer that is just ending removes its write-ahead log itself.
    if (isFile) await Deno.remove(`${folder}/${name}`).catch(() => {});
  }
}
