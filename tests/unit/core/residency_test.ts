import { assert, assertEquals, assertGreater } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import type { Account } from "../../../server/core/accounts/account.ts";
import type { Change } from "../../../server/core/change.ts";
import { type Decision, isRefusal, type Refusal } from "../../../server/core/decision.ts";
import type { Event } from "../../../server/core/events.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { decideListChats } from "../../../server/core/messages/chats.ts";
import { type Inquiry, lookUp } from "../../../server/core/messages/inquiry.ts";
import { decideDelete } from "../../../server/core/messages/marks.ts";
import type { Message } from "../../../server/core/messages/message.ts";
import { decideListMessages, listConversation } from "../../../server/core/messages/pages.ts";
import { decideSend } from "../../../server/core/messages/send.ts";
import { State } from "../../../server/core/state.ts";
import { LeanNode } from "../../testing/lean_node.ts";
import { MessageHistory } from "../../testing/message_histories.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { standInFingerprinter } from "../../testing/stand_in_fingerprinter.ts";
import { wholeOf } from "../../testing/whole_of.ts";

const HISTORIES = scale(5_000, 50_000);
const ENTRIES_MAX = 120;
const REQUESTS = 10;

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

/** A change as far as people are told of it. */
function inShort(change: Change): string {
  const [message, by] = [
    "message" in change ? change.message : undefined,
    "by" in change ? change.by.id : "",
  ];
  return JSON.stringify([change.type, by, message?.id, message?.time, "ids" in change ? change.ids : []]);
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
function requests(full: State, numbers: SeededNumbers, accounts: readonly string[]): Record<string, Request> {
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

Deno.test(`every request of ${HISTORIES} histories gets the same answer whatever has left memory, and however late the archive is`, () => {
  const numbers = new SeededNumbers(31);
  const requested: Record<string, number> = {};
  const total: Record<string, number> = {};
  let [changes, again] = [0, 0];
  for (let i = 1; i <= HISTORIES; i++) {
    const history = new MessageHistory(numbers, "", numbers.below(ENTRIES_MAX));
    const full = new State();
    const node = new LeanNode(numbers.below(4) === 0);
    const pace = 1 + numbers.below(12);
    for (const entry of history.entries) {
      const told = evolve(full, entry).map(inShort);
      const leanTold = node.fold(entry).map(inShort);
      // What is deleted again, once it has left memory, is told again.
      const isAgain = leanTold.length > told.length && entry.type !== "messageSent";
      if (!isAgain) assertEquals(leanTold, told, `history ${i}, entry ${node.state.position}`);
      changes += told.length;
      again += Number(isAgain);
      if (numbers.below(6) === 0) node.follow(numbers.below(4 * pace));
      if (numbers.below(5) === 0) node.evict(numbers);
      if (numbers.below(30) === 0) node.learnIds();
      if (numbers.below(ENTRIES_MAX) >= REQUESTS) continue;
      const id = numbers.pick(history.accounts);
      if (full.account(id).deleted) continue;
      const [name, request] = numbers.pick(Object.entries(requests(full, numbers, history.accounts)));
      const expected = wholeOf(request(full, full.account(id)));
      const answer = node.run(request(node.state, node.state.account(id)));
      assertEquals(answer, expected, `history ${i}, entry ${node.state.position}: ${name} of ${id}`);
      requested[name] = (requested[name] ?? 0) + 1;
    }
    compareCounts(full, node.state);
    for (const [what, count] of Object.entries(node.seen)) total[what] = (total[what] ?? 0) + count;
  }
  console.log(`${HISTORIES} histories: ${JSON.stringify({ ...requested, ...total, changes, again })}`);
  for (const [what, count] of Object.entries({ ...requested, ...total, changes })) {
    assertGreater(count, HISTORIES / 50, what);
  }
});

/** Compares what is counted and what waits. */
function compareCounts(full: State, lean: State): void {
  for (const account of full.accounts.values()) {
    const same = lean.account(account.id);
    assertEquals([same.unread, same.unreadBytes], [account.unread, account.unreadBytes]);
    assertEquals([...same.backlog].map(({ id }) => id), [...account.backlog].map(({ id }) => id));
    for (const [other, conversation] of account.conversations) {
      const lean = same.conversations.get(other);
      assert(lean !== undefined);
      assertEquals(lean.unread(same), conversation.unread(account));
    }
  }
}
