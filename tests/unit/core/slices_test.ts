import { assert, assertEquals, assertGreater } from "@std/assert";
import fastCheck from "fast-check";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import { encodeReply } from "../../../common/protocol/codec.ts";
import type { Account } from "../../../server/core/accounts/account.ts";
import { allNames, decideListUsers, listAllUsers } from "../../../server/core/accounts/users.ts";
import { type Decision, isRefusal, type Refusal } from "../../../server/core/decision.ts";
import { decideListChats } from "../../../server/core/messages/chats.ts";
import { decideListMessages, listConversation } from "../../../server/core/messages/pages.ts";
import { SLICE_WORK, type Slices, workOfBytes } from "../../../server/core/slices.ts";
import { FoldedState } from "../../testing/folded_state.ts";
import { slicesOf, wholeOf } from "../../testing/whole_of.ts";

/** Enough rows for several slices of each list. */
const USERS = 1_500;
const MESSAGES = 1_200;

/** Lists of a state that has everything in memory. */
const listed = (...args: Parameters<typeof decideListMessages>) => slicesOf(decideListMessages(...args));
const chats = (...args: Parameters<typeof decideListChats>) => slicesOf(decideListChats(...args));
const conversation = (...args: Parameters<typeof listConversation>) => slicesOf(listConversation(...args));

/** A state with many users, who have all written to the first, and a long conversation between the first two. */
function crowd(): { folded: FoldedState; people: Account[]; me: Account; other: Account } {
  const folded = new FoldedState();
  const people = Array.from({ length: USERS }, (_, i) => folded.register(`user${i * 701 % USERS}`));
  const [me, other] = people;
  assert(me !== undefined && other !== undefined);
  for (const [i, each] of people.entries()) folded.send(each, me, `chat${i}`);
  for (let i = 0; i < MESSAGES; i++) folded.send(other, me, `m${i}`);
  return { folded, people, me, other };
}

/** Runs slices with a step between two of them; returns the result and the number of slices. */
function run<Result>(slices: Slices<Result>, between: () => void): { result: Result; count: number } {
  for (let count = 1;; count++) {
    const { done, value } = slices.next();
    if (done) return { result: value, count };
    // The page itself is made in one go.
    assert(value <= SLICE_WORK + workOfBytes(DEFAULT_LIMITS.frameBytes), `a slice of ${value}`);
    between();
  }
}

function bytes(outcome: Decision | Refusal): Uint8Array {
  assert(!isRefusal(outcome));
  return encodeReply(outcome.reply([]));
}

Deno.test("lists in slices are byte for byte those in one go, on a state that does not change", () => {
  const { folded: { state }, me, people } = crowd();
  const limits = { ...DEFAULT_LIMITS, replyBytes: 60_000 };
  const name = people[1]?.name ?? "";
  const lists: Record<string, () => Slices<Decision | Refusal>> = {
    users: () => decideListUsers(state, me, { limit: 500 }, () => false, limits),
    matches: () =>
      decideListUsers(state, me, { match: "*9?", after: "user3", limit: 7 }, () => false, limits),
    chats: () => chats(state, me, { limit: 500 }, limits),
    olderChats: () => chats(state, me, { before: people[700]?.name ?? "", limit: 500 }, limits),
    newest: () => listed(state, me, { with: name, limit: 500 }, limits),
    before: () => listed(state, me, { with: name, before: "m900", limit: 500 }, limits),
    after: () => listed(state, me, { with: name, after: "m100", limit: 500 }, limits),
    undelivered: () => listed(state, me, { undelivered: true, limit: 500 }, limits),
  };
  for (const [what, list] of Object.entries(lists)) {
    const { result, count } = run(list(), () => {});
    assertEquals(bytes(result), bytes(wholeOf(list())), what);
    assertGreater(count, 1, what);
  }
  for (
    const list of [() => listAllUsers(state, me, limits), () => conversation(state, me, name, limits)]
  ) {
    assertEquals(run(list(), () => {}).result, wholeOf(list()));
  }
  assertEquals(run(allNames(state, limits), () => {}).result, wholeOf(allNames(state, limits)));
});

