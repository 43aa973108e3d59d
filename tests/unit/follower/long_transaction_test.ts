import { assertEquals, assertGreater } from "@std/assert";
import type { Entry } from "../../../server/core/entry.ts";
import { LongTransaction } from "../../../server/follower/long_transaction.ts";
import { FAR_BEHIND, LONG_PART } from "../../../server/follower/next_entries.ts";
import type { DurableEnd } from "../../../server/log/log_follower.ts";
import { messageEntries, messageEntry } from "../log/log_harness.ts";
import { WriterHarness } from "./keeper_harness.ts";

/** Lets the log have so many entries. */
function commitUpTo(harness: WriterHarness, entries: number): void {
  while (harness.log.entries.length < entries) {
    harness.log.commit(messageEntries(harness.log.entries.length + 1, 500));
  }
}

/** The end of a log that has many more entries. */
function farEnd({ durable, log }: WriterHarness): DurableEnd {
  return { ...durable, position: log.entries.length + FAR_BEHIND };
}

/** Lets the writer fold up to so many entries, and believe that many more are missing. */
function lag(harness: WriterHarness, entries: number): void {
  commitUpTo(harness, entries);
  harness.take({ type: "durable", durable: farEnd(harness), pace: "all", isAwaited: false });
  while (harness.archive.position < entries) harness.writer.step();
}

/** A writer that has folded 6,000 entries, and lacks so many more that its transaction is open. */
function farBehind(): WriterHarness {
  const harness = new WriterHarness();
  harness.start();
  lag(harness, 6_000);
  assertEquals([harness.archive.uncommitted, harness.archive.transactions], [6_000, []]);
  assertEquals(harness.last(), { type: "reached", position: 0, messages: 0 }, "nothing is there for others");
  return harness;
}

/** Folds parts until the transaction is full, and commits it; returns the number of parts. */
function partsOf(long: LongTransaction, part: readonly Entry[], commitMs = 0): number {
  let parts = 1;
  for (; long.goesOn(part, FAR_BEHIND, 0) && !long.isFull; parts++);
  long.committed(commitMs);
  return parts;
}

/** A part of the usual length. */
const PART = Array<Entry>(LONG_PART.entries).fill(messageEntry(1));

Deno.test("LongTransaction ends after half a minute, or where less is missing", () => {
  const long = new LongTransaction();
  const part = [messageEntry(1)];
  assertEquals([long.goesOn(part, FAR_BEHIND - 1, 0), long.isOpen], [false, false]);
  for (const [atOnce, nowMs] of [[FAR_BEHIND, 30_000], [FAR_BEHIND - 1, 1]] as const) {
    assertEquals([long.goesOn(part, FAR_BEHIND, 0), long.isOpen, long.isFull], [true, true, false]);
    assertEquals([long.goesOn(part, FAR_BEHIND, nowMs - 1), long.isFull], [true, false]);
    assertEquals([long.goesOn(part, atOnce, nowMs), long.isFull], [true, true]);
    long.committed(0);
    assertEquals([long.isOpen, long.isFull], [false, false]);
  }
});

Deno.test("LongTransaction grows up to 524,288 entries while commits are quick, and shrinks after a slow one", () => {
  const long = new LongTransaction();
  const grown = Array.from({ length: 7 }, () => partsOf(long, PART));
  assertEquals(grown, [1, 2, 4, 8, 16, 32, 32]);
  assertEquals([partsOf(long, PART, 3_000), partsOf(long, PART, 2_999), partsOf(long, PART)], [32, 16, 32]);
  const shrunk = Array.from({ length: 7 }, () => partsOf(long, PART, 3_000));
  assertEquals(shrunk, [32, 16, 8, 4, 2, 1, 1]);
});

Deno.test("LongTransaction does not grow by transactions that ended early", () => {
  const long = new LongTransaction();
  partsOf(long, PART);
  for (let count = 0; count < 9; count++) {
    long.goesOn(PART, FAR_BEHIND, 0);
    long.committed(0);
  }
  assertEquals(partsOf(long, PART), 2);
});

Deno.test("LongTransaction ends after contents of 33,554,432 characters, which wait in memory for their blocks", () => {
  const long = new LongTransaction();
  const part = Array<Entry>(1_024).fill({ ...messageEntry(1), content: "x".repeat(16_384) } as Entry);
  assertEquals(partsOf(long, part), 2);
});

