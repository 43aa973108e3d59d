/**
 * Pages of conversations (client protocol, LIST_CHATS).
 *
 * @module
 */

import type { Limits } from "../../../common/limits.ts";
import { type FeatureSet, NO_FEATURES } from "../../../common/protocol/features.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { type Account, idFieldBytes } from "../accounts/account.ts";
import { answer, type Decision, isRefusal, type Refusal, unknownUser } from "../decision.ts";
import { SLICE_WORK, workOfBytes } from "../slices.ts";
import type { State } from "../state.ts";
import type { Conversation } from "./conversation.ts";
import { broughtBack } from "./detached_message.ts";
import type { Inquiry } from "./inquiry.ts";
import { joinedPage } from "./joined_page.ts";
import { compareMessages, type Message, messageBytes, shownMessage } from "./message.ts";
import type { Room } from "./page_room.ts";
import { pageLimit } from "./pages.ts";

/** Room for one message, however long. */
const ONE_MESSAGE: Room = { messages: 1, bytes: Number.MAX_SAFE_INTEGER, features: NO_FEATURES, choosing: 1 };

interface Chat {
  readonly conversation: Conversation;
  readonly last: Message;
}

/** Work of a look at one conversation, units: its place among the newest is searched. */
const CHAT_WORK = 5;

/** Bytes of a chat on a page beside the content of the message, nearly. */
const CHAT_BYTES = 256;

/**
 * A page of an account's conversations, newest first, for a session with these features. Conversations without a
 * visible message are left out. A conversation that does not change between two slices is on it, or on a later page.
 */
export function* decideListChats(
  state: State,
  account: Account,
  page: RequestPayload<"listChats">,
  limits: Limits,
  features = NO_FEATURES,
): Inquiry<Decision | Refusal> {
  const limit = pageLimit(page.limit, limits.usersPage, limits.usersPageMax);
  if (typeof limit === "object") return limit;
  let before: Message | undefined;
  if (page.before !== undefined) {
    const other = state.directory.find(page.before);
    const conversation = other && account.conversations.get(other.id);
    const last = conversation && (yield* lastOf(state, conversation, account));
    if (last === undefined) return unknownUser(page.before);
    if (isRefusal(last)) return last;
    before = last;
  }
  for (;;) {
    // One more than the page holds shows that there are more.
    const found = yield* newestChats(state, account, before, limit + 1);
    if (isRefusal(found)) return found;
    yield workOfBytes(Math.min(limits.frameBytes, roughBytes(found)));
    const chats = stillThere(found, account);
    // An empty page before the last one would end the listing.
    if (chats.length === 0 && found.length > 0) continue;
    const shown = chats.slice(0, fitting(chats, account, limit, limits.frameBytes, features));
    const more = found.length > limit || shown.length < chats.length;
    return answer({ name: "chats", payload: { chats: shown.map((chat) => shownChat(chat, account)), more } });
  }
}

/** The newest chats with a last message before that one, at most `count`, newest first. */
function* newestChats(
  state: State,
  account: Account,
  before: Message | undefined,
  count: number,
): Inquiry<Chat[] | Refusal> {
  const chats: Chat[] = [];
  let work = 0;
  for (const conversation of account.conversations.values()) {
    work += CHAT_WORK;
    if (work >= SLICE_WORK) {
      yield work;
      work = 0;
    }
    const known = conversation.last(account);
    const last = known.isKnown ? known.message : yield* lastOf(state, conversation, account);
    if (last !== undefined && isRefusal(last)) return last;
    if (last === undefined || (before !== undefined && compareMessages(last, before) >= 0)) continue;
    const place = placeOf(last, chats);
    if (place === count) continue;
    chats.splice(place, 0, { conversation, last });
    if (chats.length > count) chats.pop();
  }
  yield work;
  return chats;
}

/** Bytes of chats on a page, nearly: their texts are not read for it. */
function roughBytes(chats: readonly Chat[]): number {
  return chats.reduce((sum, { last }) => sum + CHAT_BYTES + last.content.length, 0);
}

/** Number of the chats, newest first, that come before one with this last message. */
function placeOf(last: Message, chats: readonly Chat[]): number {
  let low = 0;
  let high = chats.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const chat = chats[middle];
    if (chat !== undefined && compareMessages(chat.last, last) > 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last message of a conversation that the account sees. One that had left memory comes back. */
function* lastOf(
  state: State,
  conversation: Conversation,
  account: Account,
): Inquiry<Message | Refusal | undefined> {
  const last = conversation.last(account);
  const isResidentFrom = (time: number): boolean => conversation.isResidentFrom(time);
  yield* last.search(() => conversation.messages, isResidentFrom);
  if (last.isKnown) return last.message;
  const task = { state, account, conversation, side: "before" as const, mark: undefined, room: ONE_MESSAGE };
  const page = yield* joinedPage(task);
  if (isRefusal(page)) return page;
  const [newest] = page.messages;
  if (last.isKnown) return last.message;
  const found = newest && broughtBack(state, newest);
  // Others may have come meanwhile.
  const resident = conversation.messages.findLast((message) => message.visibleTo(account));
  last.found(
    resident !== undefined && (found === undefined || compareMessages(resident, found) > 0)
      ? resident
      : found,
  );
  return last.message;
}

/** The chats that are still there, with a newest message that has come since they were looked at; newest first. */
function stillThere(chats: readonly Chat[], account: Account): Chat[] {
  const there = chats.flatMap(({ conversation, last }) => {
    if (account.conversations.get(conversation.other(account).id) !== conversation) return [];
    const { isKnown, message } = conversation.last(account);
    if (message !== undefined) return [{ conversation, last: message }];
    return !isKnown && last.visibleTo(account) && !last.deleted ? [{ conversation, last }] : [];
  });
  return there.sort((a, b) => compareMessages(b.last, a.last));
}

/** Number of chats that fit into one frame; at least one. */
function fitting(
  chats: readonly Chat[],
  account: Account,
  limit: number,
  bytesMax: number,
  features: FeatureSet,
): number {
  let bytes = 0;
  for (const [i, chat] of chats.entries()) {
    // The other side's name and the unread count come on top of the message.
    bytes += messageBytes(chat.last, features) + 128;
    bytes += idFieldBytes(chat.conversation.other(account), features);
    if (i === limit || (i > 0 && bytes > bytesMax)) return i;
  }
  return chats.length;
}

function shownChat({ conversation, last }: Chat, account: Account): {
  readonly with: string;
  readonly unread: number;
  readonly last: ReturnType<typeof shownMessage>;
  readonly account: string;
} {
  const other = conversation.other(account);
  return {
    with: other.name,
    unread: conversation.unread(account),
    last: shownMessage(last, account),
    account: other.id,
  };
}
