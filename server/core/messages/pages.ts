/**
 * Pages of messages (client protocol, LIST_MESSAGES).
 *
 * @module
 */

import type { Limits } from "../../../common/limits.ts";
import { type FeatureSet, NO_FEATURES } from "../../../common/protocol/features.ts";
import type { OriginalReply } from "../../../common/protocol/replies.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import type { Account } from "../accounts/account.ts";
import { answer, type Decision, type Refusal, refusal, unknownUser } from "../decision.ts";
import type { State } from "../state.ts";
import { firstNotBefore } from "./conversation.ts";
import { type Message, messageBytes, shownMessage } from "./message.ts";

/** A page of one conversation, or of the account's backlog, for a session with these features. */
export function decideListMessages(
  state: State,
  account: Account,
  page: RequestPayload<"listMessages">,
  limits: Limits,
  features = NO_FEATURES,
): Decision | Refusal {
  const limit = pageLimit(page.limit, limits.messagesPage, limits.messagesPageMax);
  if (typeof limit === "object") return limit;
  const room = { messages: limit, bytes: limits.frameBytes - FRAME_BYTES, features };
  if (page.undelivered) return pageReply(fill(account.backlog, account, room));
  const other = state.directory.find(page.with ?? "");
  if (other === undefined) return unknownUser(page.with ?? "");
  const conversation = account.conversations.get(other.id);
  const all = conversation?.messages ?? [];
  const id = page.after ?? page.before;
  if (id === undefined) return pageReply(newest(all, all.length, account, room));
  const mark = state.messages.withId(id).find((message) => isBetween(message, account, other));
  if (mark === undefined) return refusal("unknown-message", `the id ${id} is not in this conversation`);
  // A mark that was deleted is no longer in the list, but its time still has a position there.
  const position = firstNotBefore(all, mark);
  if (page.before !== undefined) return pageReply(newest(all, position, account, room));
  return pageReply(fill(following(all, all[position] === mark ? position + 1 : position), account, room));
}

/** True if a message, deleted or not, belongs to the conversation of the two accounts. */
function isBetween(message: Message, account: Account, other: Account): boolean {
  const sent = message.sender === account && message.recipient === other;
  const got = message.sender === other && message.recipient === account;
  return sent || got;
}

/** Bytes of a page's frame beyond its messages. */
const FRAME_BYTES = 64;

/** Room on a page. */
interface Room {
  readonly messages: number;
  readonly bytes: number;
  /** Features of the session: they add to the bytes of a message. */
  readonly features: FeatureSet;
}

interface Page {
  readonly messages: Message[];
  readonly more: boolean;
}

/**
 * Number of messages, users or chats that a page may hold.
 *
 * @param usual the number if the request names none
 * @returns a refusal if the request asks for less than 1 or more than `max`
 */
export function pageLimit(asked: number | undefined, usual: number, max: number): number | Refusal {
  if (asked === undefined) return usual;
  if (asked >= 1 && asked <= max) return asked;
  return refusal("bad-request", `limit must be from 1 to ${max}; ${asked} is not`);
}

/** The last messages before index `end` that fit on a page, oldest first. */
function newest(messages: readonly Message[], end: number, account: Account, room: Room): Page {
  const page = fill(preceding(messages, end), account, room);
  return { messages: page.messages.reverse(), more: page.more };
}

function* following(messages: readonly Message[], start: number): Generator<Message> {
  for (let i = start; i < messages.length; i++) {
    const message = messages[i];
    if (message) yield message;
  }
}

function* preceding(messages: readonly Message[], end: number): Generator<Message> {
  for (let i = end - 1; i >= 0; i--) {
    const message = messages[i];
    if (message) yield message;
  }
}

/** Fills a page with visible messages; at least one, however large. */
function fill(messages: Iterable<Message>, account: Account, room: Room): Page {
  const taken: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    if (!message.visibleTo(account)) continue;
    bytes += messageBytes(message, room.features);
    if (taken.length === room.messages || (taken.length > 0 && bytes > room.bytes)) {
      return { messages: taken, more: true };
    }
    taken.push(message);
  }
  return { messages: taken, more: false };
}

function pageReply(page: Page): Decision {
  const messages = page.messages.map(shownMessage);
  return answer({ name: "messages", payload: { messages, more: page.more } });
}

/** The newest messages of a conversation that fit into one reply of the original dialect, oldest first. */
export function listConversation(
  state: State,
  account: Account,
  name: string,
  limits: Limits,
): OriginalReply {
  const other = state.directory.find(name);
  const conversation = other && account.conversations.get(other.id);
  const room = { messages: Infinity, bytes: limits.replyBytes - FRAME_BYTES, features: NO_FEATURES };
  const all = conversation?.messages ?? [];
  const { messages } = newest(all, all.length, account, room);
  // The original dialect has no delivery: its clients see delivered messages as unread.
  const shown = messages.map(shownMessage).map((message) =>
    message.status === "delivered" ? { ...message, status: "unread" as const } : message
  );
  return { name: "messages", payload: shown };
}
