/**
 * All messages that the client knows: by id in the order in which it met them, and by chat in the order of the chat.
 *
 * @module
 */

import type { Chat } from "./chats.ts";
import { isUnsent, type Message, type MessageFace, NOT_MET } from "./message.ts";
import type { Revisions } from "./revisions.ts";

const NONE: readonly Message[] = [];

/** The known messages. */
export class MessageStore {
  readonly #revisions: Revisions;
  readonly #byId = new Map<string, Message>();
  /** Without the deleted ones. */
  readonly #byChat = new Map<Chat, Message[]>();
  readonly #unsent = new Set<Message>();
  #met = 0;

  constructor(revisions: Revisions) {
    this.#revisions = revisions;
  }

  /** Number of messages. */
  get size(): number {
    return this.#byId.size;
  }

  /** Messages that no server has, in the order in which they became so. */
  get unsent(): ReadonlySet<Message> {
    return this.#unsent;
  }

  /** The chats that have messages, the one with the newest first. */
  get chats(): readonly Chat[] {
    const ends = [...this.#byChat].map(([chat, messages]) => ({ chat, time: orderOf(messages.at(-1)) }));
    return ends.sort((one, other) => other.time - one.time).map(({ chat }) => chat);
  }

  /** The message with that id, deleted or not. */
  get(id: string): Message | undefined {
    return this.#byId.get(id);
  }

  /** True if there is a message with that id. */
  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** All messages, deleted ones too, in the order in which they were met. */
  values(): IterableIterator<Message> {
    return this.#byId.values();
  }

  /** The messages of a chat, oldest first; those that wait to be sent come last. */
  of(chat: Chat): readonly Message[] {
    return this.#byChat.get(chat) ?? NONE;
  }

  /** The last message of a chat. */
  last(chat: Chat): Message | undefined {
    return this.of(chat).at(-1);
  }

  /** Adds a message; it is `met` unless it is known only as the last one of its chat. */
  add(fields: Omit<Message, "number" | "revision" | "seen">, met = true): Message {
    const number = met ? this.#met++ : NOT_MET;
    this.delete(fields.id);
    const message: Message = { ...fields, number, revision: 0, seen: false };
    this.#byId.set(message.id, message);
    this.#place(message);
    this.#changed(message);
    return message;
  }

  /** Gives a message its number, if it has none. */
  meet(message: Message): void {
    if (message.number !== NOT_MET) return;
    this.#byId.delete(message.id);
    this.#byId.set(message.id, message);
    Object.assign(message, { number: this.#met++ });
  }

  /** Changes a message, and its revision if that makes a difference. */
  change(message: Message, changed: Partial<MessageFace>): void {
    const fields = Object.keys(changed) as (keyof MessageFace)[];
    if (fields.every((field) => message[field] === changed[field])) return;
    this.#displace(message);
    Object.assign(message, changed);
    this.#place(message);
    this.#changed(message);
  }

  /** Puts messages of a chat into the order in which a node has told them, where their times are equal. */
  arrange(told: readonly Message[]): void {
    const present = told.filter((each) => this.#byId.get(each.id) === each && !each.deleted);
    const [first] = present;
    const messages = first && this.#byChat.get(first.chat);
    if (messages === undefined) return;
    const places = present.map((each) => indexOf(messages, each)).sort((one, other) => one - other);
    places.forEach((place, index) => messages[place] = present[index] ?? messages[place] as Message);
  }

  /** Forgets a message. */
  delete(id: string): void {
    const message = this.#byId.get(id);
    if (message === undefined) return;
    this.#displace(message);
    this.#byId.delete(id);
    this.#revise(message.chat);
  }

  /** Forgets all messages. Numbers go on. */
  clear(): void {
    this.#byId.clear();
    this.#byChat.clear();
    this.#unsent.clear();
  }

  #place(message: Message): void {
    if (message.deleted) return;
    if (isUnsent(message)) this.#unsent.add(message);
    const messages = this.#byChat.get(message.chat);
    if (messages === undefined) this.#byChat.set(message.chat, [message]);
    else messages.splice(placeAfter(messages, orderOf(message)), 0, message);
  }

  #displace(message: Message): void {
    if (message.deleted) return;
    this.#unsent.delete(message);
    const messages = this.#byChat.get(message.chat) ?? [];
    messages.splice(indexOf(messages, message), 1);
    if (messages.length === 0) this.#byChat.delete(message.chat);
  }

  #changed(message: Message): void {
    Object.assign(message, { revision: this.#revisions.next() });
    this.#revise(message.chat);
  }

  #revise(chat: Chat): void {
    Object.assign(chat, { revision: this.#revisions.next() });
  }
}

/** The place of a message in its chat: by time, and behind all others while it waits to be sent. */
function orderOf(message: Message | undefined): number {
  return message?.status === "queued" ? Infinity : message?.timestamp ?? -Infinity;
}

/** The place behind all messages that are not later. */
function placeAfter(messages: readonly Message[], order: number): number {
  return firstPlace(messages, (each) => orderOf(each) > order);
}

/** The place of a message that is there. */
function indexOf(messages: readonly Message[], message: Message): number {
  const order = orderOf(message);
  return messages.indexOf(message, firstPlace(messages, (each) => orderOf(each) >= order));
}

/** The place of the first message for which something holds, which holds for all behind it too. */
function firstPlace(messages: readonly Message[], holds: (message: Message) => boolean): number {
  let [from, to] = [0, messages.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const message = messages[middle];
    if (message !== undefined && holds(message)) to = middle;
    else from = middle + 1;
  }
  return from;
}
