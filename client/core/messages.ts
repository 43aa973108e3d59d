/**
 * Known messages and chats. A status only moves forward and a deleted message stays deleted, in any order and
 * from any number of nodes.
 *
 * @module
 */

import type { Status } from "../../common/protocol/shapes.ts";
import type { Chat } from "./chats.ts";
import { confirm, markSeen } from "./marks.ts";
import { hasReached, type Message, NOT_MET } from "./message.ts";
import type { Model } from "./model.ts";
import type { Step } from "./step.ts";
import { cutStretch } from "./stretch.ts";

/** The most messages that are remembered, and the most ids of deleted ones. */
export const MESSAGES_KEPT = 20_000;

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
export function inFocus({ focus }: Model, message: Pick<Message, "chat">): boolean {
  return focus !== undefined && message.chat === focus;
}

/** True if a message is for this account and not read yet. */
export function isUnread(model: Model, message: Message): boolean {
  return isMe(model, message.recipient) && !hasReached(message, "read") && !message.deleted &&
    !message.absent;
}

/** The user of a chat has another name now, in its known messages as well. */
export function renameInMessages(model: Model, chat: Chat, to: string): void {
  for (const message of model.messages.values()) {
    if (message.chat !== chat) continue;
    model.messages.change(message, isMe(model, message.sender) ? { recipient: to } : { sender: to });
  }
}

/** The own account has another name now, in the messages that are known as well. */
export function renameOwn(model: Model, name: string, to: string): void {
  for (const message of model.messages.values()) {
    if (sameName(message.sender, name)) model.messages.change(message, { sender: to });
    if (sameName(message.recipient, name)) model.messages.change(message, { recipient: to });
  }
}

/** The chat with oneself goes by the own name, and by no `former` one. */
export function nameOwnChat({ account, chats }: Model, former: string): void {
  if (!sameName(former, account?.name)) chats.forgetAccount(former, account?.id);
  const chat = account?.id === undefined ? undefined : chats.of(account.id);
  if (chat !== undefined && !sameName(chat.name, account?.name)) chats.name(chat, account?.name ?? chat.name);
}

/** Count of the messages that the person must decide about. */
export function heldCount({ messages }: Model): number {
  return [...messages.unsent].filter(({ status }) => status === "held").length;
}

/** Tells how many messages are never sent. */
export function tellUnsent(step: Step, account: string | undefined): void {
  const { model } = step;
  const { messageIds: { length: count }, mayBeStored: { size: mayBeStored } } = model.pending;
  const held = heldCount(model);
  if (count > 0) step.fail({ kind: "unsent", count, mayBeStored, account });
  if (held > 0) step.fail({ kind: "heldUnsent", count: held, account });
}

/** A message that this client makes. */
export function compose(model: Model, chat: Chat, content: string, id: string, timestamp: number): Message {
  return model.messages.add({
    id,
    timestamp,
    sender: model.account?.name ?? "",
    recipient: chat.name,
    chat,
    content,
    status: "queued",
    deleted: false,
    shown: true,
  });
}

/** Moves messages forward to a status. Returns how many of the ids are unknown here, or were there already. */
export function advance(step: Step, ids: readonly string[], status: Status): number {
  const { model } = step;
  const changed: string[] = [];
  let unchanged = 0;
  for (const id of ids) {
    const message = model.messages.get(id);
    if (message === undefined || message.number === NOT_MET || hasReached(message, status)) unchanged++;
    if (message === undefined || hasReached(message, status)) continue;
    if (status === "read" && isUnread(model, message)) lessUnread(model, message);
    model.messages.change(message, { status, refusal: undefined });
    model.messages.noteTold(message);
    changed.push(id);
  }
  step.refresh(...changed);
  return unchanged;
}

/** Takes messages out for good. Returns how many of them the node may have counted as unread, and this client not. */
export function forget(step: Step, ids: readonly string[]): number {
  const { model } = step;
  let uncounted = 0;
  for (const id of ids) {
    model.deleted.add(id);
    const message = model.messages.get(id);
    if (message === undefined || isUncounted(model, message)) uncounted++;
    if (message === undefined) continue;
    if (isUnread(model, message)) lessUnread(model, message);
    model.messages.change(message, { deleted: true, content: "" });
  }
  step.refresh(...ids.filter((id) => model.messages.has(id)));
  return uncounted;
}

/** Nobody has met the message here, or its node may not know yet that it was read or deleted. */
function isUncounted(model: Model, message: Message): boolean {
  if (message.number === NOT_MET || message.deleted) return true;
  return isMe(model, message.recipient) && !isUnread(model, message) && message.chat.unread > 0;
}

function lessUnread({ chats }: Model, { chat }: Message): void {
  chats.change(chat, { unread: Math.max(0, chat.unread - 1) });
}

/** Shows messages that were not shown before, and confirms them. */
export function showNew(step: Step, messages: readonly Message[]): void {
  show(step, messages.filter((message) => !message.shown));
}

/** Shows messages, and confirms them as delivered. */
export function show(step: Step, messages: readonly Message[]): void {
  for (const message of messages) {
    message.shown = true;
    step.show({ kind: "message", message: { ...message } });
  }
  confirm(step, messages.filter(({ recipient }) => isMe(step.model, recipient)));
}

/** Somebody has seen messages: they are marked as read. */
export function see(step: Step, ids: readonly string[]): void {
  const { model } = step;
  const seen = [...new Set(ids)].flatMap((id) => model.messages.get(id) ?? []);
  markSeen(step, seen.filter((message) => isUnread(model, message)));
}

/** Lets the oldest messages go where there are more than a person looks back to: a session may last for months. */
export function prune(model: Model): void {
  for (const message of model.messages.values()) {
    if (model.messages.size <= MESSAGES_KEPT) break;
    const isLast = model.messages.last(message.chat) === message;
    if (model.messages.unsent.has(message) || isLast) continue;
    model.messages.delete(message.id);
    cutStretch(model, message);
  }
  for (const id of model.deleted) {
    if (model.deleted.size <= MESSAGES_KEPT) break;
    model.deleted.delete(id);
    model.unconfirmed.delete(id);
  }
}
