import { assert, assertEquals, assertGreater, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { eraseEntry, leavesErasable } from "../../../server/core/compaction.ts";
import { type Entry, entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { anyEntrySet, type EntrySet, interleaved } from "../../testing/entry_sets.ts";
import { anyNamesakes } from "../../testing/namesake_sets.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { stateDigest, wrongCounts } from "../../testing/state_digest.ts";

const ANN = "aa000000000000000001";
const BOB = "bb000000000000000002";
const [NODE1, NODE2] = ["node1#aaaaaaaaaaaa", "node2#bbbbbbbbbbbb"];

/** Stamp of the second entry. */
const STAMP = 1_700_000_000_000_000;

/** A time at which no fingerprint has expired yet, ms since the Unix epoch. */
const EARLY_MS = 0;

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

const FORGOTTEN = entryOf(NODE2, 2, STAMP + 1, { type: "nameForgotten", account: ANN });

/** The name and the hash that are left of the first account. */
function left(...entries: readonly Entry[]): readonly string[] {
  const entry = eraseEntry(fold(entries), CREATED, EARLY_MS);
  assert(entry.type === "accountCreated");
  return [entry.name, entry.hash];
}

Deno.test("eraseEntry() takes the name of an account if and only if it is forgotten", () => {
  assertEquals(left(CREATED), ["Ann", "$hash"]);
  assertEquals(left(CREATED, DELETED), ["Ann", ""]);
  assertEquals(left(CREATED, DELETED, FORGOTTEN), ["", ""]);
  assertEquals(left(FORGOTTEN), ["", "$hash"], "before the deletion");
  const state = fold([CREATED, DELETED, FORGOTTEN]);
  const hashless = { ...CREATED, hash: "" } as Entry;
  assertEquals(eraseEntry(state, hashless, EARLY_MS), { ...CREATED, name: "", hash: "" } as Entry);
});

Deno.test("evolve() shows the namesakes of a forgotten name as if nobody had it, and tells of the change", () => {
  const other = entryOf(NODE1, 2, STAMP, created(BOB, "ann"));
  const state = fold([CREATED, other, DELETED]);
  assertEquals(state.account(BOB).name, "ann~node1");
  const changes = evolve(state, FORGOTTEN);
  assertEquals(changes.map(({ type }) => type), ["accountRenamed"]);
  assertEquals([state.account(BOB).name, state.directory.find("ann")?.id], ["ann", BOB]);
  assertEquals(state.directory.namesakes("ann").map(({ id }) => id), [BOB]);
  assertEquals(evolve(state, { ...FORGOTTEN, seq: 3, stamp: STAMP + 2 }), []);
});

Deno.test("evolve() keeps an account out of every list whose name is forgotten before its deletion arrives", () => {
  const deleted = { ...DELETED, origin: "node3#cccccccccccc" };
  const expected = stateDigest(fold([CREATED, deleted, { ...FORGOTTEN, seq: 1 }]));
  for (const order of [[0, 1, 2], [1, 0, 2], [1, 2, 0], [2, 1, 0]]) {
    const state = new State();
    const entries = [CREATED, { ...FORGOTTEN, seq: 1 }, deleted];
    for (const i of order) {
      evolve(state, entries[i] as Entry);
      const isForgotten = state.account(ANN).isNameForgotten;
      assertEquals(state.account(ANN).alive && isForgotten, false);
      if (isForgotten) assertEquals([state.directory.size, state.directory.find("ann")], [0, undefined]);
    }
    assertEquals(stateDigest(state), expected);
  }
  assert(!expected.includes("Ann"));
});

Deno.test("evolve() keeps an account without a name out of every list, whatever arrives first", () => {
  const erased = { ...CREATED, name: "", hash: "" } as Entry;
  const whole = stateDigest(fold([CREATED, DELETED, FORGOTTEN]));
  const orders = [[erased, DELETED, FORGOTTEN], [DELETED, erased, FORGOTTEN], [DELETED, FORGOTTEN, erased]];
  for (const order of orders) {
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
      const without = eraseEntry(state, entry, EARLY_MS);
      names += Number(without.type === "accountCreated" && without.name === "");
      return without;
    })
  );
  return [result, names];
}

Deno.test("eraseEntry() of forgotten names changes no state, in whatever order entries arrive, and is idempotent", () => {
  const sets = 4_000;
  const seen = { names: 0, forgettable: 0, renamed: 0 };
  fc.assert(
    fc.property(fc.oneof(anyEntrySet, anyNamesakes("a")), fc.integer(), (set, seed) => {
      const numbers = new SeededNumbers(seed);
      const state = fold(set.flat());
      const digest = stateDigest(state);
      seen.forgettable += state.forgettable.size;
      for (const { alive, name } of state.accounts.values()) {
        seen.renamed += Number(alive && name.includes("~"));
      }
      for (let order = 0; order < 3; order++) {
        const [partly, names] = partlyErased(set, state, numbers);
        seen.names += names;
        const again = fold(interleaved(partly, numbers));
        assertEquals(stateDigest(again), digest);
        assertEquals(wrongCounts(again), []);
        for (const entry of partly.flat()) {
          const without = eraseEntry(again, entry, EARLY_MS);
          assertStrictEquals(eraseEntry(again, without, EARLY_MS), without);
          assertEquals(without, eraseEntry(state, entry, EARLY_MS));
        }
      }
    }),
    { numRuns: sets, seed: 21 },
  );
  console.log(`eraseEntry(): ${sets} sets, ${JSON.stringify(seen)}`);
  for (const [what, count] of Object.entries(seen)) assertGreater(count, sets / 20, what);
});

Deno.test("late namesakes are shown alike at a node that has erased names and at one that has not", () => {
  const sets = 4_000;
  const seen = { names: 0, renamed: 0 };
  const late = anyNamesakes("b", ["node3#cccccccccccc"]);
  fc.assert(
    fc.property(anyNamesakes("a"), late, fc.integer(), (set, later, seed) => {
      const numbers = new SeededNumbers(seed);
      const [partly, names] = partlyErased(set, fold(set.flat()), numbers);
      const state = fold([...interleaved(set, numbers), ...later.flat()]);
      assertEquals(
        stateDigest(fold([...interleaved(partly, numbers), ...later.flat()])),
        stateDigest(state),
      );
      seen.names += names;
      for (const { id, alive, name } of state.accounts.values()) {
        seen.renamed += Number(alive && id.startsWith("b") && name.includes("~"));
      }
    }),
    { numRuns: sets, seed: 22 },
  );
  console.log(`eraseEntry(): ${sets} sets with late ones, ${JSON.stringify(seen)}`);
  for (const [what, count] of Object.entries(seen)) assertGreater(count, sets / 20, what);
});

Deno.test("a namesake of a node that was out of the configuration is shown alike before and after a compaction", () => {
  const entries = [CREATED, DELETED, FORGOTTEN];
  const state = fold(entries);
  const restarted = fold(entries.map((entry) => eraseEntry(state, entry, EARLY_MS)));
  assertEquals(stateDigest(restarted), stateDigest(state));
  // Registered while the first account lived.
  const late = entryOf("node3#cccccccccccc", 1, STAMP - 1, created(BOB, "ann"));
  for (const node of [state, restarted]) {
    evolve(node, late);
    assertEquals([...node.directory.from("", "")].map(({ name }) => name), ["ann"]);
  }
  assertEquals(stateDigest(restarted), stateDigest(state));
  assertEquals(stateDigest(fold([late, ...entries])), stateDigest(state), "another order");
});

Deno.test("leavesErasable() sees every entry after which more names can be erased than before", () => {
  let seen = 0;
  fc.assert(
    fc.property(anyNamesakes("a"), fc.integer(), (set, seed) => {
      const state = new State();
      const here: Entry[] = [];
      const erasable = (): number =>
        here.filter((each) => {
          const without = eraseEntry(state, each, EARLY_MS);
          return without.type === "accountCreated" && without.name === "";
        }).length;
      for (const entry of interleaved(set, new SeededNumbers(seed))) {
        const before = erasable();
        evolve(state, entry);
        here.push(entry);
        if (erasable() <= before) continue;
        assertEquals(leavesErasable(state, entry, EARLY_MS), true);
        seen++;
      }
    }),
    { numRuns: 500, seed: 23 },
  );
  console.log(`leavesErasable(): ${seen} entries after which more names could be erased`);
  assertGreater(seen, 500);
});
