import { assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import { evolve } from "../../../server/core/evolve.ts";
import type { Account } from "../../../server/core/accounts/account.ts";
import type { Conversation } from "../../../server/core/messages/conversation.ts";
import type { Message } from "../../../server/core/messages/message.ts";
import { State } from "../../../server/core/state.ts";
import { anyEntrySet, interleaved } from "../../testing/entry_sets.ts";
import { FoldedState } from "../../testing/folded_state.ts";
import { MessageHistory } from "../../testing/message_histories.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { wholeOf } from "../../testing/whole_of.ts";

const SETS = scale(5_000, 50_000);
const HISTORIES = scale(2_000, 20_000);
const ENTRIES_MAX = 60;

function searched(conversation: Conversation, account: Account): Message | undefined {
  return wholeOf(conversation.last(account).search(() => conversation.messages, () => true));
}

/** Compares the last messages that are kept with those of the lists; searches for one of two that are unknown. */
class Comparison {
  readonly seen = { kept: 0, none: 0, unknown: 0, searched: 0 };

  compare(state: State, numbers: SeededNumbers): void {
    for (const account of state.accounts.values()) {
      for (const conversation of account.conversations.values()) {
        const expected = conversation.messages.findLast((message) => message.visibleTo(account));
        const last = conversation.last(account);
        if (last.isKnown) {
          assertEquals(last.message === expected, true);
          this.seen.kept++;
          this.seen.none += Number(expected === undefined);
        } else if (numbers.below(2) === 0) {
          assertEquals(last.message, undefined);
          this.seen.unknown++;
        } else {
          assertEquals(searched(conversation, account) === expected, true);
          this.seen.searched++;
        }
      }
    }
  }
}

Deno.test(`Conversation.last() is the newest visible message in ${SETS} sets of entries and ${HISTORIES} histories`, () => {
  const comparison = new Comparison();
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (set, seed) => {
      const numbers = new SeededNumbers(seed);
      const state = new State();
      for (const entry of interleaved(set, numbers)) {
        evolve(state, entry);
        comparison.compare(state, numbers);
      }
    }),
    { numRuns: SETS, seed: 17 },
  );
  const numbers = new SeededNumbers(18);
  for (let i = 0; i < HISTORIES; i++) {
    const state = new State();
    for (const entry of new MessageHistory(numbers, "", ENTRIES_MAX).entries) {
      evolve(state, entry);
      comparison.compare(state, numbers);
    }
  }
  console.log(`${SETS} sets, ${HISTORIES} histories: ${JSON.stringify(comparison.seen)}`);
  for (const [what, count] of Object.entries(comparison.seen)) assertGreater(count, SETS / 5, what);
});

/** A conversation of which bob has hidden every message that he got, but the first. */
function hiddenTail(count: number): { folded: FoldedState; ann: Account; bob: Account; talk: Conversation } {
  const folded = new FoldedState();
  const [ann, bob] = [folded.register("ann"), folded.register("bob")];
  const ids = Array.from({ length: count }, (_, i) => `m${i}`);
  for (const id of ids) folded.send(ann, bob, id);
  folded.mark("messagesHidden", ann, bob, ...ids.slice(1));
  const talk = ann.conversations.get(bob.id);
  if (talk === undefined) throw new Error("no conversation");
  return { folded, ann, bob, talk };
}

Deno.test("LastMessage.search() gives way, and keeps what it finds", () => {
  const { bob, ann, talk } = hiddenTail(5_000);
  assertEquals([talk.last(bob).isKnown, talk.last(ann).message?.id], [false, "m4999"]);
  const slices = [...talk.last(bob).search(() => talk.messages, () => true)].length;
  console.log(`${slices} slices for 5,000 messages`);
  assertGreater(slices, 4);
  assertEquals([talk.last(bob).isKnown, talk.last(bob).message?.id], [true, "m0"]);
  assertEquals([...talk.last(bob).search(() => talk.messages, () => true)].length, 1);
});

Deno.test("LastMessage.search() finds what is the last at its end, though messages come and go meanwhile", () => {
  const { folded, ann, bob, talk } = hiddenTail(5_000);
  const slices = talk.last(bob).search(() => talk.messages, () => true);
  slices.next();
  folded.mark("messagesDeleted", ann, bob, ...Array.from({ length: 3_000 }, (_, i) => `m${i + 1}`));
  assertEquals(wholeOf(slices)?.id, "m0");
  folded.mark("messagesDeleted", ann, bob, "m0");
  const others = talk.last(bob).search(() => talk.messages, () => true);
  others.next();
  folded.send(bob, ann, "newer");
  assertEquals(wholeOf(others)?.id, "newer");
  folded.mark("messagesDeleted", bob, ann, "newer");
  assertEquals([searched(talk, bob), searched(talk, ann)?.id], [undefined, "m4999"]);
});
