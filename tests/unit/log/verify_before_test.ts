import { assertEquals, assertGreater, assertStringIncludes, assertThrows } from "@std/assert";
import { LogDamaged } from "../../../server/log/log_errors.ts";
import { LogFollower } from "../../../server/log/log_follower.ts";
import { atOnce } from "../../../server/log/log_slices.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import { verifyBefore } from "../../../server/log/verify_log.ts";
import type { SegmentBeginning } from "../../../server/ports/history.ts";
import { FIRST, HistoryHarness } from "./history_harness.ts";
import { messageEntries } from "./log_harness.ts";

function longLog(): HistoryHarness {
  const harness = new HistoryHarness({ segmentBytes: 1_500 });
  for (let seq = 1; seq <= 60; seq += 3) harness.commit(messageEntries(seq, 3));
  return harness;
}

function beginningsOf({ files, open: { log, history } }: HistoryHarness): readonly SegmentBeginning[] {
  const follower = new LogFollower(files, FIRST);
  const durable = { segment: log.segment, bytes: log.bytes, position: history.end.position };
  while (follower.next(durable, 100).length > 0);
  follower.close();
  return follower.takeBeginnings();
}

Deno.test("verifyBefore() passes a whole log, also one that is compacted meanwhile", () => {
  const harness = longLog();
  const beginnings = beginningsOf(harness);
  for (const beginning of beginnings) atOnce(verifyBefore(harness.files, beginning));
  const last = beginnings.at(-1) ?? FIRST;
  for (let segment = 1; segment < last.segment; segment++) {
    const slices = verifyBefore(harness.files, last);
    for (let i = 0; i < segment; i++) slices.next();
    harness.beginCompaction(segment, ({ seq }) => seq % 3 === 0);
    harness.settle();
    for (const _ of slices);
  }
  console.log(`${beginnings.length} beginnings, ${last.segment - 1} segments compacted`);
  assertGreater(beginnings.length, 5);
});

Deno.test("verifyBefore() finds every flipped bit of the older segments, and none behind them", () => {
  const harness = longLog();
  const beginning = beginningsOf(harness)[3] ?? FIRST;
  let found = 0;
  for (let segment = 1; segment < beginning.segment; segment++) {
    const path = segmentPath(segment);
    const bytes = harness.files.size(path) ?? 0;
    for (let at = segment; at < bytes; at += 17) {
      const flip = (): void => harness.files.corrupt(path, (all) => all[at] = (all[at] ?? 0) ^ 1 << at % 8);
      flip();
      const { damage } = assertThrows(() => atOnce(verifyBefore(harness.files, beginning)), LogDamaged);
      assertEquals(damage.file, path);
      assertEquals(damage.proof === undefined, false);
      flip();
      found++;
    }
  }
  harness.files.corrupt(segmentPath(beginning.segment), (all) => all[40] = 7);
  atOnce(verifyBefore(harness.files, beginning));
  console.log(`${found} flipped bits were found`);
});

Deno.test("verifyBefore() refuses a segment that is missing, one without its end, and another fold", () => {
  const harness = longLog();
  const [, , , beginning = FIRST] = beginningsOf(harness);
  const path = segmentPath(3);
  const whole = harness.files.bytesOf(path);
  const lines = new TextDecoder().decode(whole).trimEnd().split("\n");
  const shorter = new TextEncoder().encode(lines.slice(0, -3).join("\n") + "\n");
  harness.files.put(path, shorter);
  assertThrows(() => atOnce(verifyBefore(harness.files, beginning)), LogDamaged, "its end is missing");
  harness.files.remove(path);
  assertThrows(() => atOnce(verifyBefore(harness.files, beginning)), LogDamaged, "missing or empty");
  harness.files.put(path, whole);
  for (
    const other of [
      { ...beginning, position: beginning.position + 1 },
      { ...beginning, version: new Map([...beginning.version, ["node7#a", { seq: 1, stamp: 1 }]]) },
    ]
  ) {
    const { message } = assertThrows(() => atOnce(verifyBefore(harness.files, other)), Error);
    assertStringIncludes(message, "remove the folder archive");
  }
  atOnce(verifyBefore(harness.files, beginning));
});
