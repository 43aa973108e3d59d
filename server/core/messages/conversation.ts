/**
 * A conversation: all messages between two accounts.
 *
 * @module
 */

import { assert } from "../../../common/errors.ts";
import type { Account } from "../accounts/account.ts";
import { LastMessage } from "./last_message.ts";
import { compareMessages, type Message } from "./message.ts";

/** The messages between two accounts, in order, with the unread counts of both sides. */
export class Conversation {
  /** Messages that their sender has not deleted. */
  messages: Message[] = [];
  /** Tombstones of the messages that their sender deleted, in no order. */
  readonly deleted: Message[] = [];
  /** Numbers of unread messages to each side. */
  #unreadOfFirst = 0;
  #unreadOfSecond = 0;
  /** Time of the newest message that was evicted, microseconds since the Unix epoch; -1 if none was. */
  #evictedUntil = -1;
  readonly #lastOfFirst: LastMessage;
  readonly #lastOfSecond: LastMessage;

  constructor(readonly first: Account, readonly second: Account) {
    this.#lastOfFirst = new LastMessage(first);
    this.#lastOfSecond = first === second ? this.#lastOfFirst : new LastMessage(second);
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

  /** Inserts a message in order, nearly always at the end. */
  insert(message: Message): void {
    const isNewest = insertInOrder(this.messages, message);
    this.#lastOfFirst.came(message, isNewest);
    this.#lastOfSecond.came(message, isNewest);
  }

  /** True if messages from this time on are all in memory. */
  isResidentFrom(time: number): boolean {
    return time > this.#evictedUntil;
  }

  /** Takes a settled message, which must not be the last that a side sees, out of memory: the archive has it. */
  evict(message: Message): void {
    const i = firstNotBefore(this.messages, message);
    assert(this.messages[i] === message, "a message is evicted that is not in its conversation");
    this.messages.splice(i, 1);
    this.#evictedUntil = Math.max(this.#evictedUntil, message.time);
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
    if (gone.size > 8) {
      this.messages = this.messages.filter((message) => !gone.has(message));
      return;
    }
    for (const message of gone) {
      const i = firstNotBefore(this.messages, message);
      if (this.messages[i] === message) this.messages.splice(i, 1);
    }
  }
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
export function firstNotBefore(messages: readonly Message[], mark: Message): number {
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
