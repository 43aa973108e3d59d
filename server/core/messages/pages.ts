/**
 * Pages of messages (client protocol, LIST_MESSAGES).
 *
 * @module
 */

import type { Limits } from "../../../common/limits.ts";
import { NO_FEATURES } from "../../../common/protocol/features.ts";
import { OriginalListFrame } from "../../../common/protocol/original_list_frame.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import type { Account } from "../accounts/account.ts";
import { answer, type Decision, isRefusal, type Refusal, refusal, unknownUser } from "../decision.ts";
import { SLICE_WORK, type Slices, workOfBytes } from "../slices.ts";
import type { State } from "../state.ts";
import type { PageQuery } from "./archived.ts";
import { waits } from "./backlog.ts";
import { type Conversation, firstNotBefore } from "./conversation.ts";
import { isGone } from "./detached_message.ts";
import type { Inquiry } from "./inquiry.ts";
import { joinedPage } from "./joined_page.ts";
import { type Message, messageBytes, shownMessage } from "./message.ts";
import type { Page, Room } from "./page_room.ts";

/**
 * A page of one conversation, or of the account's backlog, for a session with these features. A message that is in
 * the list all the time is on it, or on a later page; one that left the list between two slices is not.
 */
export function* decideListMessages(
  state: State,
  account: Account,
  page: RequestPayload<"listMessages">,
  limits: Limits,
  features = NO_FEATURES,
): Inquiry<Decision | Refusal> {
  const limit = pageLimit(page.limit, limits.messagesPage, limits.messagesPageMax);
  if (typeof limit === "object") return limit;
  const room = { messages: limit, bytes: limits.frameBytes - FRAME_BYTES, features, choosing: 1 };
  if (page.undelivered) {
    const { backlog } = account;
    return pageReply(
      account,
      yield* fill(oldestFirst(() => backlog.messages, waits), backlog.settledFront, room),
    );
  }
  const other = state.directory.find(page.with ?? "");
  if (other === undefined) return unknownUser(page.with ?? "");
  const conversation = account.conversations.get(other.id);
  const id = page.after ?? page.before;
  const side = page.before === undefined && id !== undefined ? "after" : "before";
  if (id === undefined) {
    return yield* pageBeside({ state, account, conversation, side, mark: undefined, room });
  }
  const mark = residentBetween(state, account, other, id);
  if (mark !== undefined) return yield* pageBeside({ state, account, conversation, side, mark, room });
  if (conversation === undefined || !state.evicted.mayHave(id)) {
    return refusal("unknown-message", `the id ${id} is not in this conversation`);
  }
  const joined = yield* joinedPage({ state, account, conversation, side, mark: { id }, room });
  return isRefusal(joined) ? joined : pageReply(account, inOrder(joined, side));
}

/** The message in memory between two accounts with an id; of several, the one that has arrived first. */
function residentBetween(state: State, account: Account, other: Account, id: string): Message | undefined {
  return state.messages.withId(id).find(({ sender, recipient }) =>
    sender === account && recipient === other || sender === other && recipient === account
  );
}

/** A page whose messages go away from its mark, with the oldest first. */
function inOrder(page: Page, side: PageQuery["side"]): Page {
  return side === "after" ? page : { ...page, messages: page.messages.toReversed() };
}

/** A page beside a message that is in memory, or of the newest messages. */
interface Beside {
  readonly state: State;
  readonly account: Account;
  readonly conversation: Conversation | undefined;
  readonly side: PageQuery["side"];
  readonly mark: Message | undefined;
  readonly room: Room;
}

function* pageBeside(task: Beside): Inquiry<Decision | Refusal> {
  const { account, conversation, side, mark, room } = task;
  const all = messagesOf(conversation);
  // A mark that was deleted is no longer in the list, but its time still has a position there.
  const position = mark === undefined ? all.length : firstNotBefore(all, mark);
  const first = all[position] === mark ? position + 1 : position;
  const page = side === "before"
    ? yield* newest(conversation, position, account, room)
    : yield* fill(oldestFirst(() => messagesOf(conversation), seenBy(account)), first, room);
  if (conversation === undefined || conversation.isResidentFrom(beginOf(page, task))) {
    return pageReply(account, page);
  }
  const joined = yield* joinedPage({ ...task, conversation });
  return isRefusal(joined) ? joined : pageReply(account, inOrder(joined, side));
}

/** Time of the oldest message that may belong on a page, microseconds since the Unix epoch. */
function beginOf({ messages, more }: Page, { side, mark }: Beside): number {
  if (side === "after") return mark?.time ?? 0;
  return more ? messages[0]?.time ?? 0 : 0;
}

/** Bytes of a page's frame beyond its messages. */
export const FRAME_BYTES = 64;

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

/** A list of messages, and the direction in which a page takes them. */
interface Way {
  /** The list as it is now: between two slices it may be another array, or longer, or shorter. */
  readonly list: () => readonly Message[];
  /** True for messages that belong on the page. */
  readonly shows: (message: Message) => boolean;
  readonly step: 1 | -1;
}

