/**
 * Conversations and unread messages that are loaded from the archive at a start.
 *
 * @module
 */

import type { Account } from "../accounts/account.ts";
import type { State } from "../state.ts";
import { waits } from "./backlog.ts";
import { Conversation } from "./conversation.ts";
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
