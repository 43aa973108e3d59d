import { assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import type { EncodedEntry } from "../../../server/core/encoded_entry.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { covers } from "../../../server/core/version.ts";
import { HANDED_ENTRIES_MAX } from "../../../server/log/log_cursor.ts";
import { SegmentDamaged } from "../../../server/log/log_errors.ts";
import { RECENT_BYTES_MAX, RECENT_ENTRIES_MAX } from "../../../server/log/recent_entries.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import type { SequentialReader } from "../../../server/ports/files.ts";
import type { LogPlace } from "../../../server/ports/history.ts";
import { HistoryHarness } from "./history_harness.ts";
import { messageEntries, messageEntry } from "./log_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";

/** Batches of one entry each. */
function single(from: number, count: number): Entry[][] {
  return messageEntries(from, count).map((entry) => [entry]);
}

Deno.test("LogHistory.cursor() reads what was just committed from memory", () => {
  const harness = new HistoryHarness();
  harness.commit(messageEntries(1, 600), messageEntries(601, 5));
  const reads = harness.reads;
  const cursor = harness.open.history.cursor(harness.placeAt(3));
  const first = harness.next(cursor) as Entry[];
  assertEquals(first, harness.entries.slice(3, 3 + HANDED_ENTRIES_MAX));
  assertEquals(cursor.place, harness.placeAt(3 + HANDED_ENTRIES_MAX));
  assertEquals(harness.readFrom(0), harness.entries);
  assertEquals(harness.readFrom(605), []);
  assertEquals(harness.reads, reads);
});

Deno.test("LogHistory.cursor() reads from the files after a restart, across segments, and on into memory", () => {
  const harness = new HistoryHarness({ segmentBytes: 2_000 });
  harness.commit(...single(1, 30), messageEntries(31, 400));
  harness.restart();
  harness.commit(...single(431, 20));
  assertGreater(harness.open.log.segment, 4);
  const reads = harness.reads;
  for (let position = 0; position <= 450; position += 7) {
    assertEquals(harness.readFrom(position), harness.entries.slice(position));
  }
  assertGreater(harness.reads, reads);
});

Deno.test("LogCursor.next() never goes behind the position it is given, nor the end", () => {
  const harness = new HistoryHarness({ segmentBytes: 2_000 });
  harness.commit(...single(1, 30));
  harness.restart();
  harness.commit(...single(31, 3));
  const cursor = harness.open.history.cursor(harness.placeAt(0));
  assertEquals(harness.next(cursor, 5), harness.entries.slice(0, 5));
  assertEquals(harness.next(cursor, 5), []);
  assertEquals(harness.next(cursor, 3), []);
  cursor.skipTo(harness.placeAt(31));
  assertEquals(harness.next(cursor, 32), harness.entries.slice(31, 32));
  assertEquals(harness.next(cursor, 1_000), harness.entries.slice(32));
  assertEquals(harness.next(cursor), []);
  assertThrows(() => cursor.skipTo(harness.placeAt(2)), Error, "cannot go back");
  cursor.close();
});

Deno.test("LogHistory hands out only what is durable", () => {
  const harness = new HistoryHarness();
  harness.commit(...single(1, 3));
  harness.restart();
  const { history, log } = harness.open;
  const cursor = history.cursor(harness.placeAt(0));
  const durableBytes = harness.files.size(segmentPath(1));
  log.commit(encoded(messageEntries(4, 2)));
  const seen: number[] = [];
  let readBytes: number | Error = 0;
  const reader = harness.files.reader.bind(harness.files);
  harness.files.reader = (path, offset): SequentialReader => {
    const file = reader(path, offset);
    const readLater: SequentialReader["readLater"] = (into, done) =>
      file.readLater(into, (got) => done(readBytes = got));
    return { ...file, readLater };
  };
  cursor.next(Infinity, (handed) => seen.push(handed instanceof Error ? -1 : handed.length));
  // Writes the batch, and reads before its sync has ended.
  harness.tasks.reverse();
  harness.step();
  assertEquals([seen, history.end.position, readBytes], [[3], 3, durableBytes]);
  assertEquals(harness.next(cursor), []);
  assertEquals(harness.next(cursor), messageEntries(4, 2));
  assertEquals(history.end.position, 5);
});

Deno.test("LogHistory has nothing of a batch whose sync failed", () => {
  const harness = new HistoryHarness();
  harness.commit(...single(1, 3));
  harness.files.fail("sync", 1);
  harness.open.log.commit(encoded(messageEntries(4, 2)));
  harness.settle();
  assertEquals([harness.log.faults.length, harness.readFrom(0).length], [1, 3]);
});

Deno.test("LogCursor.next() keeps entries of types that are not known, and takes the place out of all", () => {
  const harness = new HistoryHarness();
  const strange = { origin: "node9#0", seq: 7, stamp: 12, type: "somethingNew", batch: "x", more: [1, null] };
  harness.commit([strange as unknown as Entry, messageEntry(1)]);
  harness.restart();
  assertEquals(harness.readFrom(0) as unknown[], [strange, messageEntry(1)]);
});

Deno.test("LogHistory keeps in memory no more than its bounds, and reads the rest from the files", () => {
  const harness = new HistoryHarness();
  const content = "x".repeat(15_000);
  const count = Math.ceil(RECENT_BYTES_MAX / content.length) + 100;
  for (let seq = 1; seq <= count; seq++) harness.commit([messageEntry(seq, content)]);
  const reads = harness.reads;
  assertEquals(harness.readFrom(count - 500).length, 500);
  assertEquals(harness.reads, reads);
  assertEquals(harness.readFrom(0), harness.entries);
  assertGreater(harness.reads, reads);

  const many = new HistoryHarness();
  for (let from = 1; from <= RECENT_ENTRIES_MAX + 500; from += 500) many.commit(messageEntries(from, 500));
  assertEquals(many.readFrom(500).length, RECENT_ENTRIES_MAX);
  assertEquals(many.reads, 0);
  assertEquals(many.readFrom(499).length, RECENT_ENTRIES_MAX + 1);
  assertGreater(many.reads, 0);
});

Deno.test("LogHistory.latestPlace() knows places near the end, every MiB, and at every segment", () => {
  const harness = new HistoryHarness({ segmentBytes: 4_000_000 });
  const content = "x".repeat(15_000);
  for (let seq = 1; seq <= 1_000; seq++) harness.commit([messageEntry(seq, content)]);
  const positions = new Set<number>();
  const gaps = (): number => {
    let widest = 0;
    for (let has = 0; has <= 1_000; has += 10) {
      const version = harness.versionAt(has);
      const place = harness.open.history.latestPlace((known) => covers(version, known));
      assertEquals(place.version, harness.versionAt(place.position));
      assertLess(place.position, has + 1);
      widest = Math.max(widest, has - place.position);
      positions.add(place.position);
    }
    return widest;
  };
  assertLess(gaps(), 256);
  harness.restart();
  assertLess(gaps(), 80, "a MiB has 70 of these entries");
  assertEquals(positions.has(1_000), true);
  harness.commit([messageEntry(1_001)]);
  assertEquals(harness.open.history.latestPlace(() => true), harness.placeAt(1_001));
  assertEquals(harness.open.history.latestPlace((version) => version.size === 0), {
    ...harness.placeAt(0),
    segment: 1,
    offset: 0,
  } as LogPlace);
});

Deno.test("LogCursor goes on in the old file while its segment is compacted, and in the new one afterwards", () => {
  const harness = new HistoryHarness({ segmentBytes: 4_000_000 });
  const content = "x".repeat(15_000);
  for (let seq = 1; seq <= 300; seq++) harness.commit([messageEntry(seq, content)]);
  harness.restart();
  const { history } = harness.open;
  const early = history.cursor(harness.placeAt(0));
  const first = harness.next(early) as Entry[];
  const late = history.cursor(harness.placeAt(150));
  harness.beginCompaction(1, ({ seq }) => seq % 2 === 0);
  assertEquals((harness.next(late, 151) as Entry[]).map(({ seq }) => seq), [151]);
  const rest: Entry[] = [...first];
  for (let more = harness.next(early) as Entry[]; more.length > 0; more = harness.next(early) as Entry[]) {
    rest.push(...more);
  }
  assertEquals(rest.map(({ seq }) => seq), harness.entries.map(({ seq }) => seq));
  assertEquals(harness.readFrom(149).map(({ seq }) => seq), harness.entries.slice(149).map(({ seq }) => seq));
  const [erased] = harness.readFrom(149);
  assertEquals(erased?.type === "messageSent" && erased.content, "");
});

Deno.test("LogCursor reads all of a segment that was compacted before the next one is durable", () => {
  const harness = new HistoryHarness();
  for (let seq = 1; seq <= 100; seq++) harness.commit([messageEntry(seq, "x")]);
  harness.restart();
  harness.open.log.sealSegment();
  harness.open.log.commit(encoded(messageEntries(101, 1)));
  const sync = harness.tasks.splice(0);
  const bytes = harness.files.size(segmentPath(1)) ?? 0;
  harness.beginCompaction(1, () => true);
  harness.settle();
  assertGreater(
    harness.files.size(segmentPath(1)) ?? 0,
    bytes,
    "the mark of an erased message is longer than a short content",
  );
  assertEquals(harness.readFrom(0).length, 100);
  harness.tasks.push(...sync);
});

Deno.test("LogCursor.next() begins again if its segment was replaced while it was being opened", () => {
  let replaced = 0;
  for (let delay = 0; delay < 60; delay++) {
    const harness = new HistoryHarness({ segmentBytes: 2_500_000 });
    const content = "x".repeat(15_000);
    for (let seq = 1; seq <= 200; seq++) harness.commit([messageEntry(seq, content)]);
    harness.restart();
    harness.beginCompaction(1, ({ seq }) => seq % 3 === 0);
    const cursor = harness.open.history.cursor(harness.placeAt(155));
    for (let step = 0; step < 3 * delay; step++) harness.step();
    const isReplaced = (): boolean => (harness.files.size(segmentPath(1)) ?? 0) < 2_400_000;
    const before = isReplaced();
    let handed: readonly EncodedEntry[] | Error | undefined;
    cursor.next(158, (outcome) => handed = outcome);
    // The compaction is faster than the reader, whose task comes last.
    const read = harness.tasks.pop();
    while (!isReplaced() && harness.step());
    if (!before && isReplaced()) replaced++;
    read?.();
    harness.settle();
    assertEquals((handed as EncodedEntry[])[0]?.entry.seq, 156);
  }
  console.log(`LogCursor.next(): ${replaced} files replaced while they were being opened`);
  assertGreater(replaced, 0);
});

Deno.test("LogCursor.next() says where the log is damaged", () => {
  const harness = new HistoryHarness({ segmentBytes: 2_000 });
  harness.commit(...single(1, 30));
  harness.restart();
  harness.files.corrupt(segmentPath(2), (bytes) => bytes[300] = (bytes[300] ?? 0) ^ 1);
  const cursor = harness.open.history.cursor(harness.placeAt(0));
  const outcomes = [harness.next(cursor), harness.next(cursor), harness.next(cursor)];
  const error = outcomes.find((outcome) => outcome instanceof Error) as Error;
  assertEquals(error.message.includes(`${segmentPath(2)}, byte `), true);
  assertEquals(error.message.includes(" is damaged: "), true, error.message);
  assertEquals(error instanceof SegmentDamaged, true);

  harness.files.remove(segmentPath(2));
  const lost = harness.next(cursor) as Error;
  assertEquals(lost.message, `ENOENT: open ${segmentPath(2)}`);
  assertEquals(lost instanceof SegmentDamaged, false);
});

Deno.test("LogCursor.next() misses lines that are gone, wherever they were", () => {
  const harness = new HistoryHarness({ segmentBytes: 2_000 });
  harness.commit(...single(1, 30));
  harness.restart();
  let found = 0;
  for (let segment = 1; segment <= harness.open.log.segment; segment++) {
    const path = segmentPath(segment);
    const whole = harness.files.bytesOf(path);
    const lines = new TextDecoder().decode(whole).trimEnd().split("\n");
    for (let missing = 1; missing < lines.length; missing++) {
      if (!lines[missing]?.includes('"seq"')) continue;
      const text = lines.toSpliced(missing, 1).map((line) => `${line}\n`).join("");
      harness.files.put(path, new TextEncoder().encode(text));
      const cursor = harness.open.history.cursor(harness.placeAt(0));
      let handed = harness.next(cursor);
      for (let read = 0; !(handed instanceof Error); handed = harness.next(cursor)) {
        assertEquals(handed, harness.entries.slice(read, read += handed.length));
        assertGreater(handed.length, 0, "the end was reached without a word");
      }
      assertEquals(handed.message.includes(" is damaged: "), true);
      found++;
    }
    harness.files.put(path, whole);
  }
  assertEquals(harness.readFrom(0), harness.entries);
  console.log(`LogCursor.next(): ${found} missing lines found`);
  assertEquals(found, 30);
});

Deno.test("LogCursor.close() leaves a call of next() unanswered", () => {
  const harness = new HistoryHarness();
  harness.commit(...single(1, 3));
  harness.restart();
  const cursor = harness.open.history.cursor(harness.placeAt(0));
  let answers = 0;
  cursor.next(Infinity, () => answers++);
  cursor.close();
  harness.settle();
  assertEquals(answers, 0);
});

Deno.test("LogCursor.skipTo() lets a call of next() that is under way go on from there", () => {
  const harness = new HistoryHarness({ segmentBytes: 2_000 });
  harness.commit(...single(1, 30));
  harness.restart();
  const cursor = harness.open.history.cursor(harness.placeAt(0));
  let handed: readonly EncodedEntry[] | Error = [];
  cursor.next(25, (outcome) => handed = outcome);
  cursor.skipTo(harness.placeAt(20));
  harness.settle();
  assertEquals((handed as EncodedEntry[])[0]?.entry, harness.entries[20]);
  const other = harness.open.history.cursor(harness.placeAt(0));
  other.next(25, (outcome) => handed = outcome);
  other.skipTo(harness.placeAt(30));
  harness.settle();
  assertEquals(handed, []);
});
