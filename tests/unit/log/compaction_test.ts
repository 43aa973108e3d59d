import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import fc from "fast-check";
import { COMPACTION_INTERVAL_MS, eraseEntry } from "../../../server/core/compaction.ts";
import { type Entry, entryKey } from "../../../server/core/entry.ts";
import { LogDamaged } from "../../../server/log/log_errors.ts";
import { repairLog } from "../../../server/log/repair_log.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import { verifyLog } from "../../../server/log/verify_log.ts";
import { anyEntrySet, interleaved } from "../../testing/entry_sets.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { stateDigest } from "../../testing/state_digest.ts";
import { CompactionHarness, markEntry, placed, sentEntry } from "./compaction_harness.ts";

/** A time at which no fingerprint has expired yet, ms since the Unix epoch. */
const EARLY_MS = 0;

const IDS = ["m2", "m5", "m11"];

/**
 * Twelve messages in several segments, three of them deleted and one hidden; all segments but the last are
 * sealed.
 */
function written(harness = new CompactionHarness()): CompactionHarness {
  for (let seq = 1; seq <= 12; seq += 2) harness.commit([sentEntry(seq), sentEntry(seq + 1)]);
  harness.commit([markEntry(13, "messagesDeleted", IDS), markEntry(14, "messagesHidden", ["m3"])]);
  for (let seq = 15; seq <= 30; seq++) harness.commit([sentEntry(seq)]);
  return harness;
}

interface Place {
  readonly seq?: number;
  readonly type: string;
  readonly batch: number;
  readonly left: number;
}

function places(harness: CompactionHarness): Place[] {
  const lines = harness.files.list("log").flatMap((name) => harness.textOf(`log/${name}`).trim().split("\n"));
  return lines.map((line) => {
    const { seq, type, batch, left } = JSON.parse(line) as Place;
    return seq === undefined ? { type, batch, left } : { seq, type, batch, left };
  });
}

function assertWhole(harness: CompactionHarness): void {
  const { damage, entries } = verifyLog(harness.files);
  assertEquals(damage, undefined);
  assertGreater(entries, 0);
}

Deno.test("a pass erases what was deleted from every byte of the folder, and nothing else", () => {
  const harness = written();
  const digest = stateDigest(harness.state);
  const before = places(harness);
  for (const seq of [2, 3, 5, 11]) assertEquals(harness.allText().includes(`secret-${seq}.`), true);
  harness.pass();
  const text = harness.allText();
  const left = Array.from({ length: 30 }, (_, i) => i + 1).filter((seq) => !text.includes(`secret-${seq}.`));
  assertEquals(left, [2, 5, 11, 13, 14]);
  assertEquals(places(harness), before);
  assertWhole(harness);
  assertEquals(harness.events.filter((event) => event === "logCompacted").length, 1);
  harness.open();
  assertEquals(stateDigest(harness.state), digest);
});

Deno.test("a pass leaves segments alone that hold nothing to erase", () => {
  const harness = written();
  const last = verifyLog(harness.files).segments - 1;
  const before = harness.textOf(segmentPath(last));
  const { renames } = harness;
  harness.pass();
  assertEquals(harness.textOf(segmentPath(last)), before);
  const rewritten = harness.renames - renames;
  assertGreater(rewritten, 1);
  harness.commit([markEntry(31, "messagesDeleted", ["m15"])]);
  harness.pass();
  assertEquals(harness.renames - renames, rewritten + 1);
});

Deno.test("tick() passes an hour after the last pass if anything was deleted, and reaches the last segment too", () => {
  const harness = new CompactionHarness();
  harness.commit([sentEntry(1), sentEntry(2)]);
  harness.pass();
  assertEquals(harness.events.length, 1, "the pass that follows a start");
  harness.commit([markEntry(3, "messagesDeleted", ["m1"])]);
  const { segment } = harness.writer;
  harness.tick(3_599_999);
  harness.files.settle();
  assertEquals([harness.events.length, harness.allText().includes("secret-1.")], [1, true]);
  harness.tick(1);
  harness.files.settle();
  assertEquals([harness.events.length, harness.writer.segment], [2, segment + 1]);
  assertEquals(["secret-1.", "secret-2."].map((each) => harness.allText().includes(each)), [false, true]);
  harness.pass();
  assertEquals(harness.events, ["logCompacted", "logCompacted"]);
  assertWhole(harness);
});

