/**
 * Searches in one's own conversations (client protocol, SEARCH). The archive finds; the state has the last word.
 *
 * @module
 */

import type { Limits } from "../../../common/limits.ts";
import type { FeatureSet } from "../../../common/protocol/features.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { utf8Bytes } from "../../../common/wire/bytes.ts";
import type { Account } from "../accounts/account.ts";
import { answer, type Decision, isRefusal, type Refusal, refusal, unknownUser } from "../decision.ts";
import type { ArchivedMessage, MessagePlace } from "../messages/archived.ts";
import { detachedMessage, residentMessage } from "../messages/detached_message.ts";
import { ask, type Inquiry, lookUp } from "../messages/inquiry.ts";
import { compareMessages, type Message, messageBytes, shownMessage } from "../messages/message.ts";
import { FRAME_BYTES, pageLimit } from "../messages/pages.ts";
import { workOfItems } from "../slices.ts";
import type { State } from "../state.ts";
import { queryTerms } from "./terms.ts";

/** A search that can be asked for. */
interface Search {
  /** At least one; each begins a term of every message that is found. */
  readonly terms: readonly string[];
  /** The other side; `undefined` for all conversations. */
  readonly other: Account | undefined;
  /** Only messages before this one are found; it may have been deleted. */
  readonly before: Message | undefined;
  /** The most messages of the page. */
  readonly limit: number;
}

/** A page of what a search has found, for a session with these features. */
export function* decideSearch(
  state: State,
  account: Account,
  request: RequestPayload<"search">,
  limits: Limits,
  features: FeatureSet,
): Inquiry<Decision | Refusal> {
  yield workOfItems(Object.keys(request));
  const elsewhere = yield* lookUp(state, account, request.before === undefined ? [] : [request.before]);
  if (isRefusal(elsewhere)) return elsewhere;
  const search = checkSearch(state, account, request, limits, elsewhere);
  if (isRefusal(search)) return search;
  const { terms, other, before, limit } = search;
  let place = before && placeOf(before);
  for (;;) {
    const found = yield* ask({
      type: "search",
      account: account.id,
      terms,
      other: other?.id,
      before: place,
      limit,
    });
    if (isRefusal(found)) return found;
    const messages = visibleOf(state, account, search, found.messages);
    place = found.messages.at(-1);
    // Nothing that was found is visible, and others are behind it.
    if (messages.length === 0 && found.more && place !== undefined) continue;
    return foundPage(messages, account, found.more, limits.frameBytes, features);
  }
}

function placeOf({ time, origin, id, sender }: Message): MessagePlace {
  return { time, origin, id, sender: sender.id };
}

/**
 * Checks a search: its words, its limit, the other side, and the message that it goes on from.
 *
 * @param elsewhere messages with the id of that one that have left memory
 */
export function checkSearch(
  state: State,
  account: Account,
  { words, with: name, before: id, limit: asked }: RequestPayload<"search">,
  limits: Limits,
  elsewhere: readonly Message[] = [],
): Search | Refusal {
  const terms = termsOf(words, limits);
  if (isRefusal(terms)) return terms;
  const limit = pageLimit(asked, limits.searchPage, limits.searchPageMax);
  if (typeof limit === "object") return limit;
  const other = name === undefined ? undefined : state.directory.find(name);
  if (name !== undefined && other === undefined) return unknownUser(name);
  const before = id === undefined
    ? undefined
    : ownMessage([...state.messages.withId(id), ...elsewhere], account);
  if (id !== undefined && before === undefined) {
    return refusal("unknown-message", `the id ${id} is not in a conversation of this account`);
  }
  return { terms, other, before, limit };
}

function termsOf(words: string, { searchWordsBytes, searchTerms }: Limits): readonly string[] | Refusal {
  const bytes = utf8Bytes(words);
  if (bytes > searchWordsBytes) {
    const message =
      `words has ${bytes} bytes, and a search takes at most ${searchWordsBytes}; search for fewer words`;
    return refusal("bad-request", message);
  }
  const terms = queryTerms(words);
  if (terms.length === 0) {
    const shown = JSON.stringify(words.slice(0, 64));
    return refusal("bad-request", `words is ${shown}; a search needs at least one letter or digit`);
  }
  if (terms.length <= searchTerms) return terms;
  const message =
    `words has ${terms.length} terms, and a search takes at most ${searchTerms}; search for fewer words`;
  return refusal("bad-request", message);
}

/** The one of the messages that is from or to the account, deleted or not; of several, the earliest. */
function ownMessage(messages: readonly Message[], account: Account): Message | undefined {
  const own = messages.filter(({ sender, recipient }) => sender === account || recipient === account);
  // The next page lies behind it: with the earliest, a message can be missed, but none comes again and again.
  return own.toSorted(compareMessages)[0];
}

/**
 * The found messages that the account sees now, newest first. The archive may be behind: it knows neither the latest
 * marks nor the latest deletions.
 */
export function visibleOf(
  state: State,
  account: Account,
  { other }: Pick<Search, "other">,
  found: readonly ArchivedMessage[],
): readonly Message[] {
  const visible = found.flatMap((each) => {
    const message = residentMessage(state, each) ?? detachedMessage(state, each);
    return message !== undefined && belongsTo(message, account, other) ? [message] : [];
  });
  return [...new Set(visible)].sort((a, b) => compareMessages(b, a));
}

function belongsTo(message: Message, account: Account, other: Account | undefined): boolean {
  const { sender, recipient } = message;
  const isOwn = sender === account || recipient === account;
  const partner = sender === account ? recipient : sender;
  return isOwn && (other === undefined || partner === other) && !message.isGoneFor(account);
}

/**
 * The page with these messages, as many as fit into its frame; at least the first.
 *
 * @param more true if the archive has found others behind them
 */
export function foundPage(
  messages: readonly Message[],
  account: Account,
  more: boolean,
  bytesMax: number,
  features: FeatureSet,
): Decision {
  let bytes = FRAME_BYTES;
  const overfull = messages.findIndex((message, i) => {
    bytes += messageBytes(message, features);
    return i > 0 && bytes > bytesMax;
  });
  const fitting = overfull < 0 ? messages : messages.slice(0, overfull);
  const hasMore = messages.length > 0 && (more || fitting.length < messages.length);
  const payload = { messages: fitting.map((message) => shownMessage(message, account)), more: hasMore };
  return answer({ name: "found", payload });
}
