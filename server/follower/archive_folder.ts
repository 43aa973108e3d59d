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
 * Removes the files of the archive. The folder stays, as it may be a link to another disk.
 *
 * @throws {Error} of the system
 */
export function removeArchive(data: string): void {
  const folder = `${data}/${ARCHIVE_FOLDER}`;
  try {
    for (const { name, isFile } of Deno.readDirSync(folder)) if (isFile) Deno.removeSync(`${folder}/${name}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
