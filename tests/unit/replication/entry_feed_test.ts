import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import type { Entry } from "../../../server/core/entry.ts";
import type { LogPlace } from "../../../server/ports/history.ts";
import { type Batch, EntryFeed, type FeedOptions } from "../../../server/replication/entry_feed.ts";
import { BATCH_BYTES } from "../../../server/replication/replication_limits.ts";
import { linesOf } from "../../testing/encoded_entries.ts";
import { chainedPlace } from "../../testing/chained_place.ts";
import { MemoryHistory } from "../../testing/memory_history.ts";

function entry(origin: string, seq: number, content = "hey"): Entry {
  return { origin, seq, stamp: seq * 10, type: "messageSent", id: "m", from: "a", to: "b", content };
}

/** A log with alternating entries of two origins. */
function log(count: number): MemoryHistory {
  const history = new MemoryHistory();
  for (let i = 0; i < count; i++) history.append(entry(i % 2 === 0 ? "a#1" : "b#1", Math.floor(i / 2) + 1));
  return history;
}

function feedOf(history: MemoryHistory, options: Partial<FeedOptions> = {}): EntryFeed {
  return new EntryFeed({
    history,
    place: history.placeAt(0),
    isWanted: () => true,
    onError: (error) => {
      throw error;
    },
    ...options,
  });
}

/** All batches that were read. */
function takeAll(feed: EntryFeed): Batch[] {
  const batches: Batch[] = [];
  for (let batch = feed.next; batch; batch = feed.next) {
    batches.push(batch);
    feed.take();
  }
  return batches;
}

function keys(batches: readonly Batch[]): string[] {
  return batches.flatMap(({ lines }) => linesOf(lines).map((line) => JSON.parse(line) as Entry))
    .map(({ origin, seq }) => `${origin}/${seq}`);
}

Deno.test("EntryFeed reads on up to a position, and then no further", () => {
  const feed = feedOf(log(6));
  assertEquals([feed.read(4, () => {}), feed.position, feed.read(4, () => {})], [true, 4, false]);
  const [batch] = takeAll(feed);
  assertEquals(keys(batch ? [batch] : []), ["a#1/1", "b#1/1", "a#1/2", "b#1/2"]);
  assertEquals([batch?.count, batch?.previous, batch?.last.map(({ seq }) => seq)], [4, [], [2, 2]]);
  assertEquals(feed.read(99, () => {}), true);
  assertEquals(keys(takeAll(feed)), ["a#1/3", "b#1/3"]);
});

Deno.test("EntryFeed leaves out what is not wanted, and says which entry each origin's first one follows", () => {
  const history = log(10);
  const feed = feedOf(history, { isWanted: ({ origin, seq }) => origin === "a#1" ? seq > 3 : seq > 4 });
  feed.read(10, () => {});
  const [batch] = takeAll(feed);
  assertEquals(keys(batch ? [batch] : []), ["a#1/4", "a#1/5", "b#1/5"]);
  assertEquals(batch?.previous, [chainedPlace("a#1", 3), chainedPlace("b#1", 4)]);
  const place: LogPlace = history.placeAt(4);
  const later = feedOf(history, { place, isWanted: ({ origin }) => origin === "b#1" });
  later.read(10, () => {});
  assertEquals(later.next?.previous, [chainedPlace("b#1", 2)]);
});

Deno.test("EntryFeed with nothing that is wanted is further on with nothing to take", () => {
  const feed = feedOf(log(6), { isWanted: () => false });
  assertEquals([feed.read(6, () => {}), feed.position, feed.next], [true, 6, undefined]);
});

Deno.test("EntryFeed fills batches of at most 512 KiB, counted in bytes; a longer entry goes alone", () => {
  const sizes: number[] = [];
  for (
    const content of ["x".repeat(16_000), "ä".repeat(16_000), "€".repeat(16_000), "\u0001".repeat(16_000)]
  ) {
    const history = new MemoryHistory(1_000);
    for (let seq = 1; seq <= 100; seq++) history.append(entry("a#1", seq, content));
    const feed = feedOf(history);
    feed.read(100, () => {});
    const batches = takeAll(feed);
    assertEquals(batches.reduce((sum, { count }) => sum + count, 0), 100);
    let before = 0;
    for (const { lines, bytes, count, previous } of batches) {
      assertEquals(bytes, lines.length + 1);
      assertLessOrEqual(bytes, BATCH_BYTES);
      assertEquals(previous[0]?.seq ?? 0, before);
      before += count;
      sizes.push(bytes);
    }
    assertGreater(batches.length, 100 * 16_000 / BATCH_BYTES);
  }
  console.log(`${sizes.length} batches`);
  const history = new MemoryHistory();
  history.append(entry("a#1", 1), entry("a#1", 2, "x".repeat(600_000)), entry("a#1", 3));
  const feed = feedOf(history);
  feed.read(3, () => {});
  assertEquals(takeAll(feed).map(({ count }) => count), [1, 1, 1]);
});

Deno.test("EntryFeed skips forward, never back, and knows what lies before", () => {
  const history = log(10);
  const feed = feedOf(history);
  feed.skipTo(history.placeAt(6));
  feed.skipTo(history.placeAt(2));
  assertEquals(feed.position, 6);
  feed.read(10, () => {});
  assertEquals(keys(feed.next ? [feed.next] : []), ["a#1/4", "b#1/4", "a#1/5", "b#1/5"]);
  assertEquals(feed.next?.previous.map(({ seq }) => seq), [3, 3]);
  assertEquals(history.entriesRead, 4);
});

Deno.test("EntryFeed that reads a file calls back, one reading at a time, and skips only afterwards", () => {
  const history = log(600);
  history.isSlow = true;
  const feed = feedOf(history);
  let calls = 0;
  const read = () => feed.read(600, () => calls++);
  assertEquals([read(), read(), feed.position], [false, false, 0]);
  feed.skipTo(history.placeAt(300));
  history.finishReading();
  assertEquals([calls, feed.position, takeAll(feed).length], [1, 256, 1]);
  feed.skipTo(history.placeAt(400));
  assertEquals([feed.position, read()], [400, false]);
  history.finishReading();
  assertEquals([calls, feed.position], [2, 600]);
});

Deno.test("EntryFeed that is closed says nothing more, and lets the log go", () => {
  const history = log(6);
  history.isSlow = true;
  const feed = feedOf(history);
  let calls = 0;
  feed.read(6, () => calls++);
  feed.close();
  history.finishReading();
  assertEquals([calls, feed.next, history.cursorsOpen, feed.read(6, () => calls++)], [
    0,
    undefined,
    0,
    false,
  ]);
});

Deno.test("EntryFeed tells of a log that cannot be read, whether at once or later", () => {
  for (const isSlow of [false, true]) {
    const history = log(6);
    history.isSlow = isSlow;
    history.failure = new Error("a bad sector");
    const errors: string[] = [];
    const feed = feedOf(history, { onError: (error) => errors.push(error.message) });
    assertEquals(feed.read(6, () => errors.push("done")), false);
    history.finishReading();
    assertEquals(errors, ["a bad sector"]);
  }
});
