/**
 * Known messages and chats. A status only moves forward and a deleted message stays deleted, in any order and
 * from any number of nodes.
 *
 * @module
 */

import { DEFAULT_LIMITS } from "../../common/limits.ts";
import type { ChatMessage, Status } from "../../common/protocol/shapes.ts";
import type { Chat, Message, MessageStatus, Model } from "./model.ts";
import type { Step } from "./step.ts";

/** The most messages that are remembered, and the most ids of deleted ones. */
export const MESSAGES_KEPT = 20_000;

const RANK: Readonly<Record<MessageStatus, number>> = {
  failed: 0,
  queued: 1,
  unread: 2,
  delivered: 3,
  read: 4,
};

/** True if a message has at least that status. */
export function hasReached(message: Message, status: MessageStatus): boolean {
  return RANK[message.status] >= RANK[status];
}

/** True if two names are equal, in any case. */
export function sameName(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one.toLowerCase() === other.toLowerCase();
}

/** True for the name of the own account. */
export function isMe(model: Model, name: string): boolean {
  return sameName(model.account?.name, name);
}

/** The other end of a message, seen from here. */
export function otherEnd(model: Model, message: Pick<Message, "sender" | "recipient">): string {
  return isMe(model, message.sender) ? message.recipient : message.sender;
}

/** True if a message belongs to the focused chat. */
export function inFocus(model: Model, message: Pick<Message, "sender" | "recipient">): boolean {
  return sameName(model.focus, otherEnd(model, message));
}

/** True if a message is for this account and not read yet. */
export function isUnread(model: Model, message: Message): boolean {
  return isMe(model, message.recipient) && !hasReached(message, "read") && !message.deleted;
}

/** The chat with that user, made if there is none. */
export function chatWith(model: Model, name: string): Chat {
  const key = name.toLowerCase();
  const known = model.chats.get(key);
  if (known !== undefined) return known;
  const chat = { name: model.names.get(key) ?? name, unread: 0 };
  model.chats.set(key, chat);
  model.names.set(key, chat.name);
  return chat;
}

/** A user has another name now, in the messages that are known as well. */
export function renameInMessages(model: Model, name: string, to: string): void {
  for (const message of model.messages.values()) {
    if (sameName(message.sender, name)) message.sender = to;
    if (sameName(message.recipient, name)) message.recipient = to;
  }
}

/** A message that this client makes. */
export function compose(model: Model, to: string, content: string, id: string, timestamp: number): Message {
  const sender = model.account?.name ?? "";
  const message: Message = {
    id,
    number: model.messagesMet++,
    timestamp,
    sender,
    recipient: to,
    content,
    status: "queued",
    deleted: false,
    shown: true,
  };
  model.messages.set(id, message);
  return message;
}

/** Takes in a message that a server told of; undefined if it was deleted before. */
export function learn(step: Step, told: ChatMessage): Message | undefined {
  const { model } = step;
  if (model.deleted.has(told.id)) return undefined;
  const known = model.messages.get(told.id);
  if (known !== undefined) {
    known.timestamp = told.timestamp;
    advance(step, [told.id], told.status);
    return known;
  }
  const message: Message = { ...told, number: model.messagesMet++, deleted: false, shown: false };
  model.messages.set(told.id, message);
  chatWith(model, otherEnd(model, message));
  prune(model);
  return message;
}

/** Moves messages forward to a status. Returns how many of the ids are unknown here. */
export function advance(step: Step, ids: readonly string[], status: Status): number {
  const { model } = step;
  const changed: string[] = [];
  let unknown = 0;
  for (const id of ids) {
    const message = model.messages.get(id);
    if (message === undefined) unknown++;
    if (message === undefined || hasReached(message, status)) continue;
    if (status === "read" && isUnread(model, message)) lessUnread(model, message);
    message.status = status;
    changed.push(id);
  }
  step.refresh(...changed);
  return unknown;
}

/** Takes messages out for good. Returns how many of the ids are unknown here. */
export function forget(step: Step, ids: readonly string[]): number {
  const { model } = step;
  let unknown = 0;
  for (const id of ids) {
    model.deleted.add(id);
    const message = model.messages.get(id);
    if (message === undefined) {
      unknown++;
      continue;
    }
    if (isUnread(model, message)) lessUnread(model, message);
    message.deleted = true;
    message.content = "";
  }
  step.refresh(...ids.filter((id) => model.messages.has(id)));
  return unknown;
}

function lessUnread(model: Model, message: Message): void {
  const chat = chatWith(model, message.sender);
  chat.unread = Math.max(0, chat.unread - 1);
}

/** Shows messages that were not shown before, and confirms them. */
export function showNew(step: Step, messages: readonly Message[]): void {
  show(step, messages.filter((message) => !message.shown));
}

/**
 * Shows messages, and confirms them: all as delivered, those of the focused chat as read.
 */
export function show(step: Step, messages: readonly Message[]): void {
  for (const message of messages) {
    message.shown = true;
    step.show({ kind: "message", message: { ...message } });
  }
  confirm(step, messages);
}

function confirm(step: Step, messages: readonly Message[]): void {
  const { model } = step;
  const mine = messages.filter((message) => isMe(model, message.recipient));
  const delivered = mine.filter((message) => !hasReached(message, "delivered")).map(({ id }) => id);
  for (const ids of inParts(delivered)) {
    step.ask({ name: "confirmDelivery", payload: { ids } }, { kind: "delivered" });
  }
  const read = mine.filter((message) => isUnread(model, message) && inFocus(model, message));
  if (model.attended) confirmRead(step, read);
  else model.unlooked.push(...read);
}

function confirmRead(step: Step, messages: readonly Message[]): void {
  const focus = step.model.focus ?? "";
  for (const ids of inParts(messages.map(({ id }) => id))) {
    step.ask({ name: "readMessages", payload: { with: focus, ids } }, { kind: "read", with: focus, ids });
  }
}

/** Somebody looks at the messages, or away: those that the focused chat showed meanwhile count as read then. */
export function attend(step: Step, attended: boolean): void {
  const { model } = step;
  model.attended = attended;
  if (!attended) return;
  confirmRead(step, model.unlooked.splice(0).filter((message) => inFocus(model, message)));
}

/** A request takes only so many ids. */
function inParts(ids: readonly string[]): readonly (readonly string[])[] {
  const size = DEFAULT_LIMITS.idsPerPush;
  const count = Math.ceil(ids.length / size);
  return Array.from({ length: count }, (_, part) => ids.slice(part * size, (part + 1) * size));
}

/** Lets the oldest go where there are more than a person looks back to: a session may last for months. */
function prune(model: Model): void {
  for (const message of model.messages.values()) {
    if (model.messages.size <= MESSAGES_KEPT) break;
    if (message.status === "queued") continue;
    model.messages.delete(message.id);
  }
  for (const id of model.deleted) {
    if (model.deleted.size <= MESSAGES_KEPT) break;
    model.deleted.delete(id);
  }
}
