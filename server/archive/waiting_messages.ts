/**
 * The messages of accounts that are in no block of the index yet. What a transaction adds is in memory, with its
 * content, until it is saved: most of what an account says in a long transaction then goes into a block without ever
 * having had a row.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type ArrayRow, ArrayStatement } from "./array_statement.ts";
import { messageNumbers, messagesText } from "./block_messages.ts";
import { textOf } from "./stored_text.ts";

/** Most accounts whose waiting messages are counted in memory between two transactions. */
const COUNTED_MAX = 20_000;

/**
 * Most memory of messages until the transaction ends, UTF-16 units: of their contents, and for each message itself. A
 * message between two accounts counts twice.
 */
const ADDED_MAX = 33_554_432;
const MESSAGE_MEMORY = 64;

/** A message that waits for its block. */
export interface WaitingMessage {
  readonly number: number;
  /** Microseconds since the Unix epoch. */
  readonly time: number;
  readonly content: string;
}

/** How many messages wait, deleted ones in rows included. */
export interface WaitingSum {
  messages: number;
  /** Length of their contents, UTF-16 units. */
  length: number;
}

/** The waiting messages of an account. */
interface Waiting extends WaitingSum {
  /** Those that are in no row yet, the oldest first. */
  added: WaitingMessage[];
}

/** The messages that are in no block, for the connection that writes. `save` ends each part of a transaction. */
export class WaitingMessages {
  readonly #accounts = new Map<number, Waiting>();
  /** Accounts with messages that are in no row. */
  readonly #unsaved = new Set<number>();
  /** Memory of the messages that are in no row. */
  #added = 0;
  readonly #sum: StatementSync;
  readonly #rows: StatementSync;
  readonly #removeRows: StatementSync;
  readonly #read: ArrayStatement;
  readonly #save: StatementSync;

  constructor(db: DatabaseSync) {
    this.#sum = db.prepare(`
      SELECT ifnull(sum(count), 0) AS messages, ifnull(sum(length), 0) AS length FROM unindexed WHERE account = ?`);
    this.#rows = db.prepare("SELECT messages FROM unindexed WHERE account = ? ORDER BY first");
    this.#removeRows = db.prepare("DELETE FROM unindexed WHERE account = ?");
    this.#read = new ArrayStatement(db, READ_MESSAGES);
    this.#save = db.prepare("INSERT INTO unindexed VALUES (?, ?, ?, ?, ?)");
  }

  /** Adds a message, which has a higher number than all others; returns how many wait. */
  add(account: number, message: WaitingMessage): Readonly<WaitingSum> {
    const waiting = this.#of(account);
    waiting.added.push(message);
    this.#added += MESSAGE_MEMORY + message.content.length;
    this.#unsaved.add(account);
    waiting.messages++;
    waiting.length += message.content.length;
    return waiting;
  }

  /** Removes a message that is in no row yet; returns false if it is none. One in a row leaves with the row. */
  remove(account: number, number: number): boolean {
    const waiting = this.#accounts.get(account);
    const at = waiting?.added.findIndex((each) => each.number === number) ?? -1;
    const [message] = at < 0 ? [] : waiting?.added.splice(at, 1) ?? [];
    if (waiting === undefined || message === undefined) return false;
    this.#added -= MESSAGE_MEMORY + message.content.length;
    waiting.messages--;
    waiting.length -= message.content.length;
    return true;
  }

  /** Takes all messages of an account that are not deleted, the oldest first. */
  take(account: number): WaitingMessage[] {
    const { added } = this.#of(account);
    const numbers = this.#rows.all(account).flatMap((row) => messageNumbers(String(row["messages"])));
    const stored = numbers.length === 0 ? [] : this.#read.all(JSON.stringify(numbers)).map(waitingMessage);
    if (numbers.length > 0) this.#removeRows.run(account);
    this.#accounts.set(account, { messages: 0, length: 0, added: [] });
    for (const { content } of added) this.#added -= MESSAGE_MEMORY + content.length;
    return [...stored, ...added];
  }

  /** Writes what is in no row: one row for each account. @param mayWait true if that may wait while it is not much */
  save(mayWait: boolean): void {
    if (mayWait && this.#added <= ADDED_MAX) return;
    for (const account of this.#unsaved) {
      const { added } = this.#of(account);
      const numbers = added.map(({ number }) => number);
      const [first] = numbers;
      if (first === undefined) continue;
      let length = 0;
      for (const { content } of added) length += content.length;
      this.#save.run(account, first, numbers.length, length, messagesText(numbers));
      added.length = 0;
    }
    this.#unsaved.clear();
    this.#added = 0;
    if (this.#accounts.size > COUNTED_MAX) this.#accounts.clear();
  }

  /** Forgets what is in memory: it may have been undone, or erased. */
  forget(): void {
    this.#accounts.clear();
    this.#unsaved.clear();
    this.#added = 0;
  }

  #of(account: number): Waiting {
    const known = this.#accounts.get(account);
    if (known !== undefined) return known;
    const row = this.#sum.get(account);
    const waiting = {
      messages: Number(row?.["messages"]),
      length: Number(row?.["length"]),
      added: [],
    };
    this.#accounts.set(account, waiting);
    return waiting;
  }
}

/** The messages with the numbers of a JSON list that are not deleted, the oldest first. */
export const READ_MESSAGES = `
  SELECT m.number, m.time, m.content FROM json_each(?) j CROSS JOIN messages m ON m.number = j.value
  WHERE m.deleted = 0 ORDER BY m.number`;

/** The message in a row of `READ_MESSAGES`. */
export function waitingMessage([number, time, content]: ArrayRow): WaitingMessage {
  return { number: Number(number), time: Number(time), content: textOf(String(content)) };
}
