/**
 * The error that an archive has to be made anew.
 *
 * @module
 */

/** An archive that is damaged, of another format, or no archive. The way out is to remove it: the log is whole. */
export class ArchiveUnusable extends Error {
  override readonly name = "ArchiveUnusable";
}

/** Words of SQLite for a file that is damaged or none of its own: the runtime gives its errors no code. */
const DAMAGED = /malformed|is not a database|database corruption|no such (table|column|index)/i;

/** Calls SQLite. @throws ArchiveUnusable in place of its errors about damage */
export function callingSqlite<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && DAMAGED.test(error.message)) {
      throw new ArchiveUnusable(`the archive is damaged: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
