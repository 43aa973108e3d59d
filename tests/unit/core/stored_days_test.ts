import { assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import type { Entry } from "../../../server/core/entry.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { StoredDays } from "../../../server/core/accounts/stored_days.ts";
import { anyEntrySet, interleaved } from "../../testing/entry_sets.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";

/** Microseconds, as in stamps. */
const DAY = 86_400_000_000;

/** Days that are kept. */
const KEPT = 4;

Deno.test("StoredDays keeps the sums of the latest days, in any order of arrival", () => {
  const runs = 10_000;
  let sums = 0;
  const entry = fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 100 }));
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 30 }), (entries) => {
      const days = new StoredDays();
      for (const [day, bytes] of entries) days.add(day, bytes);
      const latest = [...new Set(entries.map(([day]) => day))].sort((a, b) => b - a).slice(0, KEPT);
      for (let day = 0; day <= 8; day++) {
        const sum = entries.reduce((total, [on, bytes]) => on === day ? total + bytes : total, 0);
        assertEquals(days.on(day), latest.includes(day) ? sum : 0);
        sums++;
      }
    }),
    { numRuns: runs, seed: 13 },
  );
  console.log(`${runs} orders, ${sums} sums compared`);
});

/** Bytes that every account has stored on each day, by account id. */
function storedOf(entries: readonly Entry[]): Record<string, readonly number[]> {
  const state = new State();
  for (const entry of entries) evolve(state, entry);
  const sums = [...state.accounts.values()].map(({ id, stored }): [string, number[]] => [
    id,
    Array.from({ length: 40 }, (_, day) => stored.on(day)),
  ]);
  return Object.fromEntries(sums.filter(([, days]) => days.some((bytes) => bytes > 0)).sort());
}

Deno.test("evolve() counts what accounts have stored the same in any order, any number of times", () => {
  const sets = 2_000;
  let accounts = 0;
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (set, seed) => {
      // A step of the stamp is a day.
      const days = set.map((entries) => entries.map((entry) => ({ ...entry, stamp: entry.stamp * DAY })));
      const expected = storedOf(days.flat());
      assertEquals(storedOf(interleaved(days, new SeededNumbers(seed))), expected);
      accounts += Object.keys(expected).length;
    }),
    { numRuns: sets, seed: 14 },
  );
  assertGreater(accounts, sets);
  console.log(`${sets} sets, ${accounts} accounts that have stored something`);
});