Deno.test("ArchiveKeeper commits a full transaction in a step of its own, and not more at once on a slow disk", () => {
  const harness = new WriterHarness();
  harness.start();
  harness.archive.onCommit = () => harness.nowMs += 3_000;
  commitUpTo(harness, 36_000);
  harness.take({ type: "durable", durable: farEnd(harness), pace: "all", isAwaited: false });
  const expected: number[] = [];
  while (expected.length < 2) {
    while (harness.archive.uncommitted < LONG_PART.entries) harness.writer.step();
    expected.push(harness.archive.uncommitted);
    harness.take({ type: "ask" });
    assertEquals(harness.last(), { type: "alive" });
    assertEquals([harness.writer.step(), harness.archive.transactions], [0, expected]);
  }
});

Deno.test("ArchiveKeeper ends a transaction that has waited for more, and reports it then", () => {
  const harness = farBehind();
  harness.work();
  assertEquals([harness.archive.uncommitted, harness.archive.transactions], [0, [6_000]]);
  assertEquals(harness.last(), { type: "reached", position: 6_000, messages: 6_000 });
});

Deno.test("ArchiveKeeper undoes the open transaction when it stops, and a later one folds it again", () => {
  const harness = farBehind();
  harness.take({ type: "stop" });
  assertEquals([harness.archive.transactions, harness.archive.position, harness.last()], [[], 0, {
    type: "stopped",
  }]);
  harness.start();
  harness.work();
  assertEquals(harness.archive.entries, harness.log.entries);
});

Deno.test("ArchiveKeeper ends the open transaction before it rests or compacts", () => {
  const resting = farBehind();
  resting.take({ type: "durable", durable: farEnd(resting), pace: "none", isAwaited: false });
  resting.take({ type: "compact", wallMs: 1, erased: 0, tokenExpiry: 0 });
  resting.writer.step();
  assertEquals([resting.archive.transactions, resting.archive.compacted], [[6_000], 1]);
});

Deno.test("ArchiveKeeper rests for each commit, too, while people write", () => {
  const commitMs = 1_000;
  const writing = new WriterHarness();
  writing.start();
  const open = farBehind();
  for (const harness of [writing, open]) {
    harness.archive.onCommit = () => harness.nowMs += commitMs;
    commitUpTo(harness, 6_000);
    harness.take({ type: "durable", durable: farEnd(harness), pace: "part", isAwaited: false });
  }
  assertEquals([writing.writer.step(), writing.archive.transactions.length], [0, 1]);
  for (const harness of [writing, open]) {
    const pauseMs = harness.writer.step() ?? 0;
    assertEquals([pauseMs >= 4 * commitMs, harness.archive.transactions.length], [true, 1], `${pauseMs} ms`);
    harness.nowMs += pauseMs / 2;
    assertGreater(harness.writer.step() ?? 0, commitMs);
  }
});

Deno.test("ArchiveKeeper undoes the open transaction when the disk is full, and folds it again later", () => {
  for (const noted of [true, false]) {
    const harness = new WriterHarness();
    harness.log.commit(messageEntries(1, 1_500));
    if (!noted) harness.archive.fold(harness.log.entries, 1_500);
    harness.start();
    harness.work();
    assertEquals([harness.archive.position, harness.archive.beginnings.length > 0], [1_500, noted]);
    lag(harness, 6_000);
    assertGreater(harness.archive.uncommitted, 0);
    harness.take({ type: "pause", isPaused: true });
    harness.work();
    const { uncommitted, position, transactions: [...committed] } = harness.archive;
    assertEquals([uncommitted, position], [0, 1_500]);
    harness.take({ type: "pause", isPaused: false });
    harness.work();
    assertEquals(harness.archive.transactions, [...committed, 4_500]);
    assertEquals(harness.archive.entries, harness.log.entries);
    assertEquals(harness.last(), { type: "reached", position: 6_000, messages: 6_000 });
  }
});

Deno.test("ArchiveKeeper gives an open transaction up with an archive that fails", () => {
  const harness = farBehind();
  harness.archive.error = new Error("disk I/O error");
  harness.work();
  assertEquals(harness.archive.transactions, []);
  assertEquals(harness.reports.some(({ type }) => type === "failed"), true);
});
