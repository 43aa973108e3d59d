/**
 * Rows of messages, as the connections that read have them.
 *
 * @module
 */

import { comparePlaces } from "../core/messages/message.ts";
import type { ArchivedMessage } from "../core/messages/archived.ts";
import { ArchiveUnusable } from "./archive_unusable.ts";
import type { ArrayRow } from "./array_statement.ts";
import { checkMessage } from "./message_checksum.ts";
import { marksOf } from "./message_table.ts";
import { idOf, textOf } from "./stored_text.ts";

/** Columns of a message before `first` and `second`, the ids of the two accounts of its conversation. */
export const MESSAGE_COLUMNS = `
  m.id, m.time, m.side, o.origin, m.progress, m.hidden, m.deleted, m.crc, p.digits, p.at, m.content`;

/** The tables of these columns. A cross join keeps their order: SQLite knows nothing of their sizes. */
export const MESSAGE_TABLES = `
  messages m CROSS JOIN origins o ON o.number = m.origin LEFT JOIN fingerprints p ON p.message = m.number`;

/** Tables that add `first` and `second`. */
export const ACCOUNT_TABLES = `
  CROSS JOIN conversations c ON c.number = m.conversation
  CROSS JOIN accounts f ON f.number = c.first CROSS JOIN accounts s ON s.number = c.second`;

/** The message of a row that begins with these columns. @throws ArchiveUnusable if its checksum does not fit */
export function archivedMessage(row: ArrayRow): ArchivedMessage {
  const [id, time, side, origin, progress, hidden, deleted, crc, digits, at, content, one, other] = row;
  const [first, second] = [textOf(String(one)), textOf(String(other))];
  const [sender, recipient] = side === 0 ? [first, second] : [second, first];
  const message = {
    time: Number(time),
    origin: textOf(String(origin)),
    id: idOf(id instanceof Uint8Array ? id : String(id)),
    sender,
    recipient,
    content: textOf(String(content)),
    marks: marksOf({ progress, hidden, deleted, digits, at }),
  };
  checkMessage(message, crc);
  return message;
}

/**
 * The time of such a row, microseconds since the Unix epoch.
 *
 * @throws ArchiveUnusable if it is none: the index has it, without a checksum
 */
export function timeOfRow(row: ArrayRow | undefined): number {
  const time = row?.[1];
  if (typeof time === "number") return time;
  throw new ArchiveUnusable("the archive is damaged: a time is not a number");
}

/** The order of people; below 0 if `a` comes first. Of one id of a sender to two people, the recipient decides. */
export function compareArchived(a: ArchivedMessage, b: ArchivedMessage): number {
  return comparePlaces(a, b) || (a.recipient < b.recipient ? -1 : a.recipient > b.recipient ? 1 : 0);
}
