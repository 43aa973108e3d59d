/**
 * The reasons for which a backup is not made, or not used.
 *
 * @module
 */

/** The folder is no place for this backup, or the backup is none for this restore. */
export class BackupRefused extends Error {
  override readonly name = "BackupRefused";
}

/** A backup that is not as it was made. */
export class BackupDamaged extends Error {
  override readonly name = "BackupDamaged";
  /** The file and its problem, without a way out. */
  readonly finding: string;

  /** @param file path in the folder of the backup, perhaps with line and byte */
  constructor(file: string, problem: string) {
    const finding = `${file} is damaged: ${problem}`;
    super(`${finding}. Nothing was changed. Use another backup, or another copy of this one`);
    this.finding = finding;
  }
}
