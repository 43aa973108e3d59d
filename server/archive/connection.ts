/**
 * Connections to the database of the archive: settings, format, transactions.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { ArchiveUnusable, callingSqlite } from "./archive_unusable.ts";
import { APPLICATION_ID, FORMAT, SCHEMA } from "./schema.ts";

/** One process writes; every other connection reads. */
export type Mode = "write" | "read";

/** Page of the database, bytes. */
export const PAGE_BYTES = 8_192;

/** Memory for pages of the database, KiB; the last one while much is written in few transactions. */
const CACHE_KIB = { write: 32_768, read: 8_192, writeMuch: 262_144 };

/** Longest wait for another connection, ms: for a recovery, or a statement that holds up a checkpoint. */
const BUSY_MS = 1_000;

/**
 * Opens the database, or makes it.
 *
 * @throws ArchiveUnusable if it is damaged or of another format; to read, also if it is not made yet
 */
export function openDatabase(path: string, mode: Mode): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: mode === "read" });
  try {
    callingSqlite(() => prepareDatabase(db, mode));
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

/** Applies the settings to a new connection, and makes the tables of a new database. */
export function prepareDatabase(db: DatabaseSync, mode: Mode): void {
  db.exec(`
    PRAGMA busy_timeout = ${BUSY_MS};
    PRAGMA cache_size = -${CACHE_KIB[mode]};
    PRAGMA temp_store = MEMORY;
    PRAGMA trusted_schema = OFF;
  `);
  if (mode === "write") {
    db.exec(`
      PRAGMA page_size = ${PAGE_BYTES};
      PRAGMA secure_delete = ON;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
    `);
    if (isEmpty(db)) inTransaction(db, () => make(db));
  }
  checkFormat(db);
}

/** Gives a connection that writes memory for more pages than usual, or takes it back. */
export function writeMuch(db: DatabaseSync, much: boolean): void {
  db.exec(`PRAGMA cache_size = -${much ? CACHE_KIB.writeMuch : CACHE_KIB.write}; PRAGMA shrink_memory`);
}

function isEmpty(db: DatabaseSync): boolean {
  return pragma(db, "application_id") === 0 && pragma(db, "schema_version") === 0;
}

function make(db: DatabaseSync): void {
  db.exec(`${SCHEMA}
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${FORMAT};
    INSERT INTO place VALUES (1, 0, 1, 0, -1, 0);
  `);
}

function checkFormat(db: DatabaseSync): void {
  if (pragma(db, "application_id") !== APPLICATION_ID) {
    throw new ArchiveUnusable("the file is not an archive of this program");
  }
  const format = pragma(db, "user_version");
  if (format === FORMAT) return;
  throw new ArchiveUnusable(`the archive is of format ${format}, and this version uses format ${FORMAT}`);
}

function pragma(db: DatabaseSync, name: string): unknown {
  return db.prepare(`PRAGMA ${name}`).get()?.[name];
}

/** Does the work in one transaction; an error undoes all of it. */
function inTransaction(db: DatabaseSync, work: () => void): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    work();
    db.exec("COMMIT");
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

/** Undoes what the open transaction has done. */
export function rollBack(db: DatabaseSync): void {
  try {
    db.exec("ROLLBACK");
  } catch {
    // SQLite has rolled back already, as after a full disk: the error that led here says why.
  }
}
