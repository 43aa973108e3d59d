import { assert, assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import type { Account, KnownAddress } from "../../../server/core/accounts/account.ts";
import {
  decideAddressKnown,
  isAddressKnown,
  isKnownAddressExpired,
  KNOWN_ADDRESSES_MAX,
  withKnownAddress,
} from "../../../server/core/accounts/known_addresses.ts";
import { eraseEntry } from "../../../server/core/compaction.ts";
import { type Entry, entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { anyEntrySet, interleaved } from "../../testing/entry_sets.ts";
import { FoldedState } from "../../testing/folded_state.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { standInFingerprinter } from "../../testing/stand_in_fingerprinter.ts";

const DAY_MS = 86_400_000;
const START_MS = 1_700_000_000_000;
const KEY = "0f".repeat(32);
const OTHER_KEY = "e1".repeat(32);
const ORIGIN = "node1#aaaaaaaaaaaa";
const OTHER_ORIGIN = "node2#bbbbbbbbbbbb";

function knowledge(laterMs = 0): { fingerprinter: typeof standInFingerprinter; wallMs: number } {
  return { fingerprinter: standInFingerprinter, wallMs: START_MS + laterMs };
}

/** Ann, and the means to log in and to look. */
class Ann {
  readonly folded = new FoldedState();
  readonly account: Account = this.folded.register("ann");
  readonly logged: Entry[] = [];
  #stamp = START_MS * 1_000;

  /** Logs in from an address; returns the types of the events. */
  logIn(address: string, laterMs = 0, newKey = KEY): string[] {
    const events = decideAddressKnown(this.account, address, knowledge(laterMs), () => newKey);
    for (const event of events) this.apply(event, laterMs);
    return events.map(({ type }) => type);
  }

  apply(event: Event, laterMs = 0): void {
    const stamp = this.#stamp = Math.max(this.#stamp + 1, (START_MS + laterMs) * 1_000);
    this.logged.push(entryOf(ORIGIN, this.logged.length + 1, stamp, event));
    this.folded.apply(event, { stamp });
  }

  knows(address: string, laterMs = 0): boolean {
    return isAddressKnown(this.account, address, knowledge(laterMs));
  }

  /** The log after a pass. */
  erased(laterMs = 0): Entry[] {
    return this.logged.map((entry) => eraseEntry(this.folded.state, entry, START_MS + laterMs));
  }
}

Deno.test("decideAddressKnown() makes a key once, and then a login of an address at most once a week", () => {
  const ann = new Ann();
  assertEquals(ann.logIn("192.0.2.1"), ["addressKeyMade", "addressKnown"]);
  assertEquals(ann.logIn("192.0.2.1"), []);
  assertEquals(ann.logIn("192.0.2.1", 7 * DAY_MS - 1), []);
  assertEquals(ann.logIn("192.0.2.2", 1_000, OTHER_KEY), ["addressKnown"]);
  assertEquals(ann.logIn("192.0.2.1", 7 * DAY_MS), ["addressKnown"]);
  assertEquals([ann.account.addressKeys, ann.account.knownAddresses.length], [[KEY], 2]);
  assertEquals(JSON.stringify(ann.logged).includes("192.0.2"), false);
});

Deno.test("an address is known for 90 days after its last login, logged or not, and not much longer", () => {
  const ann = new Ann();
  ann.logIn("192.0.2.1");
  // The last login of the week is not logged.
  assertEquals(ann.logIn("192.0.2.1", 7 * DAY_MS - 1), []);
  assertEquals(ann.knows("192.0.2.1", 97 * DAY_MS - 1), true);
  assertEquals(ann.knows("192.0.2.1", 97 * DAY_MS), false);
  assertEquals([ann.knows("192.0.2.2"), ann.knows("192.0.2.1", -2 * DAY_MS)], [false, false]);
  ann.logIn("192.0.2.1", 90 * DAY_MS);
  assertEquals(ann.knows("192.0.2.1", 97 * DAY_MS), true);
});

Deno.test("the known address unused for longest gives way to the 21st, also if the clock was ahead once", () => {
  const ann = new Ann();
  const far = 3_650 * DAY_MS;
  for (let i = 0; i < KNOWN_ADDRESSES_MAX; i++) ann.logIn(`192.0.2.${i}`, far + i);
  assertEquals(ann.knows("192.0.2.0"), false, "its age is unknown");
  for (let i = 0; i < KNOWN_ADDRESSES_MAX; i++) {
    ann.logIn(`198.51.100.${i}`, i);
    assertEquals(ann.knows(`198.51.100.${i}`), true);
    assertEquals(ann.account.knownAddresses.length, KNOWN_ADDRESSES_MAX);
  }
  ann.logIn("203.0.113.1", 100);
  const known = Array.from({ length: KNOWN_ADDRESSES_MAX }, (_, i) => ann.knows(`198.51.100.${i}`, 100));
  assertEquals(known, known.map((_, i) => i > 0));
});

Deno.test("an account that is not alive gets no known address, and a deleted one keeps none", () => {
  const ann = new Ann();
  ann.logIn("192.0.2.1");
  ann.apply({ type: "accountDeleted", account: ann.account.id });
  assertEquals([ann.account.addressKeys, ann.account.knownAddresses], [[], []]);
  assertEquals(ann.logIn("192.0.2.1"), []);
  ann.apply({ type: "addressKeyMade", account: ann.account.id, key: KEY });
  ann.apply({ type: "addressKnown", account: ann.account.id, address: "a" });
  assertEquals([ann.account.addressKeys, ann.account.knownAddresses], [[], []]);
  const text = JSON.stringify(ann.erased());
  assertEquals([text.includes(KEY), /"address":"[^"]/.test(text)], [false, false]);
});

Deno.test("eraseEntry() erases a login after 97 days, or once 20 later ones have replaced it", () => {
  const ann = new Ann();
  ann.logIn("192.0.2.1");
  const [, login] = ann.logged;
  assert(login?.type === "addressKnown");
  assertEquals(ann.erased(97 * DAY_MS - 1), ann.logged);
  assertEquals(isKnownAddressExpired(login.at ?? login.stamp, START_MS + 97 * DAY_MS), true);
  const { at: _time, ...timeless } = login;
  assertEquals(ann.erased(97 * DAY_MS)[1], { ...timeless, address: "" });
  ann.logIn("192.0.2.1", 8 * DAY_MS);
  assertEquals(ann.erased(8 * DAY_MS), ann.logged, "a second login of an address replaces none");
  for (let i = 0; i < KNOWN_ADDRESSES_MAX; i++) ann.logIn(`198.51.100.${i}`, 9 * DAY_MS);
  const replaced = ann.erased(9 * DAY_MS).filter((entry) =>
    entry.type === "addressKnown" && entry.address === ""
  );
  assertEquals(replaced.length, 2);
});

Deno.test("addresses known on two sides of a split, each with a key of its own, are known after it", () => {
  const sides = [["192.0.2.1", KEY], ["192.0.2.2", OTHER_KEY]] as const;
  const logs = sides.map(([address, key]) => {
    const ann = new Ann();
    ann.logIn(address, 0, key);
    return ann.logged;
  });
  const [one = [], other = []] = logs;
  const moved = other.map((entry): Entry => ({ ...entry, origin: OTHER_ORIGIN }));
  const created = entryOf("node3#c", 1, 1, {
    type: "accountCreated",
    account: "ann.1",
    name: "ann",
    hash: "h",
  });
  for (const entries of [[created, ...one, ...moved], [...moved, ...one, created]]) {
    const state = new State();
    for (const entry of entries) evolve(state, entry);
    const account = state.account("ann.1");
    assertEquals(account.addressKeys, [KEY, OTHER_KEY]);
    const known = ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map((address) =>
      isAddressKnown(account, address, knowledge())
    );
    assertEquals(known, [true, true, false]);
    assertEquals(decideAddressKnown(account, "192.0.2.2", knowledge(), () => "unused"), []);
  }
});

Deno.test("withKnownAddress() keeps the same logins for any order of arrival, any number of times", () => {
  const login = fc.record({
    digits: fc.integer({ min: 1, max: 40 }).map(String),
    stamp: fc.integer({ min: 1, max: 60 }),
    at: fc.integer({ min: 1, max: 3 }),
  });
  let full = 0;
  const fold = (logins: readonly KnownAddress[]): readonly KnownAddress[] =>
    logins.reduce<readonly KnownAddress[]>(withKnownAddress, []);
  fc.assert(
    fc.property(fc.array(login, { maxLength: 80, size: "max" }), fc.integer(), (logins, seed) => {
      const numbers = new SeededNumbers(seed);
      const expected = fold(logins);
      const shuffled = logins.map((each) => ({ each, place: numbers.below(1_000_000) }))
        .sort((a, b) => a.place - b.place).map(({ each }) => each);
      assertEquals(fold([...shuffled, ...shuffled.slice(0, 5)]), expected);
      // Twenty that no other login of a kept address is later than.
      for (const { digits, stamp } of expected) {
        assert(logins.every((other) => other.digits !== digits || other.stamp <= stamp));
      }
      full += Number(expected.length === KNOWN_ADDRESSES_MAX);
    }),
    { numRuns: 2_000, seed: 20 },
  );
  console.log(`${full} of 2000 were full`);
  assertGreater(full, 500);
});

Deno.test("evolve() keeps the same known addresses for any order of the entries, any number of times", () => {
  const seen = { keys: 0, addresses: 0 };
  const textOf = (state: State): string =>
    [...state.accounts.values()].filter(({ addressKeys, knownAddresses }) =>
      addressKeys.length + knownAddresses.length > 0
    ).map(({ id, addressKeys, knownAddresses }) => JSON.stringify([id, addressKeys, knownAddresses])).sort()
      .join("\n");
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (set, seed) => {
      const numbers = new SeededNumbers(seed);
      const state = new State();
      for (const entry of set.flat()) evolve(state, entry);
      for (let order = 0; order < 3; order++) {
        const again = new State();
        for (const entry of interleaved(set, numbers)) evolve(again, entry);
        assertEquals(textOf(again), textOf(state));
      }
      for (const { addressKeys, knownAddresses } of state.accounts.values()) {
        seen.keys += addressKeys.length;
        seen.addresses += knownAddresses.length;
      }
    }),
    { numRuns: 2_000, seed: 14 },
  );
  console.log(`2000 sets: ${JSON.stringify(seen)}`);
  assertGreater(Math.min(seen.keys, seen.addresses), 100);
});