/** A change of the state between two slices; numbers choose whom and what it concerns. */
const CHANGE = fastCheck.record({
  what: fastCheck.constantFrom(
    "register" as const,
    "deleteAccount" as const,
    "send" as const,
    "deleteMessages" as const,
    "hideMessages" as const,
    "confirm" as const,
  ),
  number: fastCheck.nat(USERS - 1),
  count: fastCheck.integer({ min: 1, max: 40 }),
});

type Change = typeof CHANGE extends fastCheck.Arbitrary<infer T> ? T : never;

/** Applies changes to a crowd, and knows the accounts and messages that were never touched. */
class Changes {
  readonly crowd = crowd();
  readonly goneAccounts = new Set<Account>();
  readonly goneMessages = new Set<string>();
  #next = 0;

  apply({ what, number, count }: Change): void {
    const { folded, me, other, people } = this.crowd;
    const ids = Array.from({ length: count }, (_, i) => `m${(number + i) % MESSAGES}`);
    switch (what) {
      case "register":
        folded.register(`user${number}x${this.#next++}`);
        return;
      case "deleteAccount": {
        const account = people[number];
        if (account === undefined || account === me || account === other || account.deleted) return;
        this.goneAccounts.add(account);
        return void folded.apply({ type: "accountDeleted", account: account.id });
      }
      case "send":
        return void folded.send(other, me, `late${this.#next++}`);
      case "deleteMessages":
      case "hideMessages":
      case "confirm": {
        for (const id of ids) this.goneMessages.add(id);
        const type = ({
          deleteMessages: "messagesDeleted",
          hideMessages: "messagesHidden",
          confirm: "messagesDelivered",
        } as const)[what];
        return void folded.mark(type, other, me, ...ids);
      }
    }
  }
}

/** All pages of a list, with changes between the slices. */
function paged(
  changes: Changes,
  steps: readonly (readonly Change[])[],
  page: (last: string | undefined) => Slices<Decision | Refusal>,
  rowsOf: (outcome: Decision) => { readonly rows: readonly string[]; readonly more: boolean },
): string[] {
  const all: string[] = [];
  let step = 0;
  const between = (): void => {
    for (const change of steps[step++] ?? []) changes.apply(change);
  };
  for (;;) {
    const { result } = run(page(all.at(-1)), between);
    assert(!isRefusal(result), JSON.stringify(result));
    const { rows, more } = rowsOf(result);
    assert(rows.length > 0 || !more, "an empty page before the last one");
    all.push(...rows);
    if (!more) return all;
  }
}

const STEPS = fastCheck.array(fastCheck.array(CHANGE, { maxLength: 6 }), { minLength: 1, maxLength: 30 });

const limits = { ...DEFAULT_LIMITS };

Deno.test("LIST_USERS in slices has everybody who stays exactly once, in order, and nobody who is gone", () => {
  fastCheck.assert(
    fastCheck.property(STEPS, (steps) => {
      const changes = new Changes();
      const { folded: { state }, me, people } = changes.crowd;
      const rows = paged(
        changes,
        steps,
        (after) => decideListUsers(state, me, { limit: 500, ...after && { after } }, () => false, limits),
        (outcome) => {
          const reply = outcome.reply([]);
          assert(reply.name === "users");
          const users = reply.payload.users.map(({ name }) => name);
          for (const name of users) assert(state.directory.find(name)?.alive, `${name} is gone`);
          return { rows: users, more: reply.payload.more };
        },
      );
      assertEquals(rows, rows.toSorted());
      assertEquals(new Set(rows).size, rows.length);
      const stayed = people.filter((each) => !changes.goneAccounts.has(each)).map(({ name }) => name);
      const seen = new Set(rows);
      assertEquals(stayed.filter((name) => !seen.has(name)), []);
    }),
    { numRuns: 25 },
  );
});

