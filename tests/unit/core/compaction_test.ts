import { assertEquals, assertGreater, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import {
  COMPACTION_INTERVAL_MS,
  type CompactionNeed,
  eraseEntry,
  isCompactionDue,
  leavesErasable,
} from "../../../server/core/compaction.ts";
import { type Entry, entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { anyEntrySet, type EntrySet, interleaved } from "../../testing/entry_sets.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { stateDigest, wrongCounts } from "../../testing/state_digest.ts";

/** A time at which no fingerprint has expired yet, ms since the Unix epoch. */
const EARLY_MS = 0;

const ANN = "ann.000000000001";
const BOB = "bob.000000000002";
const CAT = "cat.000000000003";

const SENT: Event = { type: "messageSent", id: "m1", from: ANN, to: BOB, content: "hello" };
const MARKS = { sender: ANN, recipient: BOB, ids: ["m1"] };
const ERASED = { content: "", digest: 0 };

function fold(entries: readonly Entry[]): State {
  const state = new State();
  for (const entry of entries) evolve(state, entry);
  return state;
}

function entriesOf(events: readonly Event[]): Entry[] {
  return events.map((event, i) => entryOf("node1#000000000001", i + 1, 1_000 + i, event));
}

/** The entries in erased form, given the fold of all of them. */
function erased(events: readonly Event[]): Entry[] {
  const entries = entriesOf(events);
  const state = fold(entries);
  return entries.map((entry) => eraseEntry(state, entry, EARLY_MS));
}

Deno.test("eraseEntry() takes the content of what its sender deleted, and of nothing else", () => {
  const other: Event = { ...SENT, id: "m2" };
  const [first, second] = erased([SENT, other, { type: "messagesDeleted", ...MARKS }]);
  const [entry, kept] = entriesOf([SENT, other]);
  assertEquals(first, { ...entry, ...ERASED } as Entry);
  assertEquals(second, kept);
});

Deno.test("eraseEntry() takes whom a deleted account has blocked, and that somebody blocked it", () => {
  const blocks: Event[] = [[ANN, BOB], [BOB, ANN], [BOB, CAT]].map(([account = "", person = ""]) => {
    return { type: "personBlocked", account, person, generation: 1 };
  });
  const [first, second, third] = erased([...blocks, { type: "accountDeleted", account: ANN }]);
  const [ofAnn, aboutAnn, other] = entriesOf(blocks);
  assertEquals([first, second], [{ ...ofAnn, person: "" }, { ...aboutAnn, person: "" }] as Entry[]);
  assertEquals(third, other);
});

Deno.test("eraseEntry() leaves what was only hidden as it is", () => {
  const events: Event[] = [SENT, { type: "messagesHidden", ...MARKS }];
  assertEquals(erased(events), entriesOf(events));
});

Deno.test("eraseEntry() takes the messages and the password hashes of an account that is gone", () => {
  const events: Event[] = [
    { type: "accountCreated", account: ANN, name: "Ann", hash: "$secret1" },
    { type: "accountCreated", account: CAT, name: "Cat", hash: "$other" },
    SENT,
    { ...SENT, from: BOB, to: ANN },
    { ...SENT, from: BOB, to: CAT },
    { type: "passwordChanged", account: ANN, hash: "$secret2", generation: 1 },
    { type: "passwordRehashed", account: ANN, password: "node1#000000000001/1", hash: "$secret3" },
    { type: "accountDeleted", account: ANN },
  ];
  const before = entriesOf(events);
  const after = erased(events);
  assertEquals(JSON.stringify(after).includes("$secret"), false);
  const contents = after.flatMap((entry) => entry.type === "messageSent" ? [entry.content] : []);
  assertEquals(contents, ["", "", "hello"]);
  assertStrictEquals(JSON.stringify(after[1]), JSON.stringify(before[1]));
  assertEquals(after.map(placeAndType), before.map(placeAndType));
});

function placeAndType({ seq, stamp, type }: Entry): [number, number, string] {
  return [seq, stamp, type];
}

Deno.test("an erased message is deleted wherever it arrives first", () => {
  const [entry] = erased([SENT, { type: "messagesDeleted", ...MARKS }]);
  const state = fold(entry ? [entry] : []);
  const [message] = state.messages.all();
  assertEquals([message?.deleted, message?.content], [true, ""]);
  assertEquals(wrongCounts(state), []);
});

Deno.test("an erased repetition of a message that is shown takes it away, and says so", () => {
  for (const stamp of [1, 3]) {
    const state = fold([entryOf("node1#000000000001", 1, 2, SENT)]);
    const changes = evolve(state, entryOf("node2#000000000002", 1, stamp, { ...SENT, ...ERASED } as Event));
    assertEquals(changes.map(({ type }) => type), ["messagesGone"]);
    assertEquals([...state.messages.all()].map(({ deleted }) => deleted), [true]);
    assertEquals(wrongCounts(state), []);
  }
});

/**
 * Erases some of the entries, as on a node that has compacted some of its segments; also counts the erased
 * ones.
 */
function partlyErased(set: EntrySet, state: State, numbers: SeededNumbers): [EntrySet, number] {
  let count = 0;
  const result = set.map((entries) =>
    entries.map((entry) => {
      if (numbers.below(3) === 0) return entry;
      const without = eraseEntry(state, entry, EARLY_MS);
      if (without !== entry) count++;
      return without;
    })
  );
  return [result, count];
}

Deno.test("eraseEntry() changes no state, whatever is erased, in whatever order it arrives, and is idempotent", () => {
  const sets = 4_000;
  let count = 0;
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (set, seed) => {
      const numbers = new SeededNumbers(seed);
      const state = fold(set.flat());
      const digest = stateDigest(state);
      for (let order = 0; order < 3; order++) {
        const [partly, erasedHere] = partlyErased(set, state, numbers);
        count += erasedHere;
        const again = fold(interleaved(partly, numbers));
        assertEquals(stateDigest(again), digest);
        assertEquals(wrongCounts(again), []);
        for (const entry of partly.flat()) {
          const without = eraseEntry(again, entry, EARLY_MS);
          assertStrictEquals(eraseEntry(again, without, EARLY_MS), without);
          assertEquals(without, eraseEntry(state, entry, EARLY_MS));
        }
      }
      assertEquals(stateDigest(state), digest);
    }),
    { numRuns: sets, seed: 9 },
  );
  console.log(`eraseEntry(): ${sets} sets, ${count} entries erased`);
  assertGreater(count, sets);
});

