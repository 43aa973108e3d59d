/**
 * Sets of entries as adverse as several nodes can make them: the same names, ids and accounts everywhere,
 * marks and deletions before their message.
 *
 * @module
 */

import fc from "fast-check";
import { type Entry, entryKey, entryOf } from "../../server/core/entry.ts";
import type { Event } from "../../server/core/events.ts";
import type { SeededNumbers } from "./seeded_numbers.ts";

/** Two incarnations of one node, and two others. */
const ORIGINS = ["node1#aaaaaaaaaaaa", "node1#bbbbbbbbbbbb", "node2#cccccccccccc", "node3#dddddddddddd"];

/** Names by account id: three people that want to be `ann`, and one without a rival. */
const NAMES: Readonly<Record<string, string>> = {
  "ann.000000000001": "ann",
  "ann.000000000002": "Ann",
  "ann.000000000003": "ANN",
  "bob.000000000004": "bob",
};

const account = fc.constantFrom(...Object.keys(NAMES));
const token = fc.constantFrom("t1", "t2", "t3");
const hash = fc.constantFrom("h1", "h2", "h3");
const invitation = fc.constantFrom("i1", "i2");
const id = fc.constantFrom("m1", "m2", "m3");
const digits = fc.constantFrom("f1", "f2", "f3");
const someIds = fc.uniqueArray(id, { minLength: 1, maxLength: 3 });
/** The key of an entry that may have set a password. */
const key = fc.tuple(fc.constantFrom(...ORIGINS), fc.integer({ min: 1, max: 4 }))
  .map(([origin, seq]) => entryKey({ origin, seq, stamp: 0 }));

function eventOf<T extends Event["type"]>(
  type: T,
  fields: { [K in keyof Omit<Extract<Event, { type: T }>, "type">]: fc.Arbitrary<unknown> },
): fc.Arbitrary<Event> {
  return fc.record({ type: fc.constant(type), ...fields }) as unknown as fc.Arbitrary<Event>;
}

const access = {
  account,
  generation: fc.integer({ min: 1, max: 2 }),
  at: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
};

const block = { account, person: account, generation: fc.integer({ min: 1, max: 2 }) };

const marks = { sender: account, recipient: account, ids: someIds };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 5,
    arbitrary: eventOf("accountCreated", {
      account,
      name: fc.constant(""),
      hash,
      invitation: fc.option(invitation, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: eventOf("accountDeleted", { account }) },
  { weight: 1, arbitrary: eventOf("accountDisabled", access) },
  { weight: 1, arbitrary: eventOf("accountEnabled", access) },
  { weight: 1, arbitrary: eventOf("nameForgotten", { account }) },
  { weight: 1, arbitrary: eventOf("personBlocked", block) },
  { weight: 1, arbitrary: eventOf("personUnblocked", block) },
  {
    weight: 2,
    arbitrary: eventOf("passwordChanged", {
      account,
      hash,
      generation: fc.integer({ min: 1, max: 2 }),
      keeps: fc.option(token, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: eventOf("passwordRehashed", { account, hash, password: key }) },
  { weight: 2, arbitrary: eventOf("tokenIssued", { account, token, password: key }) },
  { weight: 1, arbitrary: eventOf("tokenRevoked", { account, token, issued: fc.constant("") }) },
  {
    weight: 1,
    arbitrary: eventOf("tokensUsed", { account, tokens: fc.uniqueArray(token, { minLength: 1 }) }),
  },
  {
    weight: 8,
    arbitrary: eventOf("messageSent", {
      id,
      from: account,
      to: account,
      content: fc.constantFrom("hey", "ho"),
      at: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 4 }),
    }),
  },
  { weight: 2, arbitrary: eventOf("messagesDelivered", marks) },
  { weight: 2, arbitrary: eventOf("messagesRead", marks) },
  {
    weight: 2,
    arbitrary: eventOf("messagesDeleted", {
      ...marks,
      fingerprints: fc.option(fc.array(digits, { minLength: 3, maxLength: 3 }), { nil: undefined, freq: 2 }),
    }),
  },
  { weight: 1, arbitrary: eventOf("fingerprintKeyMade", { account, key: fc.constantFrom("k1", "k2", "") }) },
  { weight: 1, arbitrary: eventOf("addressKeyMade", { account, key: fc.constantFrom("k1", "k2", "") }) },
  {
    weight: 2,
    arbitrary: eventOf("addressKnown", {
      account,
      address: fc.constantFrom("a1", "a2", "a3", ""),
      at: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 4 }),
    }),
  },
  { weight: 2, arbitrary: eventOf("messagesHidden", marks) },
  {
    weight: 1,
    arbitrary: eventOf("invitationMade", {
      invitation,
      uses: fc.integer({ min: 1, max: 2 }),
      until: fc.integer({ min: 1, max: 9 }),
    }),
  },
  {
    weight: 1,
    arbitrary: eventOf("invitationRevoked", {
      invitation,
      at: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    }),
  },
);

