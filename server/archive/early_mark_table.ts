/**
 * The early marks: those on messages that have not arrived. One that was lost or changed would show a message to somebody
 * who has deleted it, so each has a checksum.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { EarlyMark } from "../core/messages/early_mark.ts";
import { marksOf } from "./message_table.ts";
import { checkRow, rowChecksum } from "./row_checksum.ts";
import { idOf, storedId, storedText } from "./stored_text.ts";

/** The early marks, for the connection that writes. */
export class EarlyMarkTable {
  /** True until a mark is kept, if there was none: then no message has to be looked for. */
  #isEmpty: boolean;
  readonly #find: StatementSync;
  readonly #keep: StatementSync;
  readonly #remove: StatementSync;

  constructor(db: DatabaseSync) {
    this.#isEmpty = db.prepare("SELECT 1 FROM early_marks LIMIT 1").get() === undefined;
    this.#find = db.prepare(`
      SELECT * FROM early_marks WHERE sender = ? AND recipient = ? AND id = ?`);
    this.#keep = db.prepare("INSERT OR REPLACE INTO early_marks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    this.#remove = db.prepare("DELETE FROM early_marks WHERE sender = ? AND recipient = ? AND id = ?");
  }

  /**
   * The marks on a message, by the numbers of its accounts; `undefined` if there are none.
   *
   * @throws ArchiveUnusable if the checksum does not fit
   */
  find(sender: number, recipient: number, id: string): EarlyMark | undefined {
    if (this.#isEmpty) return undefined;
    const row = this.#find.get(sender, recipient, storedId(id));
    return row === undefined ? undefined : checkedMarks(row);
  }

  /** Keeps marks in place of those that were there. */
  keep(sender: number, recipient: number, id: string, marks: EarlyMark): void {
    const { progress, hidden, deleted, fingerprint } = marks;
    this.#isEmpty = false;
    const covered = [sender, recipient, storedId(id), progress, Number(hidden), Number(deleted)];
    this.#keep.run(
      ...covered,
      fingerprint === undefined ? null : storedText(fingerprint.digits),
      fingerprint?.at ?? null,
      checksumOf(covered),
    );
  }

  /** Removes the marks on a message. */
  remove(sender: number, recipient: number, id: string): void {
    this.#remove.run(sender, recipient, storedId(id));
  }
}

type Row = ReturnType<StatementSync["all"]>[number];

/** The columns that the checksum covers, in their order. A fingerprint is erased after a while. */
const COVERED = ["sender", "recipient", "id", "progress", "hidden", "deleted"];

/** The marks of a whole row of the table. @throws ArchiveUnusable if the checksum does not fit */
export function checkedMarks(row: Row): EarlyMark {
  checkRow(textsOf(COVERED.map((column) => row[column] ?? null)), row["crc"]);
  return marksOf(row);
}

function checksumOf(covered: readonly unknown[]): number {
  return rowChecksum(textsOf(covered));
}

function textsOf(values: readonly unknown[]): string[] {
  return values.map((value) => value instanceof Uint8Array ? idOf(value) : String(value));
}
