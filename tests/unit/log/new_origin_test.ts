import { assertEquals, assertGreater, assertMatch, assertNotEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { FIRST_CHAIN, nextChain } from "../../../server/core/chain.ts";
import { type Entry, entryKey } from "../../../server/core/entry.ts";
import { stateLines } from "../../../server/core/state_lines.ts";
import { readForks, type StoredFork } from "../../../server/log/fork_file.ts";
import { LogRefused } from "../../../server/log/log_errors.ts";
import { giveNewOrigin, keepOrigin, planNewOrigin } from "../../../server/log/new_origin.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import { verifyLog } from "../../../server/log/verify_log.ts";
import { sha256 } from "../../../server/process/system_ports.ts";
import { anyEntrySet, type EntrySet } from "../../testing/entry_sets.ts";
import { encoded } from "../../testing/encoded_entries.ts";
import { CompactionHarness, markEntry, sentEntry } from "./compaction_harness.ts";
import {
  branchEntry,
  entriesIn,
  folded,
  forkBehind,
  FORKED,
  forkedLog,
  mixedEntries,
  move,
  otherEntry,
} from "./fork_harness.ts";
import { LogHarness } from "./log_harness.ts";

/** Lines of a state in which both names of the branch are one, and neither versions nor numbers count. */
function comparable(entries: readonly Entry[], { origin, after }: StoredFork, renamed: string): string[] {
  const text = [...stateLines(folded(entries))].filter((line) => !line.startsWith("version ")).join("\n");
  return text
    .replaceAll(
      new RegExp(`${origin}/(\\d+)`, "g"),
      (key, seq: string) => Number(seq) > after ? `branch/${Number(seq) - after}` : key,
    )
    .replaceAll(`${renamed}/`, "branch/")
    .replaceAll(new RegExp(`${origin}(?!/)`, "g"), "node")
    .replaceAll(new RegExp(`${renamed}(?!/)`, "g"), "node")
    .replaceAll(/"seq":\d+/g, "")
    .split("\n");
}

Deno.test("giveNewOrigin() renames the entries behind the branching, in their order, and no others", () => {
  const harness = forkedLog(forkBehind(20));
  const before = entriesIn(harness.files);
  const plan = planNewOrigin(harness.files, sha256);
  assertEquals(entriesIn(harness.files), before);
  const report = giveNewOrigin(harness.files, sha256, 5);
  assertEquals(report, plan);
  const [{ origin = "?", entries } = {}] = report;
  assertEquals(entries, 40);
  assertMatch(origin, /^node1#[0-9a-f]{12}$/);
  assertNotEquals(origin, FORKED);
  const after = entriesIn(harness.files);
  assertEquals(
    after.map(entryKey),
    before.map(({ origin: old, seq, stamp }) =>
      entryKey(old === FORKED && seq > 20 ? { origin, seq: seq - 20, stamp } : { origin: old, seq, stamp })
    ),
  );
  assertEquals(after.map(({ stamp }) => stamp), before.map(({ stamp }) => stamp));
  const keys = Object.fromEntries(
    after.map((entry) => [entry.seq + (entry.origin === origin ? 20 : 100), entry]),
  );
  assertEquals(keys[25], { ...branchEntry(25), origin, seq: 5, password: `${origin}/4` } as Entry);
  assertEquals(keys[26], { ...branchEntry(26), origin, seq: 6, password: `${origin}/4` } as Entry);
  assertEquals(keys[27], { ...branchEntry(27), origin, seq: 7 } as Entry);
  assertEquals(keys[28], { ...branchEntry(28), origin, seq: 8, issued: `${origin}/7` } as Entry);
  assertEquals(verifyLog(harness.files).damage, undefined);
});

Deno.test("giveNewOrigin() leaves a state that differs in nothing but the origin", () => {
  const fork = forkBehind(20);
  const harness = forkedLog(fork);
  const before = entriesIn(harness.files);
  const origin = move(harness.files);
  assertEquals(comparable(entriesIn(harness.files), fork, origin), comparable(before, fork, origin));
  assertEquals(folded(entriesIn(harness.files)).messages.size, folded(before).messages.size);
});

/**
 * Every entry has times of its own, only the branch itself names entries of the branch, and earlier ones only, and a
 * token is issued once.
 */
function withoutTies(set: EntrySet, after: number): Entry[][] {
  const issued = new Set<string>();
  const branch = set[0]?.[0]?.origin;
  return set.map((entries, index) =>
    entries.map((entry) => {
      const apart = { ...entry, stamp: entry.stamp * 8 + index };
      if (apart.type === "tokenIssued") {
        if (issued.has(apart.token)) apart.token += ` of ${entryKey(entry)}`;
        issued.add(apart.token);
      }
      if ("at" in apart && apart.at !== undefined) {
        return { ...apart, at: apart.at * 1_000 + entry.seq * 8 + index };
      }
      const last = entry.origin === branch ? entry.seq - 1 : after;
      const hidden = (key: string): string =>
        key.startsWith(`${branch}/`) && Number(key.split("/")[1]) > last ? "node9#e/1" : key;
      if ("password" in apart) return { ...apart, password: hidden(apart.password) };
      return "issued" in apart ? { ...apart, issued: hidden(apart.issued) } : apart;
    })
  );
}

Deno.test("giveNewOrigin() leaves such a state whatever the entries are", () => {
  let moves = 0;
  fc.assert(
    fc.property(anyEntrySet, fc.nat({ max: 8 }), (raw, after) => {
      const set = withoutTies(raw, after);
      const branch = set[0] ?? [];
      const first = branch[0];
      if (first === undefined) return;
      let chain = FIRST_CHAIN;
      for (const { seq, stamp } of branch.slice(0, after)) chain = nextChain(chain, seq, stamp);
      const fork = { origin: first.origin, after, chain, seenMs: 1 };
      const entries = set.flat();
      // Batches have three entries.
      const padding = Array.from({ length: (3 - entries.length % 3) % 3 }, (_, i) => otherEntry(i + 1));
      const harness = forkedLog(fork, [...entries, ...padding]);
      const before = entriesIn(harness.files);
      const [moved] = giveNewOrigin(harness.files, sha256, 5);
      assertEquals(moved?.entries, Math.max(0, branch.length - after));
      const origin = moved?.origin ?? "none";
      assertEquals(comparable(entriesIn(harness.files), fork, origin), comparable(before, fork, origin));
      moves += moved?.entries ?? 0;
    }),
    { numRuns: 400 },
  );
  console.log(`giveNewOrigin(): ${moves} entries moved`);
  assertGreater(moves, 300);
});

Deno.test("giveNewOrigin() makes the same entries at every node that holds the branch, in whatever order", () => {
  const fork = forkBehind(20);
  const mixed = mixedEntries();
  const sorted = mixed.toSorted((a, b) => a.origin < b.origin ? -1 : a.origin > b.origin ? 1 : a.seq - b.seq);
  const [one, two] = [mixed, sorted].map((entries) => {
    const { files } = forkedLog({ ...fork, third: true, until: 60 }, entries);
    move(files);
    return new Set(entriesIn(files).map((entry) => JSON.stringify(entry)));
  });
  assertEquals(one, two);
});

Deno.test("giveNewOrigin() names branches with different entries differently", () => {
  const names = [0, 19, 20, 59].map((after) => move(forkedLog(forkBehind(after)).files));
  const later = mixedEntries().map((entry) => entry.seq > 20 ? { ...entry, stamp: entry.stamp + 1 } : entry);
  names.push(move(forkedLog(forkBehind(20), later).files));
  assertEquals(new Set(names).size, 5);
});

Deno.test("openLog() refuses a node whose origin has a fork until a way out is taken, and then mints a new origin", () => {
  const harness = forkedLog(forkBehind(20));
  const error = assertThrows(() => harness.open(), LogRefused, "--as-new-origin");
  assertMatch(error.message, new RegExp(`${FORKED}.*behind entry 20.*--as-new-origin`));
  const moved = move(harness.files);
  assertEquals(readForks(harness.files), []);
  const open = harness.open();
  assertEquals(open.minted, true);
  assertEquals([FORKED, moved].includes(open.origin), false);
  open.log.commit(encoded([{ ...branchEntry(99), origin: open.origin, seq: 1 }]));
  harness.files.settle();
  harness.close(open);
  assertEquals(harness.open().origin, open.origin);
  assertEquals(harness.replayed.length, 91);
});

Deno.test("keepOrigin() lets the node start again with its origin and all of its entries", () => {
  const harness = forkedLog(forkBehind(20));
  assertEquals(keepOrigin(harness.files), [forkBehind(20)]);
  const { minted, origin } = harness.open();
  assertEquals([minted, origin, harness.replayed.length], [false, FORKED, 90]);
  assertEquals(keepOrigin(harness.files), []);
});

Deno.test("openLog() starts a third node in spite of a fork", () => {
  const harness = forkedLog({ ...forkBehind(20), third: true, until: 60 });
  harness.open();
  assertEquals(harness.replayed.length, 90);
});

Deno.test("giveNewOrigin() changes nothing without a fork", () => {
  const harness = forkedLog(forkBehind(20));
  keepOrigin(harness.files);
  const before = harness.files.bytesOf(segmentPath(2));
  assertEquals([planNewOrigin(harness.files, sha256), giveNewOrigin(harness.files, sha256, 5)], [[], []]);
  assertEquals(harness.files.bytesOf(segmentPath(2)), before);
});

Deno.test("giveNewOrigin() of a log without entries behind the branching makes the next start mint an origin", () => {
  const harness = forkedLog(forkBehind(60));
  assertEquals(giveNewOrigin(harness.files, sha256, 5), [{
    fork: forkBehind(60),
    origin: undefined,
    entries: 0,
    hasGoneOn: false,
  }]);
  assertEquals([harness.open().minted, harness.replayed.length], [true, 90]);
});

Deno.test("giveNewOrigin() leaves a branch of another node alone that has gone on", () => {
  const third = { ...forkBehind(20), third: true as const };
  const harness = forkedLog({ ...third, until: 59 });
  const [moved] = giveNewOrigin(harness.files, sha256, 5);
  assertEquals([moved?.hasGoneOn, moved?.entries, readForks(harness.files)], [true, 40, []]);
  assertEquals(entriesIn(harness.files).map(entryKey), mixedEntries().map(entryKey));
  assertEquals(harness.open().minted, false);
  const other = forkedLog({ ...third, until: 60 });
  assertEquals(giveNewOrigin(other.files, sha256, 5)[0]?.hasGoneOn, false);
  assertEquals(entriesIn(other.files).filter(({ origin }) => origin === FORKED).length, 20);
});

Deno.test("giveNewOrigin() moves several origins at once", () => {
  const harness = forkedLog(forkBehind(20));
  const text = new TextDecoder().decode(harness.files.bytesOf("fork"));
  let chain = FIRST_CHAIN;
  for (let seq = 1; seq <= 10; seq++) chain = nextChain(chain, seq, otherEntry(seq).stamp);
  const third = { origin: otherEntry(1).origin, after: 10, chain, seenMs: 1, third: true, until: 30 };
  const other = JSON.stringify(third);
  harness.files.put("fork", new TextEncoder().encode(`${text}${other}\n`));
  const moved = giveNewOrigin(harness.files, sha256, 5);
  assertEquals(moved.map(({ entries }) => entries), [40, 20]);
  assertEquals(new Set(entriesIn(harness.files).map(entryKey)).size, 90);
  assertMatch(moved[1]?.origin ?? "", /^node2#/);
});

Deno.test("giveNewOrigin() does not double entries that another node has moved and sent already", () => {
  const source = forkedLog(forkBehind(20));
  const origin = move(source.files);
  const sent = entriesIn(source.files).filter((entry) => entry.origin === origin).slice(0, 15);
  for (const entries of [[...mixedEntries(), ...sent], [...sent, ...mixedEntries()]]) {
    const { files } = forkedLog({ ...forkBehind(20), third: true, until: 60 }, entries);
    assertEquals(move(files), origin);
    const keys = entriesIn(files).map(entryKey);
    assertEquals([keys.length, new Set(keys).size], [90, 90]);
    assertEquals(new Set(keys), new Set(entriesIn(source.files).map(entryKey)));
  }
});

Deno.test("giveNewOrigin() keeps members of entries that it does not know", () => {
  const fork = forkBehind(20);
  const more = { more: { of: [1, null] } };
  const entries = mixedEntries().map((entry) => ({ ...entry, ...more }));
  const { files } = forkedLog(fork, entries);
  const before = entriesIn(files).filter((entry) => "more" in entry).length;
  move(files);
  assertEquals(entriesIn(files).filter((entry) => "more" in entry).length, before);
  assertEquals(entriesIn(files).filter((entry) => "more" in entry && entry.origin !== FORKED).length, 6);
});

Deno.test("giveNewOrigin() leaves erased entries erased, behind compacted segments too", () => {
  const harness = new CompactionHarness();
  for (let seq = 1; seq <= 40; seq++) harness.commit([sentEntry(seq)]);
  harness.commit([markEntry(41, "messagesDeleted", ["m3", "m25"])]);
  harness.pass();
  harness.commit([sentEntry(42)]);
  harness.pass();
  const { files } = harness;
  files.kill();
  assertEquals(/secret-(3|25)\./.test(harness.allText()), false);
  assertEquals(harness.allText().includes("sealedCrc"), true);
  let chain = FIRST_CHAIN;
  for (let seq = 1; seq <= 20; seq++) chain = nextChain(chain, seq, sentEntry(seq).stamp);
  files.put(
    "fork",
    new TextEncoder().encode(JSON.stringify({ origin: FORKED, after: 20, chain, seenMs: 1 }) + "\n"),
  );
  move(files);
  assertEquals(verifyLog(files).damage, undefined);
  assertEquals(/secret-(3|25)\./.test(harness.allText()), false);
  assertEquals(/secret-(4|26)\./.test(harness.allText()), true);
  assertEquals(new LogHarness({}, files).open().minted, true);
});
