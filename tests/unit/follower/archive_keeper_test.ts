import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import type { Entry } from "../../../server/core/entry.ts";
import { PUT_OFF_MAX } from "../../../server/follower/archive_keeper.ts";
import { FAR_BEHIND, LONG_PART, SHORT_PART } from "../../../server/follower/next_entries.ts";
import { scale } from "../../testing/scale.ts";
import { messageEntries, messageEntry } from "../log/log_harness.ts";
import { WriterHarness } from "./keeper_harness.ts";

/** Without content, as erased. */
function bare(entries: readonly Entry[]): unknown[] {
  return entries.map(({ origin, seq, stamp, type }) => [origin, seq, stamp, type]);
}

Deno.test("ArchiveKeeper folds what is durable, in transactions of bounded size, and reports each", () => {
  const harness = new WriterHarness();
  for (let seq = 1; seq < 5_000; seq += 500) harness.log.commit(messageEntries(seq, 500));
  harness.start();
  assertEquals(harness.reports, [{ type: "opened", position: 0 }, {
    type: "reached",
    position: 0,
    messages: 0,
  }]);
  harness.work();
  assertEquals(harness.archive.entries, harness.log.entries);
  assertGreater(harness.archive.transactions.length, 2);
  assert(harness.archive.transactions.every((count) => count <= SHORT_PART.entries));
  assertEquals(harness.last(), { type: "reached", position: 5_000, messages: 5_000 });
  harness.log.commit(messageEntries(5_001, 3));
  assertEquals(harness.writer.step(), undefined);
  harness.post();
  assertEquals([harness.writer.step(), harness.writer.step()], [0, undefined]);
  assertEquals(harness.last(), { type: "reached", position: 5_003, messages: 5_003 });
  harness.take({ type: "stop" });
  assertEquals([harness.last(), harness.archive.isOpen], [{ type: "stopped" }, false]);
});

Deno.test("ArchiveKeeper folds more at once while it is far behind, and as much as usual at the end", () => {
  const harness = new WriterHarness();
  harness.start();
  for (let seq = 1; seq < 6_000; seq += 500) harness.log.commit(messageEntries(seq, 500));
  const durable = { ...harness.durable, position: 6_000 + FAR_BEHIND };
  harness.take({ type: "durable", durable, pace: "all", isAwaited: false });
  harness.work();
  const far = [...harness.archive.transactions];
  for (let seq = 6_001; seq < 9_000; seq += 500) harness.log.commit(messageEntries(seq, 500));
  harness.post();
  harness.work();
  const near = harness.archive.transactions.slice(far.length);
  console.log(`transactions of ${far}, then of ${near} entries`);
  assertEquals(harness.archive.entries, harness.log.entries);
  assertGreater(Math.max(...far), SHORT_PART.entries);
  assert(far.every((count) => count <= LONG_PART.entries));
  assert(near.length > 2 && near.every((count) => count <= SHORT_PART.entries));
});

Deno.test("ArchiveKeeper goes on where the archive is, and folds nothing twice", () => {
  const harness = new WriterHarness();
  harness.start();
  for (let seq = 1; seq <= 300; seq += 30) {
    harness.log.commit(messageEntries(seq, 30));
    harness.post();
    if (seq % 60 === 1) harness.work();
    harness.log.restart();
    harness.start();
  }
  harness.work();
  assertEquals(harness.archive.entries, harness.log.entries);
});

Deno.test("ArchiveKeeper refuses an archive of other entries", () => {
  for (const other of [messageEntry(20, "x", "node2#b"), messageEntry(21), messageEntry(20, "later")]) {
    const harness = new WriterHarness();
    harness.log.commit(messageEntries(1, 40));
    const stamp = other.seq === 20 && other.origin === "node1#000000000001" ? other.stamp + 1 : other.stamp;
    harness.archive.fold([...messageEntries(1, 19), { ...other, stamp }], 20);
    harness.start();
    harness.work();
    const report = harness.last();
    assert(report?.type === "failed");
    assertEquals(report.remedy, "rebuild");
    assertStringIncludes(report.problem, "other entries");
    assertEquals(harness.archive.isOpen, false);
    harness.archive.remove();
    harness.start();
    harness.work();
    assertEquals(harness.archive.entries, harness.log.entries);
  }
});

Deno.test("ArchiveKeeper refuses an archive that has more than the log", () => {
  const harness = new WriterHarness();
  harness.log.commit(messageEntries(1, 40));
  harness.archive.fold(messageEntries(1, 41), 41);
  harness.start();
  harness.work();
  const report = harness.last();
  assert(report?.type === "failed" && report.remedy === "rebuild");
});

Deno.test("ArchiveKeeper closes the archive at an error, and says what it was", () => {
  const harness = new WriterHarness();
  harness.log.commit(messageEntries(1, 40));
  for (const remedy of ["full", "rebuild", "wait"] as const) {
    harness.archive.remove();
    harness.start();
    const problems = { full: "database or disk is full", rebuild: "malformed", wait: "database is locked" };
    harness.archive.error = new Error(problems[remedy]);
    harness.work();
    assertEquals(harness.last(), { type: "failed", problem: problems[remedy], remedy });
    assertEquals(harness.archive.isOpen, false);
    harness.post();
    assertEquals(harness.writer.step(), undefined);
  }
  harness.archive.error = new Error("unable to open database file");
  harness.take({ type: "open", data: "" });
  assertEquals(harness.last(), { type: "failed", problem: "unable to open database file", remedy: "wait" });
});