function oldestFirst(list: () => readonly Message[], shows: (message: Message) => boolean): Way {
  return { list, shows, step: 1 };
}

function messagesOf(conversation: Conversation | undefined): readonly Message[] {
  return conversation?.messages ?? [];
}

function seenBy(account: Account): (message: Message) => boolean {
  return (message) => message.visibleTo(account);
}

/** The last messages before index `end` that fit on a page, oldest first. */
function* newest(
  conversation: Conversation | undefined,
  end: number,
  account: Account,
  room: Room,
): Slices<Page> {
  const way: Way = { list: () => messagesOf(conversation), shows: seenBy(account), step: -1 };
  const { messages, more } = yield* fill(way, end - 1, room);
  return { messages: messages.toReversed(), more };
}

/** Fills a page from an index on; at least one message, however large. */
function* fill(way: Way, first: number, room: Room): Slices<Page> {
  for (let start = first;;) {
    const { messages, more } = yield* take(way, start, room);
    const left = stillThere(way, messages);
    // An empty page before the last one would end the listing.
    if (left.length > 0 || !more) return { messages: left, more };
    start = behind(way, messages.at(-1));
  }
}

/** Messages for a page. Some of them may have gone by the time it returns. */
function* take(way: Way, first: number, room: Room): Slices<Page> {
  const messages: Message[] = [];
  let bytes = 0;
  let work = 0;
  let list = way.list();
  for (let i = first;; i += way.step) {
    const message = list[i];
    const shown = message !== undefined && way.shows(message);
    const messageSize = shown ? messageBytes(message, room.features) : 0;
    const isFull = shown &&
      (messages.length === room.messages || (messages.length > 0 && bytes + messageSize > room.bytes));
    if (message === undefined || isFull) {
      yield work;
      return { messages, more: isFull };
    }
    if (shown) {
      messages.push(message);
      bytes += messageSize;
    }
    work += 1 + room.choosing * workOfBytes(messageSize);
    if (work < SLICE_WORK) continue;
    yield work;
    work = 0;
    list = way.list();
    i = behind(way, message) - way.step;
  }
}

/** Index of the next message behind one that was looked at; it may have left the list. */
function behind({ list, step }: Way, message: Message | undefined): number {
  if (message === undefined) return 0;
  const messages = list();
  const i = firstNotBefore(messages, message);
  if (step < 0) return i - 1;
  return messages[i] === message ? i + 1 : i;
}

/** Those of the messages, which are in order, that still belong on the page. */
function stillThere({ list, shows, step }: Way, messages: readonly Message[]): Message[] {
  const now = list();
  let i = NaN;
  return messages.filter((message) => {
    // Nearly always, it stands next to the one before.
    i = now[i + step] === message ? i + step : firstNotBefore(now, message);
    return now[i] === message && shows(message);
  });
}

function pageReply(account: Account, page: Page): Decision {
  const messages = page.messages.map((message) => shownMessage(message, account));
  return answer({ name: "messages", payload: { messages, more: page.more } });
}

/** Share of the work on a message's bytes that writing them to a frame is; a page is written later, in one go. */
const WRITING = 0.5;

/**
 * Frame of the newest messages of a conversation that fit into one reply of the original dialect, oldest first. It has
 * no word for an archive that cannot answer: then the frame has what is in memory.
 */
export function* listConversation(
  state: State,
  account: Account,
  name: string,
  limits: Limits,
): Inquiry<readonly Uint8Array[]> {
  const other = state.directory.find(name);
  const conversation = other && account.conversations.get(other.id);
  const bytes = limits.replyBytes - FRAME_BYTES;
  const room = { messages: Infinity, bytes, features: NO_FEATURES, choosing: 1 - WRITING };
  const page = yield* newest(conversation, messagesOf(conversation).length, account, room);
  const task: Beside = { state, account, conversation, side: "before", mark: undefined, room };
  if (conversation === undefined || conversation.isResidentFrom(beginOf(page, task))) {
    return yield* originalFrame(state, account, page.messages);
  }
  const joined = yield* joinedPage({ ...task, conversation });
  return yield* originalFrame(
    state,
    account,
    isRefusal(joined) ? page.messages : joined.messages.toReversed(),
  );
}

function* originalFrame(
  state: State,
  account: Account,
  messages: readonly Message[],
): Slices<readonly Uint8Array[]> {
  const frame = new OriginalListFrame("messages");
  let work = 0;
  for (const message of messages) {
    if (isGone(state, message, account)) continue;
    const shown = shownMessage(message, account);
    // The original dialect has no delivery: its clients see delivered messages as unread.
    frame.addMessage(shown.status === "delivered" ? { ...shown, status: "unread" } : shown);
    work += WRITING * workOfBytes(messageBytes(message, NO_FEATURES));
    if (work < SLICE_WORK) continue;
    yield work;
    work = 0;
  }
  yield work;
  return frame.end();
}
