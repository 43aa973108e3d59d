/**
 * SEARCH: the archive finds, and the session waits for it (client protocol, SEARCH).
 *
 * @module
 */

import type { RequestPayload } from "../../common/protocol/requests.ts";
import type { Account } from "../core/accounts/account.ts";
import { isRefusal, type Refusal, refusal } from "../core/decision.ts";
import type { Message } from "../core/messages/message.ts";
import { checkSearch, foundPage, type Search, SEARCH_WORK, visibleOf } from "../core/search/search.ts";
import { type Slices, workOfItems } from "../core/slices.ts";
import type { MessagePlace } from "../core/messages/archived.ts";
import type { ArchiveOutcome, MessageArchive } from "../ports/archive.ts";
import type { Session } from "./session.ts";

/** A search of a session. */
interface Asked {
  readonly session: Session;
  readonly account: Account;
  readonly archive: MessageArchive;
  readonly search: Search;
}

/** SEARCH: no frame of the session is taken before the answer; others do not wait. */
export function search(session: Session, request: RequestPayload<"search">): void {
  const { account, ports: { archive } } = session;
  if (account === undefined) return;
  if (archive === undefined) return session.refuse("search", NO_ARCHIVE);
  // Like a list, it waits while the account has asked for too much.
  session.lists.begin(account, checked(session, account, request), (outcome) => {
    if (isRefusal(outcome)) return session.refuse("search", outcome);
    session.beginWait();
    ask({ session, account, archive, search: outcome }, outcome.before && placeOf(outcome.before));
  });
}

/** Why there is no answer now, for people. */
const REASONS = {
  busy: "too many searches wait at the moment",
  behind: "the archive that searches need has not come up with the log yet; another node's may have",
  building: "the archive that searches need is being built; another node's may be there",
};

const NO_ARCHIVE: Refusal = refusal("unknown-request", "this node has no archive, so it cannot search");

function* checked(
  { node: { state, settings } }: Session,
  account: Account,
  request: RequestPayload<"search">,
): Slices<Search | Refusal> {
  yield workOfItems(Object.keys(request));
  return checkSearch(state, account, request, settings.limits);
}

function placeOf({ time, origin, id, sender }: Message): MessagePlace {
  return { time, origin, id, sender: sender.id };
}

/** Asks for messages before a place, until a page has one that is visible. */
function ask(asked: Asked, before: MessagePlace | undefined): void {
  const { session, account, archive, search: { terms, other, limit } } = asked;
  session.lists.charge(account, SEARCH_WORK);
  archive.ask({ type: "search", account: account.id, terms, other: other?.id, before, limit }, (outcome) => {
    if (session.account === account) {
      const next = take(asked, outcome);
      if (next !== undefined) return ask(asked, next);
    }
    session.endWait();
  });
}

/** Answers; returns the place to go on from if nothing that was found is visible, and others are behind it. */
function take({ session, account, search }: Asked, outcome: ArchiveOutcome): MessagePlace | undefined {
  if ("problem" in outcome) {
    session.refuse("search", problemOf(outcome));
    return undefined;
  }
  const { node: { state, settings: { limits } }, outlet: { features } } = session;
  const { messages: found, more } = outcome;
  const messages = visibleOf(state, account, search, found);
  const last = found.at(-1);
  if (messages.length === 0 && more && last !== undefined) return last;
  session.carryOut("search", foundPage(messages, more, limits.frameBytes, features));
  return undefined;
}

function problemOf(
  { problem, retryAfterSeconds }: Extract<ArchiveOutcome, { readonly problem: string }>,
): Refusal {
  return refusal("busy", `${REASONS[problem]}; try again in ${retryAfterSeconds} s`, retryAfterSeconds);
}
