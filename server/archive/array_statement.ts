/**
 * Statements whose rows are arrays. Where there are many rows, their names take much of the time: a row with
 * names takes three to four times as long as one without.
 *
 * @module
 */

import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";

/** What the runtime's declarations lack (https://nodejs.org/api/sqlite.html). */
interface ArraysReturned {
  setReturnArrays(enabled: boolean): void;
}

/** A row: its columns in the order of the statement. */
export type ArrayRow = readonly SQLOutputValue[];

/** A statement. */
export class ArrayStatement {
  readonly #statement: { all(...values: SQLInputValue[]): unknown; get(...values: SQLInputValue[]): unknown };

  constructor(db: DatabaseSync, sql: string) {
    const statement = db.prepare(sql) as StatementSync & ArraysReturned;
    statement.setReturnArrays(true);
    this.#statement = statement;
  }

  /** All rows. */
  all(...values: SQLInputValue[]): ArrayRow[] {
    return this.#statement.all(...values) as ArrayRow[];
  }

  /** The first row; `undefined` if there is none. */
  get(...values: SQLInputValue[]): ArrayRow | undefined {
    return this.#statement.get(...values) as ArrayRow | undefined;
  }
}
