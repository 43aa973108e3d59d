import { assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import type { Entry } from "../../../server/core/entry.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { anyEntrySet, interleaved } from "../../testing/entry_sets.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { stateDigest, wrongCounts } from "../../testing/state_digest.ts";

const SETS = 10_000;
const ORDERS = 3;

function fold(entries: readonly Entry[]): State {
  const state = new State();
  for (const entry of entries) evolve(state, entry);
  return state;
}

Deno.test(`evolve() gives the same state for ${SETS} sets of entries in any order, any number of times`, () => {
  const seen = {
    entries: 0,
    messages: 0,
    renamed: 0,
    deleted: 0,
    gone: 0,
    disabled: 0,
    blocked: 0,
    early: 0,
    tokens: 0,
    backlogs: 0,
  };
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (set, seed) => {
      const numbers = new SeededNumbers(seed);
      const state = fold(set.flat());
      const digest = stateDigest(state);
      for (let order = 0; order < ORDERS; order++) {
        assertEquals(stateDigest(fold(interleaved(set, numbers))), digest);
      }
      seen.entries += set.flat().length;
      seen.messages += state.messages.size;
      seen.deleted += [...state.messages.all()].filter((message) => message.deleted).length;
      seen.early += state.earlyMarks.size;
      for (const account of state.accounts.values()) {
        seen.gone += Number(account.deleted !== undefined);
        seen.disabled += Number(account.isDisabled);
        seen.blocked += [...account.decisions?.values() ?? []].filter(({ isBlocked }) => isBlocked).length;
        seen.renamed += Number(account.alive && account.name.includes("~"));
        seen.tokens += account.tokens.size;
        seen.backlogs += Number(account.backlog.size > 0);
      }
    }),
    { numRuns: SETS, seed: 5 },
  );
  console.log(`${SETS} sets, ${ORDERS + 1} orders each: ${JSON.stringify(seen)}`);
  for (const [what, count] of Object.entries(seen)) assertGreater(count, SETS / 20, what);
});

Deno.test("evolve() keeps unread counts and backlogs as a recount from the messages gives them", () => {
  const sets = 2_000;
  let recounts = 0;
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (set, seed) => {
      const state = new State();
      for (const entry of interleaved(set, new SeededNumbers(seed))) {
        evolve(state, entry);
        assertEquals(wrongCounts(state), []);
        recounts++;
      }
    }),
    { numRuns: sets, seed: 6 },
  );
  console.log(`${recounts} recounts`);
});

Deno.test("evolve() onto a state that was kept equals a fold from the beginning, at any moment", () => {
  const sets = 500;
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (set, seed) => {
      const arrived = interleaved(set, new SeededNumbers(seed));
      const kept = new State();
      for (const [i, entry] of arrived.entries()) {
        evolve(kept, entry);
        const sorted = arrived.slice(0, i + 1).sort((a, b) =>
          a.origin < b.origin ? -1 : a.origin > b.origin ? 1 : a.seq - b.seq
        );
        assertEquals(stateDigest(kept), stateDigest(fold(sorted)));
      }
    }),
    { numRuns: sets, seed: 7 },
  );
});

Deno.test("evolve() says what changed once: a repetition changes nothing", () => {
  fc.assert(
    fc.property(anyEntrySet, (set) => {
      const state = fold(set.flat());
      for (const entry of set.flat()) assertEquals(evolve(state, entry), []);
    }),
    { numRuns: 200, seed: 8 },
  );
});
