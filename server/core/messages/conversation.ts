/**
 * What two accounts have said to each other.
 *
 * @module
 */

import type { Account } from "../accounts/account.ts";
import { compareMessages, type Message } from "./message.ts";

/** All messages between two accounts, in the order of their stamps. */
export class Conversation {
  /** Those that their sender has not deleted. */
  messages: Message[] = [];
  /** Those that their sender has deleted, in no order. */
  readonly deleted: Message[] = [];
  /** Messages to each of the two that they have not read. */
  #unreadOfFirst = 0;
  #unreadOfSecond = 0;

  constructor(readonly first: Account, readonly second: Account) {}

  /** The one whom `account` talks to: themselves, in a conversation with themselves. */
  other(account: Account): Account {
    return account === this.first ? this.second : this.first;
  }

  /** How many messages to `account` it has not read. */
  unread(account: Account): number {
    return account === this.first ? this.#unreadOfFirst : this.#unreadOfSecond;
  }

  /** Counts unread messages to `account` up or down, here and in total. */
  countUnread(account: Account, change: number): void {
    if (account === this.first) this.#unreadOfFirst += change;
    else this.#unreadOfSecond += change;
    account.unread += change;
  }

  /** Puts a message where its stamp belongs: nearly always the end. */
  insert(message: Message): void {
    insertInOrder(this.messages, message);
  }

  /** Takes messages out; those that are not here are passed over. */
  remove(gone: ReadonlySet<Message>): void {
    if (gone.size > 8) {
      this.messages = this.messages.filter((message) => !gone.has(message));
      return;
    }
    for (const message of gone) {
      const i = firstNotBefore(this.messages, message);
      if (this.messages[i] === message) this.messages.splice(i, 1);
    }
  }

  /** The newest message that `account` is shown. */
  last(account: Account): Message | undefined {
    return this.messages.findLast((message) => message.visibleTo(account));
  }
}

/** Puts a message where its stamp belongs: nearly always the end. */
export function insertInOrder(messages: Message[], message: Message): void {
  const last = messages.at(-1);
  if (last === undefined || compareMessages(last, message) < 0) messages.push(message);
  else messages.splice(firstNotBefore(messages, message), 0, message);
}

/** Where in ordered messages the first one is that does not come before `mark`. */
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