Deno.test("LIST_MESSAGES in slices has each message that stays exactly once, in order, and none that is gone", () => {
  for (const undelivered of [true, false]) {
    fastCheck.assert(
      fastCheck.property(STEPS, (steps) => {
        const changes = new Changes();
        const { folded: { state }, me, other } = changes.crowd;
        const confirmed = new Set<string>();
        const rows = paged(
          changes,
          steps,
          (after) =>
            listed(
              state,
              me,
              undelivered
                ? { undelivered: true, limit: 500 }
                : { with: other.name, after: after ?? `chat1`, limit: 500 },
              limits,
            ),
          (outcome) => {
            const reply = outcome.reply([]);
            assert(reply.name === "messages");
            const { messages, more } = reply.payload;
            for (const { id, content } of messages) {
              assertEquals(content, `content of ${id}`, "a message without its content");
              assert(!confirmed.has(id), `${id} again`);
              if (!undelivered) continue;
              confirmed.add(id);
            }
            const ids = messages.map(({ id }) => id);
            if (undelivered) {
              for (const { id, sender } of messages) {
                const from = state.directory.find(sender);
                if (from) changes.crowd.folded.mark("messagesDelivered", from, me, id);
              }
            }
            return { rows: ids, more };
          },
        );
        assertEquals(new Set(rows).size, rows.length);
        const numbers = rows.filter((id) => id.startsWith("m")).map((id) => Number(id.slice(1)));
        assertEquals(numbers, numbers.toSorted((a, b) => a - b));
        const seen = new Set(rows);
        const stayed = Array.from({ length: MESSAGES }, (_, i) => `m${i}`)
          .filter((id) => !changes.goneMessages.has(id));
        assertEquals(stayed.filter((id) => !seen.has(id)), []);
      }),
      { numRuns: 25 },
    );
  }
});

Deno.test("LIST_MESSAGES has no message that went before the reply was made, however short the list", () => {
  const { folded, me, other } = crowd();
  for (
    const page of [{ with: other.name, limit: 3 }, { with: other.name, after: "m5", limit: 3 }, {
      undelivered: true,
    }]
  ) {
    const [gone] = page.after === undefined ? [`m${MESSAGES - 1}`, "chat0"] : ["m7"];
    for (const id of [gone, "chat0"]) {
      const slices = listed(folded.state, me, page, limits);
      let isGone = false;
      const { result } = run(slices, () => {
        if (!isGone) folded.mark("messagesDeleted", id === "chat0" ? me : other, me, id ?? "");
        isGone = true;
      });
      assert(isGone && !isRefusal(result));
      const reply = result.reply([]);
      assert(reply.name === "messages");
      assertEquals(
        reply.payload.messages.filter((message) => message.id === id || message.content === ""),
        [],
      );
    }
  }
});

Deno.test("LIST_CHATS in slices has each chat that stays as it is exactly once, newest first", () => {
  fastCheck.assert(
    fastCheck.property(STEPS, (steps) => {
      const changes = new Changes();
      const { folded: { state }, me, other, people } = changes.crowd;
      const rows = paged(
        changes,
        steps,
        (before) => chats(state, me, { limit: 500, ...before && { before } }, limits),
        (outcome) => {
          const reply = outcome.reply([]);
          assert(reply.name === "chats");
          const { chats, more } = reply.payload;
          const times = chats.map(({ last }) => last.timestamp);
          assertEquals(times, times.toSorted((a, b) => b - a));
          return { rows: chats.map((chat) => chat.with), more };
        },
      );
      assertEquals(new Set(rows).size, rows.length);
      const seen = new Set(rows);
      const stayed = people.filter((each) => each !== other && !changes.goneAccounts.has(each));
      assertEquals(stayed.filter(({ name }) => !seen.has(name)).map(({ name }) => name), []);
    }),
    { numRuns: 25 },
  );
});
