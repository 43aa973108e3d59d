import { assertEquals, assertGreater, assertStringIncludes, assertThrows } from "@std/assert";
import type { Entry } from "../../../server/core/entry.ts";
import { type DurableEnd, LogFollower } from "../../../server/log/log_follower.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import { encoded } from "../../testing/encoded_entries.ts";
import { HistoryHarness } from "./history_harness.ts";
import { messageEntries, messageEntry } from "./log_harness.ts";

const BEGINNING = { segment: 1, position: 0, version: new Map() };

function durableOf({ open: { log, history } }: HistoryHarness): DurableEnd {
  return { segment: log.segment, bytes: log.bytes, position: history.end.position };
}

function rest(follower: LogFollower, durable: DurableEnd, countMax = 100): Entry[] {
  const entries: Entry[] = [];
  for (;;) {
    const handed = follower.next(durable, countMax);
    if (handed.length === 0) return entries;
    entries.push(...handed);
  }
}

/** A log whose segments are read in several chunks. */
function longLog(count: number): HistoryHarness {
  const harness = new HistoryHarness({ segmentBytes: 200_000 });
  const content = "x".repeat(1_000);
  for (let seq = 1; seq <= count; seq += 10) {
    harness.commit(Array.from({ length: 10 }, (_, i) => messageEntry(seq + i, `${seq + i} ${content}`)));
  }
  return harness;
}

/** Without content, as in a segment whose messages were erased. */
function erased(entry: Entry): Entry {
  return entry.type === "messageSent" ? { ...entry, content: "", digest: 1 } : entry;
}

Deno.test("LogFollower.next() hands out what has become durable, and nothing before", () => {
  const harness = new HistoryHarness({ segmentBytes: 2_000 });
  const follower = new LogFollower(harness.files, BEGINNING);
  assertEquals(rest(follower, durableOf(harness)), []);
  for (let seq = 1; seq <= 60; seq += 3) {
    const from = harness.entries.length;
    harness.commit(messageEntries(seq, 3));
    assertEquals(rest(follower, durableOf(harness), 2), harness.entries.slice(from));
    assertEquals(follower.place, harness.placeAt(harness.entries.length));
  }
  assertGreater(harness.open.log.segment, 4);
  harness.open.log.commit(encoded(messageEntries(61, 2)));
  assertEquals(follower.next(durableOf(harness), 9), []);
  harness.settle();
  assertEquals(follower.next(durableOf(harness), 9).length, 2);
  follower.close();
});

Deno.test("LogFollower begins at the segment before any position", () => {
  const harness = longLog(600);
  harness.restart();
  const beginnings = new Set<number>();
  for (let position = 0; position <= 600; position += 7) {
    const from = harness.open.history.segmentBefore(position);
    beginnings.add(from.segment);
    const follower = new LogFollower(harness.files, from);
    let left = position - from.position;
    while (left > 0) left -= follower.next(durableOf(harness), left).length;
    assertEquals(follower.place, harness.placeAt(position));
    assertEquals(rest(follower, durableOf(harness)), harness.entries.slice(position));
  }
  assertGreater(beginnings.size, 3);
  console.log(`86 positions in ${beginnings.size} segments`);
});

Deno.test("LogFollower goes on at the same entry where a segment is replaced under it", () => {
  let checked = 0;
  for (let taken = 0; taken <= 180; taken += 12) {
    for (const isTold of [true, false]) {
      const harness = longLog(400);
      const follower = new LogFollower(harness.files, BEGINNING);
      const seen: Entry[] = [];
      while (seen.length < taken) seen.push(...follower.next(durableOf(harness), taken - seen.length));
      harness.beginCompaction(1, ({ seq }) => seq % 2 === 0);
      harness.settle();
      if (isTold) follower.replaced(1);
      seen.push(...rest(follower, durableOf(harness)));
      assertEquals(seen.map(erased), harness.entries.map(erased));
      assertEquals(follower.place, harness.placeAt(400));
      checked++;
    }
  }
  console.log(`${checked} replacements under the cursor`);
});

Deno.test("LogFollower.replaced() reads a second replacement, and nothing anew of another segment", () => {
  const harness = longLog(400);
  const follower = new LogFollower(harness.files, BEGINNING);
  const seen = [...follower.next(durableOf(harness), 150)];
  for (const isErased of [({ seq }: Entry) => seq < 9, ({ seq }: Entry) => seq < 150]) {
    harness.beginCompaction(1, isErased);
    harness.settle();
    follower.replaced(1);
    seen.push(...follower.next(durableOf(harness), 3));
  }
  const reads = harness.reads;
  follower.replaced(2);
  assertEquals(harness.reads, reads);
  seen.push(...rest(follower, durableOf(harness)));
  assertEquals(seen.map(erased), harness.entries.map(erased));
});

Deno.test("LogFollower.next() refuses a damaged log, and names the place", () => {
  const harness = longLog(300);
  const path = segmentPath(1);
  const bytes = harness.files.bytesOf(path);
  const durable = durableOf(harness);
  let refused = 0;
  for (let at = 1_000; at < bytes.length; at += 29_989) {
    harness.files.put(path, bytes.with(at, (bytes[at] ?? 0) ^ 1));
    const error = assertThrows(() => rest(new LogFollower(harness.files, BEGINNING), durable), Error);
    assertStringIncludes(error.message, `${path}, byte `);
    refused++;
  }
  harness.files.put(path, bytes.slice(0, -7));
  assertThrows(() => rest(new LogFollower(harness.files, BEGINNING), durable), Error, "line feed");
  const last = segmentPath(durable.segment);
  harness.files.put(path, bytes);
  harness.files.put(last, harness.files.bytesOf(last).slice(0, -1));
  assertThrows(() => rest(new LogFollower(harness.files, BEGINNING), durable), Error, "ends too early");
  console.log(`${refused} flipped bits refused`);
});