Deno.test("a pass tells of the segment that it seals before it replaces that", () => {
  const harness = new CompactionHarness();
  harness.commit([sentEntry(1), sentEntry(2), markEntry(3, "messagesDeleted", ["m1"])]);
  harness.pass();
  assertEquals(harness.told, ["replacing, last is 2, renames 1", "replaced 1, renames 2", "compacted"]);
});

Deno.test("a pass begins one new segment if the last one holds anything to erase, and otherwise none", () => {
  const harness = new CompactionHarness();
  harness.commit([sentEntry(1), sentEntry(2)]);
  const segments = (): number => harness.files.list("log").length;
  for (let start = 1; start <= 3; start++) {
    harness.open();
    for (let day = 1; day <= 3; day++) {
      harness.tick(24 * COMPACTION_INTERVAL_MS);
      harness.files.settle();
    }
  }
  assertEquals([harness.events.length, segments()], [9, 1]);
  harness.commit([markEntry(3, "messagesDeleted", ["m1"])]);
  for (let hour = 1; hour <= 72; hour++) harness.pass();
  assertEquals([segments(), harness.allText().includes("secret-1.")], [2, false]);
  harness.commit([markEntry(4, "messagesDeleted", ["m9"])]);
  harness.pass();
  harness.open();
  harness.pass();
  assertEquals(segments(), 2);
  assertWhole(harness);
});

Deno.test("a message that arrives after its deletion is erased too", () => {
  const harness = new CompactionHarness();
  harness.commit([placed(1, { type: "accountDeleted", account: "bob.000000000002" })]);
  harness.pass();
  harness.commit([sentEntry(2)]);
  harness.pass();
  harness.commit([markEntry(3, "messagesHidden", ["m9"])]);
  harness.pass();
  assertEquals(harness.allText().includes("secret-2."), false);
});

Deno.test("a name is erased by the first pass after it is forgotten", () => {
  const harness = new CompactionHarness();
  const account = "aa000000000000000001";
  harness.commit([placed(1, { type: "accountCreated", account, name: "Rumpelstilz", hash: "$hash" })]);
  harness.commit([placed(2, { type: "accountDeleted", account })]);
  harness.pass();
  assertEquals([harness.allText().includes("$hash"), harness.allText().includes("Rumpelstilz")], [
    false,
    true,
  ]);
  for (let hour = 1; hour <= 25; hour++) harness.pass();
  assertEquals(harness.allText().includes("Rumpelstilz"), true);
  harness.commit([placed(4, { type: "nameForgotten", account })]);
  harness.pass();
  assertEquals(harness.allText().includes("Rumpelstilz"), false);
  assertWhole(harness);
});

/** The entries with a secret in each that occurs nowhere else. */
function withSecrets(entries: readonly Entry[]): Entry[] {
  return entries.map((entry) => {
    if (entry.type === "messageSent") return { ...entry, content: secretOf(entry) };
    return "hash" in entry ? { ...entry, hash: secretOf(entry) } : entry;
  });
}

function secretOf(entry: Entry): string {
  return `<${entryKey(entry)}>`;
}

