/**
 * Rows of messages, as the connections that read have them.
 *
 * @module
 */

import type { StatementSync } from "node:sqlite";
import { comparePlaces } from "../core/messages/message.ts";
import type { ArchivedMessage } from "../core/messages/archived.ts";
import { checkMessage } from "./message_checksum.ts";
import { marksOf } from "./message_table.ts";
import { idOf, textOf } from "./stored_text.ts";

/** Columns of a message beside `first` and `second`, the ids of the two accounts of its conversation. */
export const MESSAGE_COLUMNS = `
  m.id, m.time, m.side, o.origin, m.progress, m.hidden, m.deleted, m.crc, p.digits, p.at, m.content`;

/** The tables of these columns. A cross join keeps their order: SQLite knows nothing of their sizes. */
export const MESSAGE_TABLES = `
  messages m CROSS JOIN origins o ON o.number = m.origin LEFT JOIN fingerprints p ON p.message = m.number`;

/** Tables that add `first` and `second`. */
export const ACCOUNT_TABLES = `
  CROSS JOIN conversations c ON c.number = m.conversation
  CROSS JOIN accounts f ON f.number = c.first CROSS JOIN accounts s ON s.number = c.second`;

/** A row of a statement with these columns. */
export type MessageRow = ReturnType<StatementSync["all"]>[number];

/** The message of a row. @throws ArchiveUnusable if its checksum does not fit */
export function archivedMessage(row: MessageRow): ArchivedMessage {
  const [first, second] = [textOf(String(row["first"])), textOf(String(row["second"]))];
  const [sender, recipient] = row["side"] === 0 ? [first, second] : [second, first];
  const id = row["id"];
  const message = {
    time: Number(row["time"]),
    origin: textOf(String(row["origin"])),
    id: idOf(id instanceof Uint8Array ? id : String(id)),
    sender,
    recipient,
    content: textOf(String(row["content"])),
    marks: marksOf(row),
  };
  checkMessage(message, row["crc"]);
  return message;
}

/** The order of people; below 0 if `a` comes first. Of one id of a sender to two people, the recipient decides. */
export function compareArchived(a: ArchivedMessage, b: ArchivedMessage): number {
  return comparePlaces(a, b) || (a.recipient < b.recipient ? -1 : a.recipient > b.recipient ? 1 : 0);
}