Deno.test("leavesErasable() sees every entry after which more can be erased than before", () => {
  let seen = 0;
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (set, seed) => {
      const state = new State();
      const here: Entry[] = [];
      for (const entry of interleaved(set, new SeededNumbers(seed))) {
        const before = here.filter((each) => eraseEntry(state, each, EARLY_MS) !== each).length;
        evolve(state, entry);
        here.push(entry);
        const after = here.filter((each) => eraseEntry(state, each, EARLY_MS) !== each).length;
        if (after === before) continue;
        assertEquals(leavesErasable(state, entry, EARLY_MS), true);
        seen++;
      }
    }),
    { numRuns: 500, seed: 10 },
  );
  console.log(`leavesErasable(): ${seen} entries after which more could be erased`);
  assertGreater(seen, 500);
});

Deno.test("isCompactionDue() waits for its hour, for something to do or a day, and for room on the disk", () => {
  const due: CompactionNeed = {
    elapsedMs: COMPACTION_INTERVAL_MS,
    readOnly: false,
    hasDeleted: true,
  };
  assertEquals(isCompactionDue(due), true);
  assertEquals(isCompactionDue({ ...due, hasDeleted: false }), false);
  const idle = { ...due, hasDeleted: false, elapsedMs: 24 * COMPACTION_INTERVAL_MS };
  assertEquals(isCompactionDue({ ...idle, elapsedMs: idle.elapsedMs - 1 }), false);
  assertEquals(isCompactionDue(idle), true, "a day after the last one, whatever happened");
  assertEquals(isCompactionDue({ ...due, elapsedMs: COMPACTION_INTERVAL_MS - 1 }), false);
  assertEquals(isCompactionDue({ ...due, readOnly: true }), false);
  const daily = { ...due, hasDeleted: false, elapsedMs: 24 * COMPACTION_INTERVAL_MS };
  assertEquals(isCompactionDue(daily), true);
  assertEquals(isCompactionDue({ ...daily, elapsedMs: daily.elapsedMs - 1 }), false);
  assertEquals(isCompactionDue({ ...daily, readOnly: true }), false);
});
