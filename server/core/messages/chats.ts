/**
 * Pages of conversations (client protocol, LIST_CHATS).
 *
 * @module
 */

import type { Limits } from "../../../common/limits.ts";
import { type FeatureSet, NO_FEATURES } from "../../../common/protocol/features.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { type Account, idFieldBytes } from "../accounts/account.ts";
import { answer, type Decision, type Refusal, unknownUser } from "../decision.ts";
import type { State } from "../state.ts";
import type { Conversation } from "./conversation.ts";
import { compareMessages, type Message, messageBytes, shownMessage } from "./message.ts";
import { pageLimit } from "./pages.ts";

interface Chat {
  readonly conversation: Conversation;
  readonly last: Message;
}

/**
 * A page of an account's conversations, newest first, for a session with these features. Conversations without a
 * visible message are left out.
 */
export function decideListChats(
  state: State,
  account: Account,
  page: RequestPayload<"listChats">,
  limits: Limits,
  features = NO_FEATURES,
): Decision | Refusal {
  const limit = pageLimit(page.limit, limits.usersPage, limits.usersPageMax);
  if (typeof limit === "object") return limit;
  let chats = chatsOf(account);
  if (page.before !== undefined) {
    const other = state.directory.find(page.before);
    const position = chats.findIndex((chat) => chat.conversation.other(account) === other);
    if (position < 0) return unknownUser(page.before);
    chats = chats.slice(position + 1);
  }
  const shown = chats.slice(0, fitting(chats, account, limit, limits.frameBytes, features));
  return answer({
    name: "chats",
    payload: { chats: shown.map((chat) => shownChat(chat, account)), more: shown.length < chats.length },
  });
}

function chatsOf(account: Account): Chat[] {
  const chats: Chat[] = [];
  for (const conversation of account.conversations.values()) {
    const last = conversation.last(account);
    if (last) chats.push({ conversation, last });
  }
  return chats.sort((a, b) => compareMessages(b.last, a.last));
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
    last: shownMessage(last),
    account: other.id,
  };
}
