import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import { eraseEntry } from "../../../server/core/compaction.ts";
import { type Entry, entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { areFingerprintsExpired } from "../../../server/core/messages/fingerprint.ts";
import { decideDelete } from "../../../server/core/messages/marks.ts";
import type { Message } from "../../../server/core/messages/message.ts";
import { State } from "../../../server/core/state.ts";
import { anyEntrySet } from "../../testing/entry_sets.ts";
import { FoldedState } from "../../testing/folded_state.ts";
import { standInFingerprinter } from "../../testing/stand_in_fingerprinter.ts";
import { stateDigest } from "../../testing/state_digest.ts";

const DAY_MS = 86_400_000;

/** Soon after the stamps of these tests. */
const SOON_MS = 1_000;
const SOON = { fingerprinter: standInFingerprinter, wallMs: SOON_MS };

const KEY = "0f".repeat(32);
const OTHER_KEY = "e1".repeat(32);
const ORIGIN = "node1#aaaaaaaaaaaa";
const SENT: Event = { type: "messageSent", id: "m1", from: "ann.1", to: "bob.1", content: "hey" };

/** ann, bob and a message `m1` from ann to bob. */
function sent(): { folded: FoldedState; message: Message } {
  const folded = new FoldedState();
  return { folded, message: folded.send(folded.register("ann"), folded.register("bob"), "m1", "hey") };
}

/** The events of its deletion. */
function deletion({ state }: FoldedState, wallMs = 1): readonly Event[] {
  const fingerprinting = { fingerprinter: standInFingerprinter, newKey: KEY, wallMs };
  return decideDelete(state, state.account("ann.1"), ["m1"], DEFAULT_LIMITS, fingerprinting).events;
}

Deno.test("a fingerprint holds for 30 days of the wall clock, and not while the deletion is over a day ahead", () => {
  const at = 1_700_000_000_000_000;
  const deletedMs = at / 1_000;
  // The clock of the node was ten years ahead once, as all its stamps are since then.
  const stamp = at + 3_650 * DAY_MS * 1_000;
  const cases: readonly (readonly [laterMs: number, isExpired: boolean])[] = [
    [0, false],
    [30 * DAY_MS - 1, false],
    [30 * DAY_MS, true],
    [3_650 * DAY_MS, true],
    [-DAY_MS, false],
    [-DAY_MS - 1, true],
    [-3_650 * DAY_MS, true],
  ];
  for (const [laterMs, isExpired] of cases) {
    const wallMs = deletedMs + laterMs;
    assertEquals(areFingerprintsExpired(at, wallMs), isExpired, String(laterMs));
    const { folded, message } = sent();
    for (const event of deletion(folded, deletedMs)) folded.apply(event, { stamp });
    assertEquals(message.repeats(message.recipient, "hey", { ...SOON, wallMs }), !isExpired, String(laterMs));
    const [deleted] = deletion(sent().folded, deletedMs).slice(-1);
    assert(deleted?.type === "messagesDeleted");
    const erased = eraseEntry(folded.state, entryOf(ORIGIN, 1, stamp, deleted), wallMs);
    assertEquals("fingerprints" in erased, !isExpired, String(laterMs));
  }
});

Deno.test("the deletion of an account takes its key, and the fingerprints of its messages in both directions", () => {
  const { folded, message } = sent();
  const bob = message.recipient;
  const answer = folded.send(bob, message.sender, "m2", "ho");
  const events: Event[] = [
    ...deletion(folded),
    { type: "fingerprintKeyMade", account: bob.id, key: OTHER_KEY },
    {
      type: "messagesDeleted",
      sender: bob.id,
      recipient: "ann.1",
      ids: [answer.id],
      fingerprints: [standInFingerprinter(OTHER_KEY)("m2\nho")],
    },
    { type: "accountDeleted", account: "ann.1" },
  ];
  for (const event of events) folded.apply(event);
  assertEquals(message.sender.fingerprintKeys, []);
  assertEquals(bob.fingerprintKeys, [OTHER_KEY]);
  const left = events.map((event, i) =>
    eraseEntry(folded.state, entryOf(ORIGIN, i + 1, i + 1, event), SOON_MS)
  );
  const text = JSON.stringify(left);
  assertEquals([text.includes(KEY), text.includes("fingerprints"), text.includes(OTHER_KEY)], [
    false,
    false,
    true,
  ]);
  folded.apply({ type: "fingerprintKeyMade", account: "ann.1", key: KEY });
  assertEquals(message.sender.fingerprintKeys, []);
});

Deno.test("an erased entry is never longer than before but for the mark of an erased message", () => {
  let longest = 0;
  fc.assert(
    fc.property(anyEntrySet, fc.constantFrom(1, 100 * DAY_MS), (set, wallMs) => {
      const state = new State();
      for (const entry of set.flat()) evolve(state, entry);
      for (const entry of set.flat()) {
        const [before, after] = [entry, eraseEntry(state, entry, wallMs)].map((each) =>
          JSON.stringify(each).length
        );
        longest = Math.max(longest, (after ?? 0) - (before ?? 0));
      }
    }),
    { numRuns: 500, seed: 12 },
  );
  assertEquals(longest <= ',"digest":0'.length - "h".length, true, String(longest));
});

Deno.test("an unkeyed digest of an earlier version is erased, whether the message is here or not", () => {
  const old = entryOf(ORIGIN, 1, 1, { ...SENT, content: "", digest: 3_300_596_994_189_998 } as Event);
  const state = new State();
  const expected = { ...old, digest: 0 } as Entry;
  assertEquals(eraseEntry(state, old, SOON_MS), expected);
  evolve(state, old);
  const digest = stateDigest(state);
  assertEquals(eraseEntry(state, old, SOON_MS), expected);
  const again = new State();
  evolve(again, expected);
  assertEquals(stateDigest(again), digest);
  const strange = { ...old, content: "still here" } as Entry;
  assertEquals(eraseEntry(state, strange, SOON_MS), expected);
  const shown = new State();
  evolve(shown, strange);
  assertEquals(stateDigest(shown), digest);
});
