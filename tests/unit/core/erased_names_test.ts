import { assert, assertEquals, assertGreater, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { eraseEntry, leavesErasable } from "../../../server/core/compaction.ts";
import { type Entry, entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { anyEntrySet, type EntrySet, interleaved } from "../../testing/entry_sets.ts";
import { anyNamesakes } from "../../testing/namesake_sets.ts";
import { allSettled } from "../../testing/erasings.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { stateDigest, wrongCounts } from "../../testing/state_digest.ts";

const ANN = "aa000000000000000001";
const BOB = "bb000000000000000002";
const [NODE1, NODE2] = ["node1#aaaaaaaaaaaa", "node2#bbbbbbbbbbbb"];

/** Stamp of the second entry in microseconds, and the time at which it is a minute old in milliseconds. */
const STAMP = 1_700_000_000_000_000;
const PAST_MS = STAMP / 1_000 + 60_000;

function fold(entries: readonly Entry[]): State {
  const state = new State();
  for (const entry of entries) evolve(state, entry);
  return state;
}

function created(account: string, name: string): Event {
  return { type: "accountCreated", account, name, hash: "$hash" };
}

const CREATED = entryOf(NODE1, 1, STAMP - 1, created(ANN, "Ann"));
const DELETED = entryOf(NODE2, 1, STAMP, { type: "accountDeleted", account: ANN });

/** The name and the hash that are left of the first account. */
function left(state: State, settled: State["version"], wallMs = PAST_MS): readonly string[] {
  const entry = eraseEntry(state, CREATED, { wallMs, settled });
  assert(entry.type === "accountCreated");
  return [entry.name, entry.hash];
}

Deno.test("eraseEntry() takes the name of an account once its deletion is settled and a minute old", () => {
  const state = fold([CREATED, DELETED]);
  const before = new Map([[NODE1, { seq: 1, stamp: STAMP - 1 }], [NODE2, { seq: 0, stamp: STAMP - 1 }]]);
  assertEquals(left(fold([CREATED]), new Map([[NODE2, { seq: 9, stamp: STAMP }]])), ["Ann", "$hash"]);
  assertEquals(left(state, new Map()), ["Ann", ""]);
  assertEquals(left(state, before), ["Ann", ""]);
  assertEquals(left(state, state.version, PAST_MS - 1), ["Ann", ""]);
  assertEquals(left(state, state.version), ["", ""]);
  const hashless = { ...CREATED, hash: "" } as Entry;
  assertEquals(eraseEntry(state, hashless, allSettled(state)), { ...CREATED, name: "", hash: "" } as Entry);
});

Deno.test("eraseEntry() leaves the name of an account while another one is renamed because of it", () => {
  const other = entryOf(NODE2, 1, STAMP, created(BOB, "ann"));
  const deleted = entryOf(NODE2, 2, STAMP + 1, { type: "accountDeleted", account: ANN });
  const gone = entryOf(NODE2, 3, STAMP + 2, { type: "accountDeleted", account: BOB });
  const state = fold([CREATED, other, deleted]);
  assertEquals(state.account(BOB).name, "ann~node2");
  assertEquals(left(state, state.version, PAST_MS + 1), ["Ann", ""]);
  evolve(state, gone);
  assertEquals(left(state, state.version, PAST_MS + 1), ["", ""]);
});

Deno.test("evolve() keeps an account without a name out of every list, whatever arrives first", () => {
  const erased = { ...CREATED, name: "", hash: "" } as Entry;
  const whole = stateDigest(fold([CREATED, DELETED]));
  for (const order of [[erased, DELETED], [DELETED, erased]]) {
    const state = new State();
    for (const entry of order) {
      assertEquals(evolve(state, entry).filter(({ type }) => type !== "accountGone"), []);
      assertEquals([state.directory.size, state.account(ANN).alive], [0, false]);
    }
    assertEquals(stateDigest(state), whole);
    assertEquals(state.directory.namesakes(""), []);
  }
});

/** Erases some of the entries, as on a node that has compacted some of its segments; also counts erased names. */
function partlyErased(set: EntrySet, state: State, numbers: SeededNumbers): [EntrySet, number] {
  let names = 0;
  const result = set.map((entries) =>
    entries.map((entry) => {
      if (numbers.below(3) === 0) return entry;
      const without = eraseEntry(state, entry, allSettled(state));
      names += Number(without.type === "accountCreated" && without.name === "");
      return without;
    })
  );
  return [result, names];
}

Deno.test("eraseEntry() of settled names changes no state, in whatever order entries arrive, and is idempotent", () => {
  const sets = 4_000;
  const seen = { names: 0, needed: 0 };
  fc.assert(
    fc.property(fc.oneof(anyEntrySet, anyNamesakes("a")), fc.integer(), (set, seed) => {
      const numbers = new SeededNumbers(seed);
      const state = fold(set.flat());
      const digest = stateDigest(state);
      for (const { isNameNeeded } of state.accounts.values()) seen.needed += Number(isNameNeeded);
      for (let order = 0; order < 3; order++) {
        const [partly, names] = partlyErased(set, state, numbers);
        seen.names += names;
        const again = fold(interleaved(partly, numbers));
        assertEquals(stateDigest(again), digest);
        assertEquals(wrongCounts(again), []);
        for (const entry of partly.flat()) {
          const without = eraseEntry(again, entry, allSettled(again));
          assertStrictEquals(eraseEntry(again, without, allSettled(again)), without);
          assertEquals(without, eraseEntry(state, entry, allSettled(state)));
        }
      }
    }),
    { numRuns: sets, seed: 21 },
  );
  console.log(`eraseEntry(): ${sets} sets, ${JSON.stringify(seen)}`);
  for (const [what, count] of Object.entries(seen)) assertGreater(count, sets / 20, what);
});

Deno.test("erased names decide on nothing later: the next namesakes are shown alike with and without them", () => {
  const sets = 4_000;
  const seen = { names: 0, renamed: 0 };
  const pairs = anyNamesakes("a").chain((set) => fc.tuple(fc.constant(set), anyNamesakes("b", set)));
  fc.assert(
    fc.property(pairs, fc.integer(), ([set, later], seed) => {
      const numbers = new SeededNumbers(seed);
      const [partly, names] = partlyErased(set, fold(set.flat()), numbers);
      const followed = (first: EntrySet): EntrySet => first.map((each, i) => [...each, ...later[i] ?? []]);
      const state = fold(interleaved(followed(set), numbers));
      assertEquals(stateDigest(fold(interleaved(followed(partly), numbers))), stateDigest(state));
      seen.names += names;
      for (const { id, alive, name } of state.accounts.values()) {
        seen.renamed += Number(alive && id.startsWith("b") && name.includes("~"));
      }
    }),
    { numRuns: sets, seed: 22 },
  );
  console.log(`eraseEntry(): ${sets} sets with later ones, ${JSON.stringify(seen)}`);
  for (const [what, count] of Object.entries(seen)) assertGreater(count, sets / 20, what);
});

Deno.test("leavesErasable() sees every entry after which more names can be erased than before", () => {
  let seen = 0;
  fc.assert(
    fc.property(anyNamesakes("a"), fc.integer(), (set, seed) => {
      const state = new State();
      const here: Entry[] = [];
      const erasable = (): number =>
        here.filter((each) => {
          const without = eraseEntry(state, each, allSettled(state));
          return without.type === "accountCreated" && without.name === "";
        }).length;
      for (const entry of interleaved(set, new SeededNumbers(seed))) {
        const before = erasable();
        evolve(state, entry);
        here.push(entry);
        if (erasable() <= before) continue;
        assertEquals(leavesErasable(state, entry, allSettled(state)), true);
        seen++;
      }
    }),
    { numRuns: 500, seed: 23 },
  );
  console.log(`leavesErasable(): ${seen} entries after which more names could be erased`);
  assertGreater(seen, 500);
});
