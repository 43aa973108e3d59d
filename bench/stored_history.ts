/**
 * What people said over years, as events: the same for the same sizes in every run. Ten messages in a hundred are
 * of one long conversation, three of an account that will be deleted, one of an account that searches; the others
 * are spread evenly.
 *
 * @module
 */

import type { Event } from "../server/core/events.ts";
import { PASSWORD_HASH } from "./client.ts";

/** Size of a history. */
export interface HistorySize {
  readonly messages: number;
  /** Accounts, those with a role included. */
  readonly accounts: number;
  /** Conversations of the accounts without a role. */
  readonly conversations: number;
}

/** Names of the accounts with a role. */
export const ROLES = {
  /** These two have the long conversation. */
  long: ["long1", "long2"],
  /** Has `CHATS` chats, if there are so many accounts. */
  social: "social",
  /** Searches in its messages. */
  searcher: "searcher",
  /** Is deleted with its messages. */
  leaver: "leaver",
} as const;

/** Chats of the account with the most. */
export const CHATS = 1_000;

/** Of so many messages in a row, the first ones are of the long conversation. */
export const LONG_SHARE = { count: 10, of: 100 } as const;

const ROLE_NAMES = [...ROLES.long, ROLES.social, ROLES.searcher, ROLES.leaver];
const [SOCIAL, SEARCHER, LEAVER] = [2, 3, 4];

/** Partners of the accounts that search and leave. */
const PARTNERS = 100;

/** Messages that one entry marks as read. */
const READ_AT_ONCE = 50;
/** Of so many entries of that kind, one is followed by a deletion, and one by a deletion for the recipient alone. */
const READS_PER_DELETION = 4;

const WORDS = 2_000;
/** Beginnings and ends of contents: each of both makes a content of about 100 bytes. */
const HALVES = 1_024;
const WORDS_PER_HALF = 8;

const SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split(" ");

/** Name of an account, by its number. */
export function accountName(number: number): string {
  return ROLE_NAMES[number] ?? `user${String(number).padStart(6, "0")}`;
}

/** A word of the contents; the lower its number, the more messages have it. */
export function wordOf(number: number): string {
  const [first, rest] = [number % 20, Math.floor(number / 20)];
  const [second, third] = [rest % 20, Math.floor(rest / 20)];
  return [first, second, third].map((syllable) => SYLLABLES[syllable]).join("");
}

/** Bits that look random, the same for the same number. */
function mixed(number: number): number {
  let bits = Math.imul(number ^ (number >>> 16), 0x45d9f3b);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  return (bits ^ (bits >>> 14)) >>> 0;
}

function hexadecimal(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

/** Account id, by the number of the account. */
function accountIdOf(number: number): string {
  return `${hexadecimal(mixed(number + 1), 8)}${hexadecimal(number, 12)}`;
}

/** Message id, a version-4 UUID, by the number of the message. */
export function messageId(number: number): string {
  const bits = hexadecimal(mixed(number), 8);
  return `${bits}-${bits.slice(4)}-4${bits.slice(0, 3)}-8${bits.slice(1, 4)}-${hexadecimal(number, 12)}`;
}

const halves = Array.from({ length: HALVES }, (_, half) => {
  const word = (place: number): string => {
    const share = mixed(half * WORDS_PER_HALF + place) / 2 ** 32;
    return wordOf(Math.floor(WORDS * share ** 2));
  };
  return Array.from({ length: WORDS_PER_HALF }, (_, place) => word(place)).join(" ");
});

/** Content of a message, by its number. */
function contentOf(number: number): string {
  const bits = mixed(number ^ 0x5bd1e995);
  return `${halves[bits % HALVES]} ${halves[(bits >>> 12) % HALVES]}`;
}

/** Two accounts, by number: the first one sends. */
type Sending = readonly [from: number, to: number];

/** The accounts of a message, by its number. */
function sendingOf(number: number, { messages, accounts, conversations }: HistorySize): Sending {
  const bits = mixed(number ^ 0x9e3779b9);
  const pair = pairOf(number, bits, messages, accounts, conversations);
  return bits % 2 === 0 ? pair : [pair[1], pair[0]];
}

function pairOf(
  number: number,
  bits: number,
  messages: number,
  accounts: number,
  conversations: number,
): Sending {
  const first = ROLE_NAMES.length;
  const others = accounts - first;
  const kind = number % LONG_SHARE.of;
  if (kind < LONG_SHARE.count) return [0, 1];
  if (kind === 10) return [SEARCHER, first + (bits >>> 1) % Math.min(PARTNERS, others)];
  if (kind < 14) return [LEAVER, first + (bits >>> 1) % Math.min(PARTNERS, others)];
  if (number % 1_000 === 14) {
    const chats = Math.min(CHATS, others, Math.ceil(messages / 1_000));
    return [SOCIAL, first + Math.floor(number / 1_000) % chats];
  }
  const conversation = (bits >>> 1) % conversations;
  const one = conversation % others;
  const other = (one + 1 + Math.floor(conversation / others)) % others;
  return [first + one, first + other];
}

/** The events of a history, in order: the accounts, then messages and marks on them. */
export class StoredHistory {
  /** Numbers of the messages that are not read yet, by sender and recipient. */
  readonly #unread = new Map<number, number[]>();
  #reads = 0;

  constructor(readonly size: HistorySize) {}

  /** All events, to be taken once. */
  *events(): Generator<Event> {
    const { messages, accounts } = this.size;
    for (let number = 0; number < accounts; number++) {
      const account = accountIdOf(number);
      yield { type: "accountCreated", account, name: accountName(number), hash: PASSWORD_HASH };
    }
    for (let number = 0; number < messages; number++) yield* this.#message(number);
    // The newest message of everybody to everybody stays unread.
    for (const key of this.#unread.keys()) yield* this.#read(key, 0);
  }

  *#message(number: number): Generator<Event> {
    const [sender, recipient] = sendingOf(number, this.size);
    const [from, to] = [accountIdOf(sender), accountIdOf(recipient)];
    yield { type: "messageSent", id: messageId(number), from, to, content: contentOf(number) };
    const key = sender * this.size.accounts + recipient;
    const unread = this.#unread.get(key);
    if (unread === undefined) this.#unread.set(key, [number]);
    else if (unread.push(number) > READ_AT_ONCE) yield* this.#read(key, READ_AT_ONCE - 1);
  }

  /** Marks all but the newest message as read, if there are more than `min`. */
  *#read(key: number, min: number): Generator<Event> {
    const unread = this.#unread.get(key) ?? [];
    const ids = unread.splice(0, unread.length - 1).map(messageId);
    if (ids.length <= min) return;
    const sender = accountIdOf(Math.floor(key / this.size.accounts));
    const recipient = accountIdOf(key % this.size.accounts);
    yield { type: "messagesRead", sender, recipient, ids };
    const kind = this.#reads++ % READS_PER_DELETION;
    const [id = ""] = ids;
    if (kind === 0) yield { type: "messagesDeleted", sender, recipient, ids: [id] };
    if (kind === 1) yield { type: "messagesHidden", sender, recipient, ids: [id] };
  }
}
