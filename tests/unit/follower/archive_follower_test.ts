import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Entry } from "../../../server/core/entry.ts";
import { messageEntries } from "../log/log_harness.ts";
import { FollowerHarness } from "./follower_harness.ts";

/** A harness with a log of so many entries. */
function harnessWith(count: number): FollowerHarness {
  const harness = new FollowerHarness();
  commit(harness, count);
  return harness;
}

function commit({ log }: FollowerHarness, count: number): void {
  const from = log.entries.length + 1;
  for (let done = 0; done < count; done += 5_000) {
    log.commit(messageEntries(from + done, Math.min(5_000, count - done)));
  }
}

function stamps(entries: readonly Entry[]): number[] {
  return entries.map(({ stamp }) => stamp);
}

Deno.test("ArchiveFollower starts its writer with the first tick, and follows", () => {
  const harness = harnessWith(100);
  assertEquals(harness.writers.length, 0);
  assertEquals(harness.follower.status(), { position: 0, lag: 100, isBuilding: false, problem: undefined });
  harness.settle();
  assertEquals(harness.archive.entries, harness.log.entries);
  commit(harness, 7);
  harness.follower.advanced();
  harness.settle();
  assertEquals(harness.follower.status(), { position: 107, lag: 0, isBuilding: false, problem: undefined });
  assertEquals([harness.writers.length, harness.events, harness.counted], [1, [], [107, 107]]);
});

Deno.test("ArchiveFollower.advanced() posts one small message in 250 ms, and none while nothing is new", () => {
  const harness = harnessWith(10);
  harness.settle();
  harness.pass(1_000);
  assertEquals(harness.worker.tasks, []);
  for (let i = 0; i < 1_000; i++) harness.follower.advanced();
  harness.pass(249);
  assertEquals(harness.worker.tasks, []);
  commit(harness, 5);
  harness.pass(1);
  const { log, history } = harness.log.open;
  const durable = { segment: log.segment, bytes: log.bytes, position: history.end.position };
  assertEquals(harness.worker.tasks, [{ type: "durable", durable, pace: "part", isAwaited: false }]);
  harness.pass(1_000);
  assertEquals(harness.worker.tasks.length, 1);
});

Deno.test("ArchiveFollower hears of entries that became durable while its writer was starting", () => {
  const harness = harnessWith(10);
  harness.follower.tick();
  commit(harness, 5);
  harness.follower.advanced();
  harness.work();
  commit(harness, 5);
  harness.follower.advanced();
  harness.pass(250);
  harness.work();
  assertEquals(harness.follower.status().lag, 0);
});

Deno.test("ArchiveFollower counts as building while it is far behind, and says so with its duration", () => {
  const harness = harnessWith(30_000);
  harness.follower.tick();
  harness.work(3);
  const { isBuilding, position, lag } = harness.follower.status();
  assertEquals([isBuilding, position + lag, position > 0], [true, 30_000, true]);
  harness.search();
  assertEquals(harness.outcomes, [{ problem: "building", retryAfterSeconds: 5 }]);
  harness.nowMs += 900;
  harness.work();
  assertEquals(harness.follower.status(), {
    position: 30_000,
    lag: 0,
    isBuilding: false,
    problem: undefined,
  });
  assertEquals(harness.events, ["archiveBuilding", "archiveBuilt"]);
  assertEquals(harness.lines[1]?.fields, { entries: 30_000, durationMs: 900 });
});

