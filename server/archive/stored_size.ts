/**
 * The messages of an account, counted.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { ArchivePage, SizeQuery } from "../core/messages/archived.ts";
import type { Slices } from "../core/slices.ts";
import { ArrayStatement } from "./array_statement.ts";
import { keyBehind } from "./key_order.ts";
import { storedText } from "./stored_text.ts";

/** Messages that are counted before others have their turn. */
const SLICE_MESSAGES = 500;

/** Work of a message, units of `core/slices.ts`: its content is read. */
const MESSAGE_WORK = 50;

/** Counts the messages from and to an account that are not deleted, in slices. */
export function* storedSize(db: DatabaseSync, { account }: SizeQuery): Slices<ArchivePage> {
  const conversations = new ArrayStatement(db, CONVERSATIONS).all(storedText(account));
  const slice = new ArrayStatement(db, MESSAGES);
  const size = { messages: 0, bytes: 0 };
  for (const [conversation = 0] of conversations) {
    for (let [time, number] = [-1, -1];;) {
      const rows = slice.all(conversation, time, number, SLICE_MESSAGES);
      for (const [, , deleted, bytes] of rows) {
        if (deleted !== 0) continue;
        size.messages++;
        size.bytes += Number(bytes);
      }
      const [lastTime, lastNumber] = rows.at(-1) ?? [];
      if (lastTime === undefined) break;
      const isSameTime = Number(lastTime) === time;
      number = isSameTime ? keyBehind(number, Number(lastNumber)) : Number(lastNumber);
      if (!isSameTime) time = keyBehind(time, Number(lastTime));
      yield rows.length * MESSAGE_WORK;
    }
  }
  return { messages: [], more: false, size };
}

/** What is left of a deleted account is still to be erased. */
const CONVERSATIONS = `
  SELECT c.number FROM accounts a JOIN conversations c ON c.first = a.number OR c.second = a.number
  JOIN accounts f ON f.number = c.first JOIN accounts s ON s.number = c.second
  WHERE a.id = ? AND f.deletion = 0 AND s.deletion = 0`;

/** In the order of the index `messages_by_time`. */
const MESSAGES = `
  SELECT time, number, deleted, length(CAST(content AS BLOB)) FROM messages
  WHERE conversation = ? AND (time, number) > (?, ?) ORDER BY time, number LIMIT ?`;
