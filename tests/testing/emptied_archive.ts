/**
 * An archive in SQLite that is used again: to make its tables and prepare all statements anew would take longer.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";

/** SQL that makes the database that of a new archive: to prepare all statements anew would take longer. */
export function emptying(db: DatabaseSync): string {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'place'").all();
  const removals = tables.map(({ name }) => `DELETE FROM ${name};`).join("");
  return `${removals} UPDATE place SET position = 0, next_message = 1, newest_message = -1, latest_deletion = 0`;
}
