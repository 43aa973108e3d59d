/**
 * Requests about messages, which can be made at several states.
 *
 * @module
 */

import { DEFAULT_LIMITS } from "../../common/limits.ts";
import type { Account } from "../../server/core/accounts/account.ts";
import { type Decision, isRefusal, type Refusal } from "../../server/core/decision.ts";
import type { Event } from "../../server/core/events.ts";
import { decideListChats } from "../../server/core/messages/chats.ts";
import { type Inquiry, lookUp } from "../../server/core/messages/inquiry.ts";
import { decideDelete } from "../../server/core/messages/marks.ts";
import type { Message } from "../../server/core/messages/message.ts";
import { decideListMessages, listConversation } from "../../server/core/messages/pages.ts";
import { decideSend } from "../../server/core/messages/send.ts";
import type { State } from "../../server/core/state.ts";
import type { SeededNumbers } from "./seeded_numbers.ts";
import { standInFingerprinter } from "./stand_in_fingerprinter.ts";

/** What a client gets to know: a reply, or a refusal. */
function said(outcome: Decision | Refusal): unknown {
  if (isRefusal(outcome)) return outcome;
  const events = outcome.events.map((event) => JSON.stringify(inOrder(event))).sort();
  return [events, outcome.events.length > 0 ? undefined : outcome.reply([])];
}

/** An event with its ids in order: they say the same in any. */
function inOrder(event: Event): Event {
  return "ids" in event ? { ...event, ids: event.ids.toSorted() } : event;
}

/** A request of an account, the same at two nodes. */
type Request = (state: State, account: Account) => Inquiry<unknown>;

function* decided(inquiry: Inquiry<Decision | Refusal>): Inquiry<unknown> {
  return said(yield* inquiry);
}

/** A decision about messages with these ids, those that have left memory included. */
function* decidedWith(
  state: State,
  account: Account,
  ids: readonly string[],
  decide: (elsewhere: readonly Message[]) => Decision | Refusal,
): Inquiry<unknown> {
  const elsewhere = yield* lookUp(state, account, ids);
  return said("code" in elsewhere ? elsewhere : decide(elsewhere));
}

/** Requests about what is or was there, by their names. */
export function requestsAbout(
  full: State,
  numbers: SeededNumbers,
  accounts: readonly string[],
): Record<string, Request> {
  const other = full.account(numbers.pick(accounts));
  const all = [...full.messages.all()];
  const some = all.length === 0 ? undefined : numbers.pick(all);
  // Of twins, the lists take the one that has arrived first.
  const isTwin = some !== undefined && full.messages.withId(some.id).length > 1;
  const id = isTwin ? "m999" : some?.id ?? "m999";
  const limit = 1 + numbers.below(6);
  const side = numbers.pick(["before", "after"]);
  const whole = { with: other.name, limit };
  const ids = all.length === 0 ? ["m1"] : [1, 2, 3].map(() => numbers.pick(all).id);
  return {
    newest: (state, account) => decided(decideListMessages(state, account, whole, DEFAULT_LIMITS)),
    beside: (state, account) =>
      decided(decideListMessages(state, account, { ...whole, [side]: id }, DEFAULT_LIMITS)),
    original: (state, account) => listConversation(state, account, other.name, DEFAULT_LIMITS),
    chats: (state, account) => decided(decideListChats(state, account, { limit }, DEFAULT_LIMITS)),
    olderChats: (state, account) =>
      decided(decideListChats(state, account, { limit, before: other.name }, DEFAULT_LIMITS)),
    delete: (state, account) => {
      return decidedWith(
        state,
        account,
        ids,
        (elsewhere) => decideDelete(state, account, ids, DEFAULT_LIMITS, undefined, elsewhere),
      );
    },
    repeat: (state, account) => {
      const content = some?.content || "lunch";
      const command = {
        sender: account,
        to: other.name,
        content,
        id,
        wallMs: 1,
        fingerprinter: standInFingerprinter,
      };
      return decidedWith(
        state,
        account,
        [id],
        (elsewhere) => decideSend(state, command, DEFAULT_LIMITS, 1, elsewhere),
      );
    },
  };
}
