/**
 * Messages of the archive that come back into memory.
 *
 * @module
 */

import type { Account } from "../accounts/account.ts";
import type { State } from "../state.ts";
import type { ArchivedMessage } from "./archived.ts";
import { waits } from "./backlog.ts";
import { Conversation } from "./conversation.ts";
import { detachedMessage } from "./detached_message.ts";
import { Message } from "./message.ts";

/**
 * The conversation of two accounts of which only the archive has messages so far, up to this time; microseconds since
 * the Unix epoch.
 */
export function loadConversation(first: Account, second: Account, archivedUntil: number): Conversation {
  const conversation = new Conversation(first, second);
  conversation.beginBehind(archivedUntil);
  first.conversations.set(second.id, conversation);
  second.conversations.set(first.id, conversation);
  return conversation;
}

/** A message that its recipient has neither read nor hidden, and that its sender has not deleted. */
interface UnreadMessage extends Pick<Message, "id" | "time" | "origin" | "content" | "progress"> {
  /** True if it comes from the first account of its conversation. */
  readonly isFromFirst: boolean;
}

/** Puts an unread message into a conversation that was just loaded; it must not be there. */
export function loadUnread(state: State, conversation: Conversation, unread: UnreadMessage): void {
  const { first, second } = conversation;
  const { id, time, origin, content, progress, isFromFirst } = unread;
  const [sender, recipient] = isFromFirst ? [first, second] : [second, first];
  const message = new Message(id, sender, recipient, time, origin, content);
  message.progress = progress;
  state.messages.add(message);
  conversation.insert(message);
  conversation.countUnread(message, 1);
  if (waits(message)) recipient.backlog.add(message);
}

/**
 * Puts a message of the archive into memory, with the marks that came after the archive's place. These early marks stay.
 *
 * @returns `undefined` if it is there already, if an account of it is gone, or if their conversation is not loaded
 */
export function loadMessage(state: State, archived: ArchivedMessage): Message | undefined {
  const message = detachedMessage(state, archived);
  const conversation = message?.sender.conversations.get(message.recipient.id);
  if (message === undefined || conversation === undefined) return undefined;
  state.messages.add(message);
  if (message.deleted) conversation.bury(message);
  else conversation.insert(message);
  if (message.countsAsUnread && !message.deleted) conversation.countUnread(message, 1);
  if (waits(message)) message.recipient.backlog.add(message);
  return message;
}