Deno.test("ArchiveFollower goes on with the archive of an earlier run, and builds one of another log anew", () => {
  const harness = harnessWith(100);
  harness.archive.fold(harness.log.entries.slice(0, 60), 60);
  harness.settle();
  assertEquals(stamps(harness.archive.entries), stamps(harness.log.entries));
  assertEquals(harness.archive.transactions, [60, 40]);
  for (const foreign of [harness.log.entries.toSpliced(7, 1), messageEntries(1, 101)]) {
    const other = harnessWith(100);
    other.archive.fold(foreign.map((entry) => ({ ...entry })), foreign.length);
    other.follower.tick();
    other.work();
    assertEquals(other.events, ["archiveFailed"]);
    assertStringIncludes(String(other.lines[0]?.fields["wayOut"]), "built anew from the log");
    other.settle();
    assertEquals(other.archive.entries, other.log.entries);
    assertEquals([other.writers[0]?.worker.isTerminated, other.events], [true, [
      "archiveFailed",
      "archiveFollows",
    ]]);
  }
});

Deno.test("ArchiveFollower makes an archive anew that a start has found damaged", () => {
  const harness = new FollowerHarness(0, "a checksum does not fit");
  assertEquals([harness.removed.length, harness.events], [1, ["archiveFailed"]]);
  assertEquals(harness.follower.status().problem, "a checksum does not fit");
  commit(harness, 20);
  harness.settle();
  assertEquals(harness.follower.status(), { position: 20, lag: 0, isBuilding: false, problem: undefined });
  assertEquals(harness.events, ["archiveFailed", "archiveFollows"]);
});

Deno.test("ArchiveFollower says a problem once, and tries again at longer and longer intervals", () => {
  const harness = harnessWith(10);
  const startsAtMs: number[] = [];
  for (; harness.nowMs < 400_000; harness.pass(1_000)) {
    const before = harness.writers.length;
    harness.archive.error = new Error("unable to open database file");
    harness.follower.tick();
    harness.work();
    if (harness.writers.length > before) startsAtMs.push(harness.nowMs);
  }
  assertEquals(startsAtMs, [0, 10_000, 30_000, 70_000, 150_000, 310_000]);
  assertEquals(harness.events, ["archiveFailed"]);
  assertEquals(harness.follower.status().problem, "unable to open database file");
  harness.archive.error = undefined;
  harness.pass(600_000);
  harness.settle();
  assertEquals(harness.events, ["archiveFailed", "archiveFollows"]);
  assertEquals(harness.follower.status(), { position: 10, lag: 0, isBuilding: false, problem: undefined });
});

Deno.test("ArchiveFollower starts another writer for one that has died, and none without a descriptor", () => {
  const harness = harnessWith(10);
  harness.settle();
  harness.worker.die("out of memory");
  assertStringIncludes(harness.follower.status().problem ?? "", "its thread has ended: out of memory");
  harness.pass(10_000);
  harness.mayStart = false;
  harness.settle();
  assertEquals(harness.writers.length, 1);
  harness.mayStart = true;
  harness.settle();
  assertEquals([harness.writers.length, harness.follower.status().problem], [2, undefined]);
});

Deno.test("ArchiveFollower writes nothing while the disk is full, and leaves the room to the log", () => {
  const harness = harnessWith(10);
  harness.settle();
  harness.disk.isFull = true;
  harness.follower.setReadOnly(true);
  commit(harness, 1);
  harness.follower.advanced();
  harness.settle();
  assertEquals([harness.follower.status().lag, harness.archive.isOpen], [1, true]);
  harness.disk.isFull = false;
  harness.follower.setReadOnly(false);
  harness.settle();
  assertEquals([harness.follower.status().lag, harness.events], [0, []]);
});

Deno.test("ArchiveFollower removes an archive that is not complete at once when the disk is full", () => {
  const harness = harnessWith(30_000);
  harness.follower.tick();
  harness.work(2);
  assertEquals(harness.archive.entries.length > 0, true);
  harness.disk.isFull = true;
  harness.follower.setReadOnly(true);
  assertEquals(harness.follower.status().problem, "the disk is full");
  assertEquals(harness.archive.entries, []);
  harness.pass(60_000);
  harness.settle();
  assertEquals(harness.writers.length, 1);
  harness.disk.isFull = false;
  harness.settle();
  assertEquals(harness.archive.entries, harness.log.entries);
});

