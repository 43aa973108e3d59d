/**
 * An archive and a state as lines of text, to compare what they have of messages.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { idOf, textOf } from "../../server/archive/stored_text.ts";
import type { EarlyMark } from "../../server/core/messages/early_mark.ts";
import type { State } from "../../server/core/state.ts";

type Row = ReturnType<StatementSync["all"]>[number];

const MESSAGES = `
  SELECT f.id AS first, s.id AS second, m.side, m.id, m.time, o.origin, m.content, m.progress, m.hidden, m.deleted,
    p.digits, p.at
  FROM accounts f JOIN conversations c ON c.first = f.number JOIN accounts s ON s.number = c.second
  JOIN messages m ON m.conversation = c.number JOIN origins o ON o.number = m.origin
  LEFT JOIN fingerprints p ON p.message = m.number
  WHERE f.id IN (SELECT value FROM json_each(?)) AND f.deletion = 0 AND s.deletion = 0`;

const EARLY_MARKS = `
  SELECT f.id AS first, t.id AS second, 0 AS side, e.id, e.progress, e.hidden, e.deleted, e.digits, e.at
  FROM accounts f JOIN early_marks e ON e.sender = f.number JOIN accounts t ON t.number = e.recipient
  WHERE f.id IN (SELECT value FROM json_each(?)) AND f.deletion = 0 AND t.deletion = 0`;

/** Reads what an archive has of messages; its queries are prepared once. */
export class ArchiveRows {
  readonly #messages: StatementSync;
  readonly #earlyMarks: StatementSync;

  constructor(db: DatabaseSync) {
    this.#messages = db.prepare(MESSAGES);
    this.#earlyMarks = db.prepare(EARLY_MARKS);
  }

  /** The messages of these accounts and the early marks on such, one a line. Those of deleted accounts are left out. */
  of(accounts: readonly string[]): string[] {
    const names = JSON.stringify(accounts);
    return [
      ...this.#messages.all(names).map((row) =>
        `message ${named(row)} ${row["time"]} ${textOf(String(row["origin"]))} ` +
        `${JSON.stringify(textOf(String(row["content"])))} ${marked(row)}`
      ),
      ...this.#earlyMarks.all(names).map((row) => `early ${named(row)} ${marked(row)}`),
    ].sort();
  }
}

function named(row: Row): string {
  const [first, second] = [textOf(String(row["first"])), textOf(String(row["second"]))];
  const id = row["id"];
  const ends = row["side"] === 0 ? `${first}/${second}` : `${second}/${first}`;
  return `${ends}/${idOf(id instanceof Uint8Array ? id : String(id))}`;
}

function marked(row: Row): string {
  const fingerprint = row["digits"] === null ? undefined : `${row["digits"]} ${row["at"]}`;
  return `${row["progress"]} ${row["hidden"] === 1} ${row["deleted"] === 1} ${fingerprint}`;
}

/** The same lines of a state. */
export function stateRows(state: State): string[] {
  const rows = [...state.messages.all()].map((message) =>
    `message ${message.sender.id}/${message.recipient.id}/${message.id} ${message.time} ${message.origin} ` +
    `${JSON.stringify(message.content)} ${marksText(message)}`
  );
  for (const [key, mark] of state.earlyMarks) rows.push(`early ${key} ${marksText(mark)}`);
  return rows.sort();
}

function marksText({ progress, hidden, deleted, fingerprint }: EarlyMark): string {
  return `${progress} ${hidden} ${deleted} ${fingerprint && `${fingerprint.digits} ${fingerprint.at}`}`;
}
