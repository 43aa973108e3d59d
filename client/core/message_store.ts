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
  /** Without those that are deleted or absent. */
  readonly #byChat = new Map<Chat, Message[]>();
  readonly #unsent = new Set<Message>();
  #unsentRevision = 0;
  #met = 0;
  #tellings = 0;

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

  /** Number of changes of messages that no server has. */
  get unsentRevision(): number {
    return this.#unsentRevision;
  }

  /** Number of times that a node told of a message. */
  get tellings(): number {
    return this.#tellings;
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

  /** The newest messages of a chat without a gap between them; all of them before a page of it was told. */
  history(chat: Chat): readonly Message[] {
    const messages = this.of(chat);
    const from = chat.stretch?.from ?? -Infinity;
    return messages.slice(firstPlace(messages, (each) => orderOf(each) >= from));
  }

  /** The last message of a chat. */
  last(chat: Chat): Message | undefined {
    return this.of(chat).at(-1);
  }

  /** Adds a message; it is `met` unless it is known only as the last one of its chat. */
  add(fields: Omit<Message, "number" | "revision" | "told" | "marks" | "absent">, met = true): Message {
    const number = met ? this.#met++ : NOT_MET;
    this.delete(fields.id);
    const message: Message = { ...fields, number, revision: 0, told: 0, marks: 0, absent: false };
    this.#byId.set(message.id, message);
    this.#place(message);
    this.#noteUnsent(message);
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

  /** Notes that a node told of a message. */
  noteTold(message: Message): void {
    Object.assign(message, { told: ++this.#tellings });
  }

  /** Changes a message, and its revision if that makes a difference. */
  change(message: Message, changed: Partial<MessageFace>): void {
    const fields = Object.keys(changed) as (keyof MessageFace)[];
    if (fields.every((field) => message[field] === changed[field])) return;
    const { chat } = message;
    const stays = isAtSamePlace(message, { ...message, ...changed });
    if (!stays) this.#displace(message);
    Object.assign(message, changed);
    if (!stays) this.#place(message);
    this.#noteUnsent(message);
    this.#changed(message);
    if (message.chat !== chat) this.#revise(chat);
  }

  /**
   * Puts messages into the order in which a node has told them, where their times are equal.
   *
   * @param before id of the message that the last of them comes before
   */
  arrange(ids: readonly string[], before = ""): void {
    const told = new Set([...ids, ...this.#from(before)]);
    const present = [...told].flatMap((id) => this.#byId.get(id) ?? []).filter((each) => !isHidden(each));
    for (const [chat, each] of Map.groupBy(present, ({ chat }) => chat)) this.#arrange(chat, each);
  }

  /** Ids of a message and of those of its time behind it. */
  #from(id: string): readonly string[] {
    const first = this.#byId.get(id);
    if (first === undefined || isHidden(first)) return [];
    const messages = this.of(first.chat);
    const behind = messages.slice(indexOf(messages, first));
    return behind.filter((each) => orderOf(each) === orderOf(first)).map((each) => each.id);
  }

  #arrange(chat: Chat, told: readonly Message[]): void {
    const messages = this.#byChat.get(chat) ?? [];
    const places = told.map((each) => indexOf(messages, each)).sort((one, other) => one - other);
    const sorted = told.toSorted((one, other) => orderOf(one) - orderOf(other));
    let isMoved = false;
    for (const [index, message] of sorted.entries()) {
      const place = places[index] ?? 0;
      isMoved ||= messages[place] !== message;
      messages[place] = message;
    }
    if (isMoved) this.#revise(chat);
  }

  /** Forgets a message. */
  delete(id: string): void {
    const message = this.#byId.get(id);
    if (message === undefined) return;
    this.#displace(message);
    this.#byId.delete(id);
    this.#noteUnsent(message);
    this.#revise(message.chat);
  }

  /** Forgets all messages. Numbers go on. */
  clear(): void {
    this.#byId.clear();
    this.#byChat.clear();
    this.#unsent.clear();
    this.#unsentRevision++;
  }

  #place(message: Message): void {
    if (isHidden(message)) return;
    const messages = this.#byChat.get(message.chat);
    if (messages === undefined) this.#byChat.set(message.chat, [message]);
    else messages.splice(placeAfter(messages, orderOf(message)), 0, message);
  }

  #displace(message: Message): void {
    if (isHidden(message)) return;
    const messages = this.#byChat.get(message.chat) ?? [];
    messages.splice(indexOf(messages, message), 1);
    if (messages.length === 0) this.#byChat.delete(message.chat);
  }

  #noteUnsent(message: Message): void {
    const was = this.#unsent.has(message);
    const is = isUnsent(message) && !isHidden(message) && this.#byId.get(message.id) === message;
    if (was || is) this.#unsentRevision++;
    if (is) this.#unsent.add(message);
    else this.#unsent.delete(message);
  }

  #changed(message: Message): void {
    Object.assign(message, { revision: this.#revisions.next() });
    this.#revise(message.chat);
  }

  #revise(chat: Chat): void {
    Object.assign(chat, { revision: this.#revisions.next() });
  }
}

/** True if a change leaves a message where it stands among those of its time. */
function isAtSamePlace(one: Message, other: Message): boolean {
  return one.chat === other.chat && isHidden(one) === isHidden(other) && orderOf(one) === orderOf(other);
}

function isHidden({ deleted, absent }: Message): boolean {
  return deleted || absent;
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
