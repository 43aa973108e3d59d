import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import type { Entry } from "../../../server/core/entry.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { firstLead } from "../../../server/core/stamp.ts";
import { State } from "../../../server/core/state.ts";
import { OwnEntries } from "../../../server/node/own_entries.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";

const ORIGIN = "node1#a";
const NOW_MS = 1_700_000_000_000;
const SENT = {
  type: "messageSent",
  id: "m",
  from: "a",
  to: "b",
  content: "hey",
  at: NOW_MS * 1_000,
} as const;

/** The entries of a run on a copy of a data folder, one in each millisecond, and its state. */
function run(lead: number, count: number, aheadMs = 0): { readonly entries: Entry[]; readonly state: State } {
  const state = new State();
  evolve(state, { ...SENT, id: "before", origin: "node2#b", seq: 1, stamp: (NOW_MS + aheadMs) * 1_000 });
  const own = new OwnEntries(lead);
  const entries = Array.from({ length: count }, (_, i) => {
    const entry = own.next(state, ORIGIN, SENT, NOW_MS + i);
    evolve(state, entry);
    return entry;
  });
  return { entries, state };
}

Deno.test("OwnEntries numbers entries, and only the first stamp of a run leads the clock", () => {
  const { entries } = run(123, 3, -1);
  assertEquals(entries.map(({ seq, stamp }) => [seq, stamp - NOW_MS * 1_000]), [[1, 123], [2, 1_000], [
    3,
    2_000,
  ]]);
  assert(entries[0] !== undefined && !("at" in entries[0]), "the stamp stands for the time");
});

Deno.test("two copies of a data folder have other chains from their first entries on, though they write at one moment", () => {
  const numbers = new SeededNumbers(3);
  const lead = (): number => firstLead(Uint8Array.of(numbers.below(256), numbers.below(256)));
  let pairs = 0;
  let equal = 0;
  // A clock behind the one of another node shows nothing that counts: both copies count on from its stamp.
  for (const aheadMs of [-1, 30_000]) {
    const chainOf = (first: number, count: number): number | undefined =>
      run(first, count, aheadMs).state.version.get(ORIGIN)?.chain;
    assertEquals(chainOf(0, 2), chainOf(0, 2), "without a lead");
    for (let i = 0; i < 2_000; i++) {
      const [one, other] = [lead(), lead()];
      const isEqual = chainOf(one, 1) === chainOf(other, 1);
      assertEquals([isEqual, chainOf(one, 2) === chainOf(other, 2)], [one === other, one === other]);
      pairs++;
      equal += Number(isEqual);
    }
  }
  console.log(`${equal} of ${pairs} pairs of copies cannot be told apart`);
  assertLess(equal, pairs / 200);
});

Deno.test("firstLead() is below a millisecond", () => {
  const leads = Array.from({ length: 65_536 }, (_, i) => firstLead(Uint8Array.of(i >> 8, i & 255)));
  assertEquals([Math.min(...leads), Math.max(...leads)], [0, 999]);
  assertGreater(new Set(leads).size, 999);
});