Deno.test("1,000 random logs are whole after their passes, fold to the same, and hold no byte of what is gone", () => {
  const logs = 1_000;
  const seen = { entries: 0, erased: 0, kept: 0 };
  for (const [i, set] of fc.sample(anyEntrySet, { numRuns: logs, seed: 11 }).entries()) {
    const numbers = new SeededNumbers(i);
    const harness = new CompactionHarness();
    const entries = withSecrets(interleaved(set, numbers));
    while (entries.length > 0) {
      harness.commit(entries.splice(0, 1 + numbers.below(4)));
      if (numbers.below(5) === 0) harness.pass();
    }
    harness.commit([placed(1, { type: "accountDeleted", account: "eve.00000000000e" })]);
    harness.pass();
    harness.commit([sentEntry(2)]);
    harness.pass();
    const digest = stateDigest(harness.state);
    const text = harness.allText();
    for (const entry of withSecrets(set.flat())) {
      if (entry.type !== "messageSent" && !("hash" in entry)) continue;
      const left = JSON.stringify(eraseEntry(harness.state, entry, EARLY_MS));
      const isGone = !left.includes(secretOf(entry));
      assertEquals(text.includes(secretOf(entry)), !isGone);
      seen.entries++;
      if (isGone) seen.erased++;
      else seen.kept++;
    }
    assertWhole(harness);
    harness.open();
    assertEquals(stateDigest(harness.state), digest);
  }
  console.log(`compaction: ${logs} logs`, seen);
  assertGreater(Math.min(seen.erased, seen.kept), logs);
});

Deno.test("verifyLog() finds every missing line, end, segment and swapped segment in a compacted log", () => {
  const harness = written();
  harness.pass();
  let cases = 0;
  for (const name of harness.files.list("log").slice(0, -1)) {
    const path = `log/${name}`;
    const whole = harness.files.bytesOf(path);
    const lines = harness.textOf(path).trimEnd().split("\n");
    const variants = lines.flatMap((_, i) => [lines.toSpliced(i, 1), lines.slice(0, i)]);
    for (const variant of variants) {
      harness.files.put(path, new TextEncoder().encode(variant.map((line) => `${line}\n`).join("")));
      assertEquals(verifyLog(harness.files).damage?.proof === undefined, false);
      cases++;
    }
    harness.files.put(path, whole);
  }
  const other = new CompactionHarness();
  for (let seq = 1; seq <= 12; seq += 2) {
    other.commit([sentEntry(seq), sentEntry(seq + 1)].map((each) => ({ ...each, stamp: each.stamp + 1 })));
  }
  const second = harness.files.bytesOf(segmentPath(2));
  harness.files.put(segmentPath(2), other.files.bytesOf(segmentPath(2)));
  assertThrows(() => harness.open(), LogDamaged, "the line before it is missing");
  harness.files.put(segmentPath(2), second);
  assertWhole(harness);
  console.log(`verifyLog(): ${cases} compacted logs with a hole found`);
  assertGreater(cases, 30);
});

Deno.test("repairLog() repairs a compacted log, wherever it is damaged", () => {
  const images = 300;
  const numbers = new SeededNumbers(12);
  for (let image = 0; image < images; image++) {
    const harness = written();
    harness.pass();
    const path = `log/${numbers.pick(harness.files.list("log").slice(0, -1))}`;
    const at = numbers.below(harness.files.size(path) ?? 0);
    harness.files.corrupt(path, (bytes) => bytes[at] = (bytes[at] ?? 0) ^ 1);
    assertEquals(verifyLog(harness.files).damage?.proof === undefined, false);
    assertEquals(repairLog(harness.files, 1).isNeeded, true);
    harness.open();
    harness.commit([sentEntry(40)]);
    harness.writer.sealSegment();
    harness.commit([sentEntry(41)]);
    harness.pass();
    assertWhole(harness);
  }
  console.log(`repairLog(): ${images} damaged compacted logs repaired`);
});

Deno.test("a compacted segment that has become the last one is written to again, and followed", () => {
  const segments = written().files.list("log").length;
  for (let lost = 1; lost < segments; lost++) {
    const harness = written();
    harness.pass();
    for (let segment = segments; segment > segments - lost; segment--) {
      harness.files.remove(segmentPath(segment));
    }
    harness.open();
    for (const seq of [40, 41]) {
      harness.commit([sentEntry(seq)]);
      assertWhole(harness);
      harness.writer.sealSegment();
    }
    assertGreater(harness.files.list("log").length, segments - lost);
    harness.pass();
    assertWhole(harness);
  }
});
