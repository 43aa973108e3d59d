import { assert, assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import { entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { evolve } from "../../../server/core/evolve.ts";
import type { Fingerprinter } from "../../../server/core/messages/fingerprint.ts";
import { decideDelete } from "../../../server/core/messages/marks.ts";
import type { Message } from "../../../server/core/messages/message.ts";
import { State } from "../../../server/core/state.ts";
import { anyEntrySet, interleaved } from "../../testing/entry_sets.ts";
import { FoldedState } from "../../testing/folded_state.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { standInFingerprinter } from "../../testing/stand_in_fingerprinter.ts";

/** Soon after the stamps of these tests. */
const SOON = { fingerprinter: standInFingerprinter, wallMs: 1_000 };

const KEY = "0f".repeat(32);
const OTHER_KEY = "e1".repeat(32);

/** ann, bob and a message `m1` from ann to bob. */
function sent(content = "hey"): { folded: FoldedState; message: Message } {
  const folded = new FoldedState();
  const message = folded.send(folded.register("ann"), folded.register("bob"), "m1", content);
  return { folded, message };
}

function deletion(folded: FoldedState, ids: readonly string[], newKey = KEY): readonly Event[] {
  const account = folded.state.account("ann.1");
  const fingerprinting = { fingerprinter: standInFingerprinter, newKey, wallMs: 1 };
  return decideDelete(folded.state, account, ids, DEFAULT_LIMITS, fingerprinting).events;
}

function recognised(message: Message | undefined, content: string): boolean | undefined {
  return message?.repeats(message.recipient, content, SOON);
}

/** The fold of entries of two nodes, in this order. */
function foldInOrder(events: readonly (readonly [origin: string, event: Event])[]): State {
  const state = new State();
  const seqs = new Map<string, number>();
  for (const [i, [origin, event]] of events.entries()) {
    const seq = (seqs.get(origin) ?? 0) + 1;
    seqs.set(origin, seq);
    evolve(state, entryOf(origin, seq, i + 1, event));
  }
  return state;
}

const ORIGINS = ["node1#aaaaaaaaaaaa", "node2#bbbbbbbbbbbb"] as const;
const SENT: Event = { type: "messageSent", id: "m1", from: "ann.1", to: "bob.1", content: "hey" };

function deletedWith(key: string): Event[] {
  return [
    { type: "fingerprintKeyMade", account: "ann.1", key },
    {
      type: "messagesDeleted",
      sender: "ann.1",
      recipient: "bob.1",
      ids: ["m1"],
      fingerprints: [standInFingerprinter(key)("m1\nhey")],
    },
  ];
}

Deno.test("decideDelete() makes one key for an account, with its first deletion for both sides", () => {
  const { folded } = sent();
  const [ann, bob] = [folded.state.account("ann.1"), folded.state.account("bob.1")];
  folded.send(ann, bob, "m2");
  folded.send(bob, ann, "m3");
  assertEquals(deletion(folded, ["m3", "m9"]).map(({ type }) => type), ["messagesHidden"]);
  const first = deletion(folded, ["m1", "m3"]);
  assertEquals(first.map(({ type }) => type), ["fingerprintKeyMade", "messagesDeleted", "messagesHidden"]);
  for (const event of first) folded.apply(event);
  assertEquals(ann.fingerprintKeys, [KEY]);
  const second = deletion(folded, ["m2"], OTHER_KEY);
  assertEquals(second, [{
    type: "messagesDeleted",
    sender: "ann.1",
    recipient: "bob.1",
    ids: ["m2"],
    fingerprints: [standInFingerprinter(KEY)("m2\ncontent of m2")],
    at: 1_000,
  }]);
});

Deno.test("decideDelete() gives equal contents under different ids different fingerprints, in the order of the ids", () => {
  const { folded } = sent("PIN 48213977");
  const [ann, bob] = [folded.state.account("ann.1"), folded.state.account("bob.1")];
  folded.send(ann, bob, "m2", "PIN 48213977");
  folded.send(ann, bob, "m3", "other");
  const event = deletion(folded, ["m2", "m1", "m3"]).at(-1);
  assert(event?.type === "messagesDeleted");
  assertEquals(event.ids, ["m2", "m1", "m3"]);
  assertEquals(new Set(event.fingerprints).size, 3);
  folded.apply({ type: "fingerprintKeyMade", account: ann.id, key: KEY });
  folded.apply(event);
  for (const [id, content] of [["m1", "PIN 48213977"], ["m2", "PIN 48213977"], ["m3", "other"]]) {
    const message = folded.state.messages.find(ann, bob, id ?? "");
    assertEquals([content ?? "", "PIN 0"].map((text) => recognised(message, text)), [true, false], id);
  }
});

Deno.test("a deleted message is recognised in whatever order key, message and deletion arrive", () => {
  const [message, key, deleted] = [SENT, ...deletedWith(KEY)] as [Event, Event, Event];
  const erased: Event = { ...SENT, content: "", digest: 0 } as Event;
  const orders: Event[][] = [];
  for (const each of [message, erased]) {
    orders.push([each, key, deleted], [key, each, deleted], [key, deleted, each], [deleted, key, each]);
    orders.push([deleted, each, key], [each, deleted, key]);
  }
  for (const order of orders) {
    const state = foldInOrder(order.map((event) => [ORIGINS[0], event]));
    const found = state.messages.withId("m1")[0];
    assertEquals([found?.deleted, found?.content], [true, ""]);
    assertEquals([recognised(found, "hey"), recognised(found, "ho")], [true, false], JSON.stringify(order));
    assertEquals(found?.repeats(found.sender, "hey", SOON), false);
  }
  console.log(`${orders.length} orders`);
});

Deno.test("a message deleted at two nodes with a key of each is recognised at both, with the same fingerprint", () => {
  const [one, other] = [deletedWith(KEY), deletedWith(OTHER_KEY)];
  const of = (origin: string, events: readonly Event[]) => events.map((event) => [origin, event] as const);
  const sentHere = of(ORIGINS[0], [SENT]);
  const states = [
    [...sentHere, ...of(ORIGINS[0], one), ...of(ORIGINS[1], other)],
    [...of(ORIGINS[1], other), ...sentHere, ...of(ORIGINS[0], one)],
    [...of(ORIGINS[1], other), ...of(ORIGINS[0], [...one, SENT])],
  ].map(foldInOrder);
  for (const state of states) {
    const found = state.messages.withId("m1")[0];
    assertEquals(found?.sender.fingerprintKeys, [KEY, OTHER_KEY]);
    assertEquals([recognised(found, "hey"), recognised(found, "ho")], [true, false]);
  }
  const kept = states.map((state) => state.messages.withId("m1")[0]?.fingerprint?.digits);
  assertEquals(new Set(kept).size, 1);
});

Deno.test("without key, fingerprint or fingerprinter, no repetition of a deleted message is recognised", () => {
  const { folded, message } = sent();
  folded.mark("messagesDeleted", message.sender, message.recipient, "m1");
  assertEquals(recognised(message, "hey"), false);
  const [made, deleted] = deletedWith(KEY);
  if (deleted) folded.apply(deleted);
  assertEquals(recognised(message, "hey"), false);
  folded.apply({ type: "fingerprintKeyMade", account: message.sender.id, key: "" });
  assertEquals(message.sender.fingerprintKeys, []);
  if (made) folded.apply(made);
  assertEquals(recognised(message, "hey"), true);
  assertEquals(message.repeats(message.recipient, "hey", { wallMs: SOON.wallMs }), false);
});

/** Keys and fingerprints of a state as text. */
function fingerprintsOf(state: State): string {
  const keys = [...state.accounts.values()].map(({ id, fingerprintKeys }) => `${id} ${fingerprintKeys}`);
  const messages = [...state.messages.all()].map((message) =>
    `${message.sender.id} ${message.recipient.id} ${message.id} ${JSON.stringify(message.fingerprint)}`
  );
  const early = [...state.earlyMarks].map(([key, mark]) => `${key} ${JSON.stringify(mark.fingerprint)}`);
  return [...keys.filter((line) => !line.endsWith(" ")), ...messages, ...early].sort().join("\n");
}

Deno.test("evolve() keeps the same keys and fingerprints for any order of the entries, any number of times", () => {
  const sets = 3_000;
  const seen = { keys: 0, fingerprints: 0, early: 0 };
  fc.assert(
    fc.property(anyEntrySet, fc.integer(), (set, seed) => {
      const numbers = new SeededNumbers(seed);
      const state = new State();
      for (const entry of set.flat()) evolve(state, entry);
      const expected = fingerprintsOf(state);
      for (let order = 0; order < 3; order++) {
        const again = new State();
        for (const entry of interleaved(set, numbers)) evolve(again, entry);
        assertEquals(fingerprintsOf(again), expected);
      }
      for (const { fingerprintKeys } of state.accounts.values()) seen.keys += fingerprintKeys.length;
      seen.fingerprints += [...state.messages.all()].filter(({ fingerprint }) => fingerprint).length;
      seen.early += [...state.earlyMarks.values()].filter(({ fingerprint }) => fingerprint).length;
    }),
    { numRuns: sets, seed: 13 },
  );
  console.log(`${sets} sets: ${JSON.stringify(seen)}`);
  assertGreater(Math.min(...Object.values(seen)), sets / 20);
});

Deno.test("a deletion of 1,000 messages of 16 KiB makes its fingerprints once, and fits into an entry", () => {
  const { folded } = sent();
  const [ann, bob] = [folded.state.account("ann.1"), folded.state.account("bob.1")];
  const ids = Array.from(
    { length: 1_000 },
    (_, i) => `3f0b9d1c-2a4e-4c6f-8d7b-${String(i).padStart(12, "0")}`,
  );
  for (const id of ids) folded.send(ann, bob, id, "x".repeat(16_384));
  let made = 0;
  const counting: Fingerprinter = () => () => String(made++).padStart(32, "0");
  const { events } = decideDelete(folded.state, ann, ids, DEFAULT_LIMITS, {
    fingerprinter: counting,
    wallMs: 1,
    newKey: KEY,
  });
  assertEquals([events.length, made], [2, 1_000]);
  const bytes = JSON.stringify(events[1]).length;
  console.log(`a deletion of 1,000 messages: ${bytes} bytes`);
  assertGreater(100_000, bytes);
});
