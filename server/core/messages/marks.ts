/**
 * The rules for marking messages as delivered, read or deleted (client protocol, DELIVERED, READ_MSG,
 * DELETE_MESSAGE).
 *
 * @module
 */

import type { Account } from "../accounts/account.ts";
import { type Decision, type Refusal, unknownUser } from "../decision.ts";
import type { Event, MessagesDeleted, MessagesDelivered, MessagesHidden, MessagesRead } from "../events.ts";
import type { State } from "../state.ts";
import { waits } from "./backlog.ts";
import type { Conversation } from "./conversation.ts";
import type { Message } from "./message.ts";

type MarkType = (MessagesDeleted | MessagesDelivered | MessagesHidden | MessagesRead)["type"];

/** The limits on requests that mark messages. */
interface MarkLimits {
  /** Message ids in one event. */
  readonly idsPerPush: number;
}

/** Marks messages to `account` as delivered. Unknown ids and messages already confirmed are ignored. */
export function decideDelivered(
  state: State,
  account: Account,
  ids: readonly string[],
  limits: MarkLimits,
): Decision {
  return counted(markEvents("messagesDelivered", received(state, account, ids).filter(waits), limits));
}

/**
 * Events that mark the whole backlog of `account` as delivered: a login makes them in the original dialect.
 */
export function deliveredEvents(account: Account, limits: MarkLimits): Event[] {
  return markEvents("messagesDelivered", [...account.backlog], limits);
}

/** Marks messages from `name` to `account` as read: those with the given ids, or all without `ids`. */
export function decideRead(
  state: State,
  account: Account,
  name: string,
  ids: readonly string[] | undefined,
  limits: MarkLimits,
): Decision | Refusal {
  const other = state.directory.find(name);
  if (other === undefined) return unknownUser(name);
  const conversation = account.conversations.get(other.id);
  const unread = conversation ? unreadMessages(conversation, account) : [];
  if (ids === undefined) return counted(markEvents("messagesRead", unread, limits));
  const wanted = new Set(ids);
  return counted(markEvents("messagesRead", unread.filter((message) => wanted.has(message.id)), limits));
}

/** Unread messages, oldest first. Searches from the end: nearly always, the newest messages are unread. */
function unreadMessages(conversation: Conversation, account: Account): Message[] {
  const unread: Message[] = [];
  const count = conversation.unread(account);
  const { messages } = conversation;
  for (let i = messages.length - 1; i >= 0 && unread.length < count; i--) {
    const message = messages[i];
    if (message?.recipient === account && message.countsAsUnread) unread.push(message);
  }
  return unread.reverse();
}

/** Deletes messages for `account`: for both sides if it sent them, for its own side if it received them. */
export function decideDelete(
  state: State,
  account: Account,
  ids: readonly string[],
  limits: MarkLimits,
): Decision {
  const messages = [...new Set(ids)].flatMap((id) => state.messages.withId(id)).filter((message) =>
    !message.deleted
  );
  const sent = messages.filter((message) => message.sender === account);
  const got = messages.filter((message) =>
    message.sender !== account && message.recipient === account && !message.hidden
  );
  const events = [
    ...markEvents("messagesDeleted", sent, limits),
    ...markEvents("messagesHidden", got, limits),
  ];
  return counted(events);
}

function received(state: State, account: Account, ids: readonly string[]): Message[] {
  return [...new Set(ids)].flatMap((id) => state.messages.withId(id)).filter((message) =>
    message.recipient === account
  );
}

/** One event for each pair of sender and recipient, split at `idsPerPush` ids. */
function markEvents(type: MarkType, messages: readonly Message[], limits: MarkLimits): MarkEvent[] {
  const groups = Map.groupBy(messages, (message) => `${message.sender.id}/${message.recipient.id}`);
  const events: MarkEvent[] = [];
  for (const group of groups.values()) {
    for (let i = 0; i < group.length; i += limits.idsPerPush) {
      const part = group.slice(i, i + limits.idsPerPush);
      const [first] = part;
      if (first === undefined) continue;
      const ids = part.map((message) => message.id);
      events.push({ type, sender: first.sender.id, recipient: first.recipient.id, ids });
    }
  }
  return events;
}

type MarkEvent = Extract<Event, { readonly type: MarkType }>;

function counted(events: readonly MarkEvent[]): Decision {
  const count = events.reduce((sum, event) => sum + event.ids.length, 0);
  return { events, reply: () => ({ name: "ok", payload: { count } }) };
}