Deno.test("ArchiveFollower starts no writer while the files of an archive are being removed", () => {
  const harness = harnessWith(10);
  harness.archive.fold(messageEntries(1, 20), 20);
  harness.isRemovalHeld = true;
  harness.settle();
  assertEquals([harness.events, harness.removed.length], [["archiveFailed"], 1]);
  harness.settle();
  assertEquals(harness.writers.length, 1);
  harness.removed[0]?.();
  harness.settle();
  assertEquals([harness.writers.length, harness.archive.entries], [2, harness.log.entries]);
});

Deno.test("ArchiveFollower tells its writer of segments that were replaced, and of a pass", () => {
  const harness = harnessWith(2_000);
  harness.settle();
  harness.follower.replaced(1);
  harness.follower.compact(0);
  assertEquals(harness.worker.tasks.map(({ type }) => type), ["replaced", "durable", "compact"]);
  harness.work();
  assertEquals(harness.archive.compacted, 1);
});

Deno.test("ArchiveFollower has deleted content removed after a pass that ended while it had no writer", () => {
  const harness = harnessWith(10);
  harness.follower.compact(0);
  harness.settle();
  assertEquals(harness.archive.compacted, 1);
  harness.archive.toCompact = 9;
  harness.follower.compact(0);
  harness.work(3);
  harness.worker.die("planted");
  const { compacted } = harness.archive;
  harness.pass(10_000);
  harness.settle();
  assertEquals([compacted < 9, harness.archive.toCompact], [true, 0]);
  harness.worker.die("planted");
  harness.pass(20_000);
  harness.settle();
  assertEquals(harness.archive.compacted, 10);
});

Deno.test("ArchiveFollower.stop() lets the writer close the archive, and waits for it half a second at most", async () => {
  const harness = harnessWith(10);
  harness.settle();
  const stopped = harness.follower.stop();
  harness.work();
  await stopped;
  assertEquals([harness.archive.isOpen, harness.worker.isTerminated], [false, true]);
  harness.follower.tick();
  assertEquals(harness.writers.length, 1);

  const stuck = harnessWith(10);
  stuck.settle();
  const late = stuck.follower.stop();
  stuck.pass(500);
  await late;
  assertEquals([stuck.archive.isOpen, stuck.worker.isTerminated], [true, true]);

  await harnessWith(10).follower.stop();
});

Deno.test("ArchiveFollower gives up a writer that says nothing for 30 s while it has work, and starts another", () => {
  const harness = harnessWith(10);
  harness.settle();
  commit(harness, 5);
  // Its thread is blocked.
  for (let second = 0; second < 30; second++) {
    harness.follower.tick();
    harness.pass(1_000);
  }
  assertEquals([harness.worker.isTerminated, harness.events], [true, ["archiveFailed"]]);
  assertStringIncludes(
    harness.follower.status().problem ?? "",
    "has not been written for 30 s: the disk hangs",
  );
  harness.search();
  assertEquals(harness.outcomes, [{ problem: "unusable", retryAfterSeconds: 10 }]);
  harness.pass(10_000);
  harness.settle();
  assertEquals([harness.writers.length, harness.events], [2, ["archiveFailed", "archiveFollows"]]);
});

Deno.test("ArchiveFollower lets a writer take its time that gives a sign of life, or has nothing to do", () => {
  const harness = harnessWith(10);
  harness.settle();
  for (let second = 0; second < 60; second++) {
    harness.follower.tick();
    harness.pass(1_000);
  }
  assertEquals(harness.worker.tasks, []);
  commit(harness, 5);
  for (let second = 0; second < 100; second++) {
    harness.follower.tick();
    harness.pass(1_000);
    if (second % 20 === 19) harness.worker.report({ type: "alive" });
  }
  assertEquals([harness.worker.isTerminated, harness.events], [false, []]);
});
