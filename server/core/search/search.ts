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
import { compareMessages, type Message, messageBytes, shownMessage } from "../messages/message.ts";
import { FRAME_BYTES, pageLimit } from "../messages/pages.ts";
import type { State } from "../state.ts";
import { queryTerms } from "./terms.ts";

/** Work of a search, units: the archive reads the disk for every term, and the page is made in one go. */
export const SEARCH_WORK = 50_000;

/** A search that can be asked for. */
export interface Search {
  /** At least one; each begins a term of every message that is found. */
  readonly terms: readonly string[];
  /** The other side; `undefined` for all conversations. */
  readonly other: Account | undefined;
  /** Only messages before this one are found; it may have been deleted. */
  readonly before: Message | undefined;
  /** The most messages of the page. */
  readonly limit: number;
}

/** Checks a search: its words, its limit, the other side, and the message that it goes on from. */
export function checkSearch(
  state: State,
  account: Account,
  { words, with: name, before: id, limit: asked }: RequestPayload<"search">,
  limits: Limits,
): Search | Refusal {
  const terms = termsOf(words, limits);
  if (isRefusal(terms)) return terms;
  const limit = pageLimit(asked, limits.searchPage, limits.searchPageMax);
  if (typeof limit === "object") return limit;
  const other = name === undefined ? undefined : state.directory.find(name);
  if (name !== undefined && other === undefined) return unknownUser(name);
  const before = id === undefined ? undefined : ownMessage(state, account, id);
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

/** The message from or to the account with this id, deleted or not; of several, the earliest. */
function ownMessage(state: State, account: Account, id: string): Message | undefined {
  const own = state.messages.withId(id).filter(({ sender, recipient }) =>
    sender === account || recipient === account
  );
  // The next page lies behind it: with the earliest, a message can be missed, but none comes again and again.
  return own.toSorted(compareMessages)[0];
}

/** A message that the archive has found. */
interface Found {
  readonly id: string;
  /** Account ids. */
  readonly sender: string;
  readonly recipient: string;
}

/**
 * The found messages that the account sees now, newest first. The archive may be behind: it knows neither the latest
 * marks nor the latest deletions.
 */
export function visibleOf(
  state: State,
  account: Account,
  { other }: Pick<Search, "other">,
  found: readonly Found[],
): readonly Message[] {
  const visible = found.flatMap(({ id, sender, recipient }) => {
    const [from, to] = [state.accounts.get(sender), state.accounts.get(recipient)];
    const message = from && to && state.messages.find(from, to, id);
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
  const payload = { messages: fitting.map(shownMessage), more: hasMore };
  return answer({ name: "found", payload });
}