/** An event, and the distance of its stamp from the one before. */
const step = fc.tuple(event, fc.integer({ min: 1, max: 3 }));

/** The entries of each origin, in its own order. */
export type EntrySet = readonly (readonly Entry[])[];

/** Any set of entries that nodes can make. */
export const anyEntrySet: fc.Arbitrary<EntrySet> = fc
  .tuple(...ORIGINS.map(() => fc.array(step, { maxLength: 10, size: "max" })))
  .map((steps) => possible(steps.map((each, i) => placed(ORIGINS[i] ?? "", each))));

function placed(origin: string, steps: readonly (readonly [Event, number])[]): Entry[] {
  let stamp = 0;
  return steps.map(([event, later], i) => entryOf(origin, i + 1, stamp += later, event));
}

/**
 * Removes contradictions that no nodes can make: an account is created once, under its name, an invitation is made once,
 * a token is of one account and issued once by each origin (more than one name it after a repair of a fork), and a
 * revocation names its account and an entry that issued it.
 */
function possible(set: EntrySet): EntrySet {
  const created = new Set<string>();
  const invitations = new Set<string>();
  const issued = new Map<string, { readonly account: string; readonly origins: Set<string> }>();
  const kept = set.map((entries) =>
    entries.flatMap((entry): Entry[] => {
      if (entry.type === "accountCreated") {
        if (created.has(entry.account)) return [];
        created.add(entry.account);
        return [{ ...entry, name: NAMES[entry.account] ?? "" }];
      }
      if (entry.type === "invitationMade") {
        if (invitations.has(entry.invitation)) return [];
        invitations.add(entry.invitation);
      }
      if (entry.type !== "tokenIssued") return [entry];
      const { account, origins } = issued.get(entry.token) ?? { account: entry.account, origins: new Set() };
      if (origins.has(entry.origin)) return [];
      issued.set(entry.token, { account, origins: origins.add(entry.origin) });
      return [{ ...entry, account }];
    })
  );
  const keys = new Map<string, string>();
  const numbered = kept.map((entries) => entries.map((entry, i): Entry => ({ ...entry, seq: i + 1 })));
  for (const entry of numbered.flat()) {
    if (entry.type === "tokenIssued") keys.set(entry.token, entryKey(entry));
  }
  return numbered.map((entries) =>
    entries.map((entry) => {
      if (entry.type !== "tokenRevoked") return entry;
      const { token, account } = entry;
      return {
        ...entry,
        account: issued.get(token)?.account ?? account,
        issued: keys.get(token) ?? "node9#e/1",
      };
    })
  );
}

/** The entries in a possible order of arrival: each origin's own order is kept, and some arrive twice. */
export function interleaved(set: EntrySet, numbers: SeededNumbers): Entry[] {
  const rests = set.map((entries) => [...entries]).filter((entries) => entries.length > 0);
  const arrived: Entry[] = [];
  while (rests.length > 0) {
    if (arrived.length > 0 && numbers.below(5) === 0) {
      arrived.push(numbers.pick(arrived));
      continue;
    }
    const i = numbers.below(rests.length);
    const next = rests[i]?.shift();
    if (next) arrived.push(next);
    if (rests[i]?.length === 0) rests.splice(i, 1);
  }
  return arrived;
}
