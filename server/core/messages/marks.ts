/**
 * The rules for marking messages as delivered, read or deleted (client protocol, DELIVERED, READ_MSG,
 * DELETE_MESSAGE).
 *
 * @module
 */

import type { Account } from "../accounts/account.ts";
import { type Decision, type Refusal, unknownUser } from "../decision.ts";
import type {
  Event,
  FingerprintKeyMade,
  MessagesDeleted,
  MessagesDelivered,
  MessagesHidden,
  MessagesRead,
} from "../events.ts";
import { wallMicroseconds } from "../stamp.ts";
import type { State } from "../state.ts";
import { waits } from "./backlog.ts";
import type { Conversation } from "./conversation.ts";
import { fingerprintedText, type Fingerprinter } from "./fingerprint.ts";
import { compareMessages, type Message } from "./message.ts";

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
  if (conversation === undefined || conversation.unread(account) === 0) return counted([]);
  const unread = ids === undefined
    ? unreadMessages(conversation, account)
    : received(state, account, ids).filter((message) =>
      message.sender === other && message.countsAsUnread && !message.deleted
    ).sort(compareMessages);
  return counted(markEvents("messagesRead", unread, limits));
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

/** The means to make fingerprints of messages that are deleted. */
interface Fingerprinting {
  readonly fingerprinter: Fingerprinter;
  /** 32 random bytes, hexadecimal: the key of an account that has none yet. */
  readonly newKey: string;
  /** The wall clock of the node, ms since the Unix epoch. */
  readonly wallMs: number;
}

/**
 * Deletes messages for `account`: for both sides if it sent them, for its own side if it received them.
 *
 * @param fingerprinting leaves a fingerprint of each message that is deleted for both sides
 * @param elsewhere messages with these ids that have left memory
 */
export function decideDelete(
  state: State,
  account: Account,
  ids: readonly string[],
  limits: MarkLimits,
  fingerprinting?: Fingerprinting,
  elsewhere: readonly Message[] = [],
): Decision {
  const resident = [...new Set(ids)].flatMap((id) => state.messages.withId(id));
  const messages = [...resident, ...elsewhere].filter((message) => !message.deleted);
  const sent = messages.filter((message) => message.sender === account);
  const got = messages.filter((message) =>
    message.sender !== account && message.recipient === account && !message.hidden
  );
  const marks = [
    ...fingerprinting && sent.length > 0
      ? fingerprintedDeletions(account, sent, limits, fingerprinting)
      : markEvents("messagesDeleted", sent, limits),
    ...markEvents("messagesHidden", got, limits),
  ];
  return counted(marks);
}

/** Deletions with the fingerprints of the messages; before them the key, if the account had none. */
function fingerprintedDeletions(
  account: Account,
  messages: readonly Message[],
  limits: MarkLimits,
  { fingerprinter, newKey, wallMs }: Fingerprinting,
): (FingerprintKeyMade | MarkEvent)[] {
  const [known] = account.fingerprintKeys;
  const key = known ?? newKey;
  const fingerprint = fingerprinter(key);
  const deletions = markParts(messages, limits).map((part): MessagesDeleted => ({
    ...markEvent("messagesDeleted", part),
    fingerprints: part.map(({ id, content }) => fingerprint(fingerprintedText(id, content))),
    at: wallMicroseconds(wallMs),
  }));
  return known === undefined
    ? [{ type: "fingerprintKeyMade", account: account.id, key }, ...deletions]
    : deletions;
}

function received(state: State, account: Account, ids: readonly string[]): Message[] {
  return [...new Set(ids)].flatMap((id) => state.messages.withId(id)).filter((message) =>
    message.recipient === account
  );
}

/** One event for each part of the messages. */
function markEvents<Type extends MarkType>(
  type: Type,
  messages: readonly Message[],
  limits: MarkLimits,
): MarkEvent<Type>[] {
  return markParts(messages, limits).map((part) => markEvent(type, part));
}

/** At least one message, all of them of the same sender and recipient. */
type Part = readonly [Message, ...Message[]];

/** The messages by sender and recipient, split at `idsPerPush` ids. */
function markParts(messages: readonly Message[], limits: MarkLimits): Part[] {
  const groups = Map.groupBy(messages, (message) => `${message.sender.id}/${message.recipient.id}`);
  const parts: Part[] = [];
  for (const group of groups.values()) {
    for (let i = 0; i < group.length; i += limits.idsPerPush) {
      const [first, ...others] = group.slice(i, i + limits.idsPerPush);
      if (first !== undefined) parts.push([first, ...others]);
    }
  }
  return parts;
}

function markEvent<Type extends MarkType>(type: Type, part: Part): MarkEvent<Type> {
  const [{ sender, recipient }] = part;
  return { type, sender: sender.id, recipient: recipient.id, ids: part.map(({ id }) => id) } as MarkEvent<
    Type
  >;
}

type MarkEvent<Type extends MarkType = MarkType> = Extract<Event, { readonly type: Type }>;

function counted(events: readonly (FingerprintKeyMade | MarkEvent)[]): Decision {
  const count = events.reduce((sum, event) => "ids" in event ? sum + event.ids.length : sum, 0);
  return { events, reply: () => ({ name: "ok", payload: { count } }) };
}
