import { assert, assertEquals } from "@std/assert";
import { messageEntries } from "../log/log_harness.ts";
import { FollowerHarness } from "./follower_harness.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A follower whose archive has come up with its log. */
function following(loaded = 0): FollowerHarness {
  const harness = new FollowerHarness(loaded);
  harness.log.commit(messageEntries(1, 1));
  harness.settle();
  return harness;
}

function passAndTick(harness: FollowerHarness, ms: number): void {
  harness.pass(ms);
  harness.follower.tick();
}

Deno.test("ArchiveFollower checks its archive a minute after it follows, and a day after the last check", () => {
  const harness = following();
  passAndTick(harness, 1_000);
  passAndTick(harness, MINUTE_MS - 2_000);
  assertEquals(harness.checkers.length, 0);
  passAndTick(harness, 2_000);
  assertEquals(harness.checkers.map(({ tasks }) => tasks), [[{ data: "data" }]]);
  passAndTick(harness, DAY_MS);
  assertEquals(harness.checkers.length, 1, "one at a time");
  harness.checkers[0]?.report({ type: "checked", messages: 7 });
  assert(harness.checkers[0]?.isTerminated);
  assertEquals(harness.lines.at(-1), {
    event: "archiveChecked",
    fields: { messages: 7, durationMs: DAY_MS },
  });
  passAndTick(harness, DAY_MS - 1);
  assertEquals(harness.checkers.length, 1);
  passAndTick(harness, 1);
  assertEquals(harness.checkers.length, 2);
});

Deno.test("ArchiveFollower makes an archive anew in which a check has found damage, and checks that one", () => {
  const harness = following();
  passAndTick(harness, 1_000);
  passAndTick(harness, MINUTE_MS);
  harness.checkers[0]?.report({ type: "failed", problem: "an index lacks it", remedy: "rebuild" });
  assertEquals(harness.follower.status().problem, "an index lacks it");
  assertEquals([harness.removed.length, harness.events.at(-1)], [1, "archiveFailed"]);
  harness.settle();
  assertEquals(harness.follower.status().problem, undefined);
  passAndTick(harness, 1_000);
  passAndTick(harness, MINUTE_MS);
  assertEquals(harness.checkers.map(({ isTerminated }) => isTerminated), [true, false]);
  harness.checkers[0]?.report({ type: "failed", problem: "late", remedy: "rebuild" });
  assertEquals(harness.removed.length, 1, "the report of a checker that was let go");
});

Deno.test("ArchiveFollower says that memory may lack something if it was loaded from a damaged archive", () => {
  const first = following(1);
  passAndTick(first, 1_000);
  passAndTick(first, MINUTE_MS);
  first.checkers[0]?.report({ type: "checked", messages: 1 });
  passAndTick(first, DAY_MS);
  first.checkers[1]?.report({ type: "failed", problem: "damaged since", remedy: "rebuild" });
  assertEquals(first.events.includes("memoryMayLack"), false);
  assertEquals("memoryMayLack" in first.follower.status(), false);
  const second = following(1);
  passAndTick(second, 1_000);
  passAndTick(second, MINUTE_MS);
  second.checkers[0]?.report({ type: "failed", problem: "damaged", remedy: "rebuild" });
  assertEquals(second.events.slice(-2), ["archiveFailed", "memoryMayLack"]);
  assertEquals(second.follower.status().memoryMayLack, true);
  second.settle();
  assertEquals([second.follower.status().problem, second.follower.status().memoryMayLack], [undefined, true]);
});

Deno.test("ArchiveFollower goes on if its archive cannot be checked, and tries again in a day", () => {
  const harness = following();
  passAndTick(harness, 1_000);
  passAndTick(harness, MINUTE_MS);
  harness.checkers[0]?.report({ type: "failed", problem: "too many open files", remedy: "wait" });
  assertEquals([harness.removed.length, harness.follower.status().problem], [0, undefined]);
  assertEquals(harness.events.at(-1), "archiveNotChecked");
  passAndTick(harness, DAY_MS);
  harness.checkers[1]?.die("out of memory");
  assertEquals([harness.checkers.length, harness.events.at(-1)], [2, "archiveNotChecked"]);
});