Deno.test("ArchiveKeeper writes nothing while it is paused", () => {
  const harness = new WriterHarness();
  harness.start();
  harness.log.commit(messageEntries(1, 40));
  harness.take({ type: "pause", isPaused: true }, { type: "compact", wallMs: 0, erased: 0, tokenExpiry: 0 });
  harness.post();
  harness.work();
  assertEquals([harness.archive.position, harness.archive.compacted], [0, 0]);
  harness.take({ type: "pause", isPaused: false });
  harness.work();
  assertEquals([harness.archive.position, harness.archive.compacted], [40, 1]);
});

Deno.test("ArchiveKeeper folds nothing in a burst but what somebody waits for, and compacts", () => {
  const harness = new WriterHarness();
  harness.start();
  const commit = (): void => harness.log.commit(messageEntries(harness.log.entries.length + 1, 50));
  commit();
  harness.post("none");
  harness.work();
  assertEquals(harness.archive.position, 0);
  commit();
  harness.post("none", true);
  commit();
  harness.post("none");
  harness.take({ type: "compact", wallMs: 0, erased: 0, tokenExpiry: 0 });
  harness.work();
  assertEquals([harness.archive.position >= 100, harness.archive.compacted], [true, 1]);
  commit();
  harness.post();
  harness.work();
  assertEquals(harness.archive.position, 200);
});

Deno.test("ArchiveKeeper rests after each transaction while people write, unless somebody waits", () => {
  const harness = new WriterHarness();
  harness.start();
  for (let seq = 1; seq < 3_000; seq += 500) harness.log.commit(messageEntries(seq, 500));
  harness.post("part");
  assertEquals(harness.writer.step(), 0);
  const { position } = harness.archive;
  assertGreater(position, 0);
  const pauseMs = harness.writer.step() ?? 0;
  assertEquals([pauseMs > 0, harness.archive.position], [true, position]);
  harness.nowMs += pauseMs;
  assertEquals(harness.writer.step(), 0);
  assertGreater(harness.archive.position, position);
  harness.post("part", true);
  while (harness.archive.position < 3_000) assertEquals(harness.writer.step(), 0);
});

Deno.test("ArchiveKeeper lags no further in a burst than a bound", () => {
  const harness = new WriterHarness();
  harness.start();
  harness.log.commit(messageEntries(1, 50));
  const durable = { ...harness.durable, position: PUT_OFF_MAX };
  harness.take({ type: "durable", durable, pace: "none", isAwaited: false });
  harness.work();
  assertGreater(harness.archive.position, 0);
});

Deno.test("ArchiveKeeper compacts in slices, once everything durable is folded", () => {
  const harness = new WriterHarness();
  harness.start();
  harness.log.commit(messageEntries(1, 40));
  harness.archive.toCompact = 5;
  harness.take({ type: "compact", wallMs: 0, erased: 0, tokenExpiry: 0 }, {
    type: "durable",
    durable: harness.durable,
    pace: "all",
    isAwaited: false,
  });
  assertEquals([harness.writer.step(), harness.archive.compacted], [0, 0]);
  assertEquals([harness.writer.step(), harness.archive.compacted], [5, 1]);
  harness.log.commit(messageEntries(41, 1));
  harness.post();
  assertEquals([harness.writer.step(), harness.archive.compacted], [0, 1]);
  harness.work();
  assertEquals([harness.archive.compacted, harness.last()], [5, { type: "compacted", messages: 41 }]);
  assertEquals(harness.writer.step(), undefined);
});

/** Things that happen to a node and its archive. */
const STEPS = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("commit" as const), count: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constantFrom("post", "step", "step", "kill", "compact", "seal") }),
  ),
  { maxLength: 60 },
);

Deno.test("ArchiveKeeper has folded a beginning of the log after any steps, and all of it in the end", () => {
  let entries = 0;
  let replaced = 0;
  let kills = 0;
  fc.assert(
    fc.property(STEPS, (steps) => {
      const harness = new WriterHarness();
      let seq = 1;
      harness.start();
      for (const step of steps) {
        if ("count" in step) {
          harness.log.commit(messageEntries(seq, step.count));
          seq += step.count;
        } else if (step.kind === "post") harness.post();
        else if (step.kind === "step") harness.writer.step();
        else if (step.kind === "kill") {
          harness.log.restart();
          harness.start();
          kills++;
        } else if (step.kind === "seal") {
          harness.log.open.log.sealSegment();
          harness.log.settle();
        } else {
          const segment = 1 + seq % Math.max(1, harness.log.open.log.segment - 1);
          if (segment === harness.log.open.log.segment) continue;
          harness.log.beginCompaction(segment, (entry) => entry.seq % 3 === 0);
          harness.log.settle();
          harness.take({ type: "replaced", segment, durable: harness.durable });
          replaced++;
        }
        const { archive, log } = harness;
        assertEquals(bare(archive.entries), bare(log.entries.slice(0, archive.position)));
      }
      harness.post();
      harness.work();
      assertEquals(bare(harness.archive.entries), bare(harness.log.entries));
      entries += seq - 1;
    }),
    { numRuns: scale(300, 10_000) },
  );
  console.log(`${entries} entries, ${replaced} segments replaced, ${kills} kills`);
});
