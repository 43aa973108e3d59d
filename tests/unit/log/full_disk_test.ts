import { assertEquals } from "@std/assert";
import { isDiskFull } from "../../../server/log/log_errors.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import type { EntryLog } from "../../../server/ports/node.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { LogHarness, messageEntries } from "./log_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";

const RESERVE = 4_096;

const SEGMENT = segmentPath(1);

/** Commits until the disk is full; returns the sequence number of the last entry. */
function fillDisk(
  harness: LogHarness,
  log: EntryLog,
  from: number,
): number {
  let seq = from;
  while (!log.readOnly && harness.faults.length === 0) {
    log.commit(encoded(messageEntries(seq + 1, 3)));
    seq += 3;
    harness.files.settle();
  }
  return seq;
}

Deno.test("a full disk ends no turn half way, makes the node read-only, and is over when there is room", () => {
  const harness = new LogHarness({ reserveBytes: RESERVE }, new MemoryFiles({ capacityBytes: 12_000 }));
  const { log } = harness.open();
  harness.files.settle();
  let seq = 0;
  const cycles = 20;
  for (let cycle = 1; cycle <= cycles; cycle++) {
    seq = fillDisk(harness, log, seq);
    assertEquals([log.readOnly, harness.synced * 3, harness.faults.length], [true, seq, 0]);
    harness.timers.advance(5_000);
    harness.files.settle();
    assertEquals(log.readOnly, true, "there is still no room");
    harness.files.capacityBytes += 10_000;
    harness.timers.advance(5_000);
    harness.files.settle();
    assertEquals(log.readOnly, false);
  }
  assertEquals(harness.readOnlyChanges, Array.from({ length: cycles * 2 }, (_, index) => index % 2 === 0));
  assertEquals(harness.events, Array.from({ length: cycles }, () => ["diskFull", "diskFree"]).flat());
  harness.files.crash({ page: () => "lost", name: () => false, cut: () => true });
  harness.files.capacityBytes = Infinity;
  harness.open();
  assertEquals(harness.replayed.length, seq);
  console.log(`commit(): ${cycles} times full and free again, ${seq} entries`);
});

Deno.test("a full disk is a fault without a reserve, and where the reserve is not enough", () => {
  for (const reserveBytes of [0, 100]) {
    const harness = new LogHarness({ reserveBytes }, new MemoryFiles({ capacityBytes: 5_000 }));
    const { log } = harness.open();
    harness.files.settle();
    let sent = 0;
    while (harness.faults.length === 0) {
      log.commit(encoded(messageEntries(sent + 1, 3)));
      sent += 3;
      harness.files.settle();
    }
    assertEquals(harness.synced * 3, sent - 3);
    harness.files.capacityBytes = Infinity;
    harness.files.kill();
    assertEquals(harness.open().minted, true);
    assertEquals(harness.replayed.length, sent - 3);
  }
});

Deno.test("a disk that is full while the reserve is being made is waited for", () => {
  const harness = new LogHarness({ reserveBytes: 50_000 }, new MemoryFiles({ capacityBytes: 6_000 }));
  const { log } = harness.open();
  assertEquals(log.readOnly, false);
  log.commit(encoded(messageEntries(1, 3)));
  harness.files.settle();
  assertEquals([harness.synced, log.readOnly, harness.faults.length], [1, true, 0]);
  harness.files.capacityBytes = 100_000;
  harness.timers.advance(5_000);
  harness.files.settle();
  assertEquals([log.readOnly, harness.files.size("reserve")], [false, 50_000]);
});

Deno.test("the log is read-only from the start where there is no room for the reserve", () => {
  const harness = new LogHarness({ reserveBytes: 50_000 }, new MemoryFiles({ capacityBytes: 6_000 }));
  const { log } = harness.open();
  harness.files.settle();
  assertEquals([log.readOnly, harness.readOnlyChanges], [true, [true]]);
});

Deno.test("an idle mark for which there is no room is taken back", () => {
  const harness = new LogHarness();
  const { log } = harness.open();
  log.commit(encoded(messageEntries(1, 1)));
  harness.files.settle();
  const before = harness.files.bytesOf(SEGMENT);
  harness.files.capacityBytes = before.length + 10;
  harness.timers.advance(1_000);
  harness.files.settle();
  assertEquals(harness.files.bytesOf(SEGMENT), before);
  assertEquals(harness.faults.length, 0);
  harness.files.capacityBytes = Infinity;
  log.commit(encoded(messageEntries(2, 1)));
  harness.files.settle();
  harness.files.kill();
  assertEquals(harness.open().minted, false);
  assertEquals(harness.replayed.map(({ seq }) => seq), [1, 2]);
});

Deno.test("nothing is written in the place of a mark before the disk has forgotten the mark", () => {
  const harness = new LogHarness();
  const { log } = harness.write([messageEntries(1, 1)]);
  harness.files.capacityBytes = harness.files.bytesOf(SEGMENT).length + 10;
  harness.files.fail("sync", 1);
  harness.timers.advance(1_000);
  log.commit(encoded(messageEntries(2, 1)));
  harness.files.capacityBytes = Infinity;
  harness.files.settle();
  assertEquals([harness.synced, harness.faults.length], [1, 1]);
  harness.files.kill();
  assertEquals(harness.open().minted, false);
  assertEquals(harness.replayed.map(({ seq }) => seq), [1]);
});

Deno.test("close() on a full disk ends without the mark, and loses nothing", () => {
  const harness = new LogHarness();
  const open = harness.write([messageEntries(1, 2)]);
  harness.files.capacityBytes = harness.files.bytesOf(SEGMENT).length + 20;
  harness.close(open);
  assertEquals(harness.events, ["logNotClosed"]);
  harness.files.capacityBytes = Infinity;
  assertEquals(harness.open().minted, false);
  assertEquals(harness.replayed.map(({ seq }) => seq), [1, 2]);
});

Deno.test("a spent quota and a file at its size limit are a full disk", () => {
  for (const code of ["ENOSPC", "EDQUOT", "EFBIG"]) {
    for (const writeBytesMax of [Infinity, 100]) {
      const harness = new LogHarness({ reserveBytes: RESERVE }, new MemoryFiles({ writeBytesMax }));
      const { log } = harness.open();
      harness.files.settle();
      harness.files.fail("append", 2, 1, code);
      for (const seq of [1, 4]) {
        log.commit(encoded(messageEntries(seq, 3)));
        harness.files.settle();
      }
      assertEquals([harness.synced, harness.faults.length, log.readOnly, log.segment], [
        2,
        0,
        true,
        code === "EFBIG" ? 2 : 1,
      ]);
      harness.timers.advance(5_000);
      harness.files.settle();
      assertEquals(log.readOnly, false);
      harness.files.kill();
      assertEquals(harness.open().minted, false);
      assertEquals(harness.replayed.map(({ seq }) => seq), [1, 2, 3, 4, 5, 6]);
    }
  }
});

Deno.test("isDiskFull() knows the errors of the system, of which the runtime names only one", () => {
  const isLinux = Deno.build.os === "linux";
  const full = [
    Object.assign(new Error("x"), { code: "ENOSPC" }),
    ...(isLinux
      ? [new Error("File too large (os error 27)"), new Error("Disk quota exceeded (os error 122)")]
      : []),
  ];
  for (const error of full) assertEquals(isDiskFull(error), true, error.message);
  const others = [
    new Error("Input/output error (os error 5)"),
    Object.assign(new Error("(os error 27)"), { code: "EIO" }),
  ];
  for (const error of [...others, "ENOSPC", undefined]) assertEquals(isDiskFull(error), false);
});
