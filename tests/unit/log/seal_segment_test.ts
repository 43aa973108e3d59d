import { assertEquals, assertGreater } from "@std/assert";
import { segmentPath } from "../../../server/log/segments.ts";
import { verifyLog } from "../../../server/log/verify_log.ts";
import { encoded } from "../../testing/encoded_entries.ts";
import { LogHarness, messageEntries } from "./log_harness.ts";

/** Types of the lines of a segment. */
function typesIn(harness: LogHarness, segment: number): string[] {
  const text = new TextDecoder().decode(harness.files.bytesOf(segmentPath(segment)));
  return text.trimEnd().split("\n").map((line) => (JSON.parse(line) as { type: string }).type);
}

Deno.test("sealSegment() begins a new segment with a mark if nothing else is to be written", () => {
  const harness = new LogHarness();
  const { log } = harness.write([messageEntries(1, 2)]);
  const before = harness.files.bytesOf(segmentPath(1));
  let sealed = 0;
  log.sealSegment(() => sealed++);
  harness.files.settle();
  assertEquals([sealed, log.segment, harness.synced], [1, 2, 1]);
  assertEquals(typesIn(harness, 2), ["segmentOpened", "idle"]);
  harness.timers.advance(10_000);
  harness.files.settle();
  assertEquals(typesIn(harness, 2).length, 2, "no other mark follows");
  assertEquals(harness.files.bytesOf(segmentPath(1)), before);
  harness.files.crash({ page: () => "lost", name: () => false, cut: () => true });
  assertEquals([harness.open().minted, harness.replayed.length], [false, 2]);
});

Deno.test("sealSegment() waits for the batch under way, and begins with the entries that wait", () => {
  const harness = new LogHarness();
  const { log } = harness.write([messageEntries(1, 2)]);
  harness.timers.advance(1_000);
  let sealed = 0;
  log.sealSegment(() => sealed++);
  log.commit(encoded(messageEntries(3, 1)));
  assertEquals([sealed, log.segment], [0, 1]);
  harness.files.settle();
  assertEquals([sealed, log.segment], [1, 2]);
  assertEquals(typesIn(harness, 1).at(-1), "idle");
  assertEquals(typesIn(harness, 2), ["segmentOpened", "messageSent"]);
  assertEquals(verifyLog(harness.files).damage, undefined);
});

Deno.test("sealSegment() gives way to a stop, and does nothing after a fault", () => {
  const stopped = new LogHarness();
  const open = stopped.write([messageEntries(1, 2)]);
  stopped.timers.advance(1_000);
  open.log.sealSegment(() => {
    throw new Error("sealed");
  });
  stopped.close(open);
  assertEquals(stopped.files.list("log"), ["00000001.jsonl"]);
  assertEquals([stopped.open().minted, stopped.replayed.length], [false, 2]);
  const failed = new LogHarness();
  const { log } = failed.write([messageEntries(1, 2)]);
  log.fail(new Error("a disk fails"));
  log.sealSegment(() => {
    throw new Error("sealed");
  });
  failed.files.settle();
  assertEquals(failed.files.list("log"), ["00000001.jsonl"]);
});

Deno.test("a segment that was sealed without room for the mark is followed by the next entries", () => {
  const before = new LogHarness();
  before.write([messageEntries(1, 2)]);
  const used = before.files.bytesOf(segmentPath(1)).length;
  let cases = 0;
  for (let room = 0; room < 300; room += 20) {
    for (const isKilled of [false, true]) {
      const harness = new LogHarness();
      const { log } = harness.write([messageEntries(1, 2)]);
      harness.files.capacityBytes = used + room;
      let sealed = 0;
      log.sealSegment(() => sealed++);
      harness.files.settle();
      assertEquals([sealed, log.segment, harness.faults.length], [1, 2, 0]);
      harness.files.capacityBytes = Infinity;
      if (isKilled) {
        harness.files.kill();
        assertEquals(harness.open().minted, false);
      } else {
        log.commit(encoded(messageEntries(3, 1)));
        harness.files.settle();
      }
      assertEquals(verifyLog(harness.files).damage, undefined);
      cases++;
    }
  }
  assertGreater(cases, 20);
});

Deno.test("sealSegment() leaves a log that recovers, whatever a crash takes", () => {
  for (const page of ["lost", "zeroed", "kept"] as const) {
    for (const isNamed of [false, true]) {
      const harness = new LogHarness();
      const { log } = harness.write([messageEntries(1, 2)]);
      log.sealSegment();
      harness.files.crash({ page: () => page, name: () => isNamed, cut: () => true });
      harness.open();
      assertEquals(harness.replayed.length, 2);
      assertEquals(verifyLog(harness.files).damage, undefined);
    }
  }
});
