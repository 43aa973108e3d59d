import { assert, assertEquals, assertGreater } from "@std/assert";
import type { Change } from "../../../server/core/change.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { LeanNode, StateArchive } from "../../testing/lean_node.ts";
import { requestsAbout } from "../../testing/message_requests.ts";
import { MessageHistory } from "../../testing/message_histories.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { wholeOf } from "../../testing/whole_of.ts";

const HISTORIES = scale(5_000, 50_000);
const ENTRIES_MAX = 120;
const REQUESTS = 10;

/** A change as far as people are told of it. */
function inShort(change: Change): string {
  const [message, by] = [
    "message" in change ? change.message : undefined,
    "by" in change ? change.by.id : "",
  ];
  return JSON.stringify([change.type, by, message?.id, message?.time, "ids" in change ? change.ids : []]);
}

Deno.test(`every request of ${HISTORIES} histories gets the same answer whatever has left memory, and however late the archive is`, () => {
  const numbers = new SeededNumbers(31);
  const requested: Record<string, number> = {};
  const total: Record<string, number> = {};
  let [changes, again] = [0, 0];
  for (let i = 1; i <= HISTORIES; i++) {
    const history = new MessageHistory(numbers, "", numbers.below(ENTRIES_MAX));
    const full = new State();
    const node = new LeanNode(new StateArchive(), numbers.below(4) === 0);
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
      const [name, request] = numbers.pick(Object.entries(requestsAbout(full, numbers, history.accounts)));
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
