/**
 * A conversation: all messages between two accounts.
 *
 * @module
 */

import type { Account } from "../accounts/account.ts";
import { LastMessage } from "./last_message.ts";
import { compareMessages, type Message, type Placed } from "./message.ts";

/** The messages between two accounts, in order, with the unread counts of both sides. */
export class Conversation {
  /** Messages that their sender has not deleted. */
  messages: Message[] = [];
  /** Tombstones of the messages that their sender deleted, in no order. */
  #tombstones: Set<Message> | undefined;
  /** Numbers of unread messages to each side. */
  #unreadOfFirst = 0;
  #unreadOfSecond = 0;
  /** Messages up to this time may be missing: they were evicted, or never loaded. Microseconds since the Unix epoch; -1 if none is. */
  #evictedUntil = -1;
  readonly #lastOfFirst: LastMessage;
  readonly #lastOfSecond: LastMessage;

  constructor(readonly first: Account, readonly second: Account) {
    this.#lastOfFirst = new LastMessage(first);
    this.#lastOfSecond = first === second ? this.#lastOfFirst : new LastMessage(second);
  }

  /** Tombstones of the messages that their sender deleted, in no order. */
  get deleted(): Iterable<Message> {
    return this.#tombstones ?? [];
  }

  /** Keeps the tombstone of a message. Few conversations have any. */
  bury(tombstone: Message): void {
    this.#tombstones ??= new Set();
    this.#tombstones.add(tombstone);
  }

  /** Removes a tombstone, if it is there. */
  forget(tombstone: Message): void {
    this.#tombstones?.delete(tombstone);
  }

  /** The other side; in a conversation with oneself, the account itself. */
  other(account: Account): Account {
    return account === this.first ? this.second : this.first;
  }

  /** Number of unread messages to `account`. */
  unread(account: Account): number {
    return account === this.first ? this.#unreadOfFirst : this.#unreadOfSecond;
  }

  /** Counts a message that has become unread (1), or is so no more (-1), here and in its recipient's totals. */
  countUnread({ recipient, contentBytes }: Message, change: 1 | -1): void {
    if (recipient === this.first) this.#unreadOfFirst += change;
    else this.#unreadOfSecond += change;
    recipient.unread += change;
    recipient.unreadBytes += change * contentBytes;
  }

  /** The last message that `account` sees. */
  last(account: Account): LastMessage {
    return account === this.first ? this.#lastOfFirst : this.#lastOfSecond;
  }

  /** True if a side sees nothing behind a message. */
  isLast(message: Message): boolean {
    return this.#lastOfFirst.message === message || this.#lastOfSecond.message === message;
  }

  /** Inserts a message in order, nearly always at the end. */
  insert(message: Message): void {
    const isNewest = insertInOrder(this.messages, message) && this.isResidentFrom(message.time);
    this.#lastOfFirst.came(message, isNewest);
    this.#lastOfSecond.came(message, isNewest);
  }

  /** Begins without messages up to a time, microseconds since the Unix epoch: only the archive has them. */
  beginBehind(time: number): void {
    this.#evictedUntil = time;
    this.#lastOfFirst.lost();
    this.#lastOfSecond.lost();
  }

  /** True if messages from this time on are all in memory. */
  isResidentFrom(time: number): boolean {
    return time > this.#evictedUntil;
  }

  /** Messages have left memory, and none of them is the last that a side sees. */
  evict(evicted: ReadonlySet<Message>): void {
    const shown = new Set<Message>();
    for (const message of evicted) {
      if (message.deleted) this.forget(message);
      else shown.add(message);
    }
    this.messages = without(this.messages, shown);
    for (const { time } of shown) this.#evictedUntil = Math.max(this.#evictedUntil, time);
  }

  /** A message has come back into memory. */
  bringBack(message: Message): void {
    if (message.deleted) this.bury(message);
    else insertInOrder(this.messages, message);
  }

  /** Time of the newest message that was not deleted here, microseconds since the Unix epoch; at least 0. */
  get newestTime(): number {
    return Math.max(this.messages.at(-1)?.time ?? 0, this.#evictedUntil);
  }

  /** The recipient of a message has hidden it. */
  hid(message: Message): void {
    if (!message.visibleTo(message.recipient)) this.last(message.recipient).left(message);
  }

  /** Removes messages; those that are not in the conversation are ignored. */
  remove(gone: ReadonlySet<Message>): void {
    for (const message of gone) {
      this.#lastOfFirst.left(message);
      this.#lastOfSecond.left(message);
    }
    this.messages = without(this.messages, gone);
  }
}

/** Longest stretch of messages that is looked at for those that are gone; a longer one costs as much as all of them. */
const STRETCH_MAX = 10_000;

/** The ordered messages without those that are gone: the same array if these lie near each other. */
function without(messages: Message[], gone: ReadonlySet<Message>): Message[] {
  let first = messages.length;
  let end = 0;
  for (const message of gone) {
    const i = firstNotBefore(messages, message);
    if (messages[i] !== message) continue;
    first = Math.min(first, i);
    end = Math.max(end, i + 1);
  }
  if (first >= end) return messages;
  if (end - first > STRETCH_MAX) return messages.filter((message) => !gone.has(message));
  const kept = messages.slice(first, end).filter((message) => !gone.has(message));
  messages.splice(first, end - first, ...kept);
  return messages;
}

/** Inserts a message in order, nearly always at the end. Returns true if it stands at the end. */
export function insertInOrder(messages: Message[], message: Message): boolean {
  const last = messages.at(-1);
  if (last === undefined || compareMessages(last, message) < 0) {
    messages.push(message);
    return true;
  }
  messages.splice(firstNotBefore(messages, message), 0, message);
  return false;
}

/** Index of the first of the ordered messages that does not come before `mark`. */
export function firstNotBefore(messages: readonly Message[], mark: Placed): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const message = messages[middle];
    if (message !== undefined && compareMessages(message, mark) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
