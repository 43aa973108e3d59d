import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import type { Entry } from "../../../server/core/entry.ts";
import { isEntry } from "../../../server/log/log_record.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import { showLog, verifyLog } from "../../../server/log/verify_log.ts";
import { type CrashChoices, MemoryFiles, type Operation } from "../../testing/memory_files.ts";
import { LogHarness, messageEntries, messageEntry } from "./log_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";

const SEGMENT = segmentPath(1);

function seqs(entries: readonly Entry[]): number[] {
  return entries.map(({ seq }) => seq);
}

function textOf(harness: LogHarness, path = SEGMENT): string {
  return new TextDecoder().decode(harness.files.bytesOf(path));
}

function types(harness: LogHarness, path = SEGMENT): string[] {
  const lines = textOf(harness, path).split("\n").filter((line) => line !== "");
  return lines.map((line) => (JSON.parse(line) as { type: string }).type);
}

Deno.test("commit() calls onSynced when the batch is on the disk, not before", () => {
  const harness = new LogHarness();
  const { log } = harness.open();
  log.commit(encoded(messageEntries(1, 2)));
  assertEquals(harness.synced, 0);
  harness.files.settle();
  assertEquals(harness.synced, 1);
  harness.files.crash({ page: () => "lost", name: () => false, cut: () => false });
  harness.open();
  assertEquals(seqs(harness.replayed), [1, 2]);
});

Deno.test("commit() allows one batch at a time, and none that is empty", () => {
  const { log } = new LogHarness().open();
  assertThrows(() => log.commit([]), Error, "at least one entry");
  log.commit(encoded(messageEntries(1, 1)));
  assertThrows(() => log.commit(encoded(messageEntries(2, 1))), Error, "one commit at a time");
});

Deno.test("commit() may be called from onSynced", () => {
  const harness = new LogHarness();
  let seq = 1;
  const { log } = harness.open({ onSynced: () => seq < 10 && log.commit(encoded([messageEntry(++seq)])) });
  log.commit(encoded([messageEntry(seq)]));
  harness.files.settle();
  harness.open();
  assertEquals(seqs(harness.replayed), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

Deno.test("commit() writes members in their order, batch, left, prev and crc last", () => {
  const harness = new LogHarness();
  harness.write([messageEntries(1, 2)]);
  const lines = textOf(harness).split("\n");
  const members = lines.slice(0, 4).map((line) => Object.keys(JSON.parse(line) as object).join());
  assertEquals(members, [
    "type,format,node,segment,batch,left,prev,crc",
    "type,origin,version,timeMs,batch,left,prev,crc",
    "origin,seq,stamp,type,id,from,to,content,batch,left,prev,crc",
    "origin,seq,stamp,type,id,from,to,content,batch,left,prev,crc",
  ]);
  const places = lines.slice(0, 4).map((line) => JSON.parse(line) as { batch: number; left: number });
  assertEquals(places.map(({ batch, left }) => [batch, left]), [[1, 1], [1, 0], [2, 1], [2, 0]]);
});

Deno.test("commit() survives a disk that takes few bytes at once", () => {
  const harness = new LogHarness({}, new MemoryFiles({ writeBytesMax: 7 }));
  harness.close(harness.write([messageEntries(1, 5), messageEntries(6, 5)]));
  harness.open();
  assertEquals(seqs(harness.replayed), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

Deno.test("commit() begins a new segment when one is full, with a synced name", () => {
  const harness = new LogHarness({ segmentBytes: 2_000 });
  harness.write(Array.from({ length: 20 }, (_, index) => messageEntries(index * 3 + 1, 3)));
  const segments = harness.files.list("log");
  assertGreater(segments.length, 5);
  for (const name of segments) assertEquals(types(harness, `log/${name}`).indexOf("segmentOpened"), 0);
  harness.files.crash({ page: () => "lost", name: () => false, cut: () => false });
  harness.open();
  assertEquals(harness.replayed.length, 60);
  console.log(`commit(): ${segments.length} segments`);
});

Deno.test("the log marks a second of idleness once, and only behind entries", () => {
  const harness = new LogHarness();
  const { log } = harness.open();
  harness.timers.advance(5_000);
  harness.files.settle();
  assertEquals(types(harness).includes("idle"), false);
  log.commit(encoded(messageEntries(1, 1)));
  harness.files.settle();
  for (let second = 0; second < 5; second++) {
    harness.timers.advance(1_000);
    harness.files.settle();
  }
  assertEquals(types(harness).filter((type) => type === "idle").length, 1);
  harness.timers.advance(1_000);
  log.commit(encoded(messageEntries(2, 1)));
  harness.files.settle();
  harness.timers.advance(1_000);
  log.commit(encoded(messageEntries(3, 1)));
  harness.files.settle();
  assertEquals(harness.synced, 3);
  assertEquals(types(harness).slice(2), ["messageSent", "idle", "messageSent", "idle", "messageSent"]);
});

Deno.test("close() waits for what is being committed, and leaves a log that opens as it was", () => {
  const harness = new LogHarness();
  const { log } = harness.open();
  log.commit(encoded(messageEntries(1, 2)));
  let closed = 0;
  log.close(() => closed++);
  assertEquals(closed, 0);
  harness.files.settle();
  assertEquals([closed, harness.synced], [1, 1]);
  assertEquals(types(harness).at(-1), "nodeStopped");
  assertEquals(verifyLog(harness.files).clean, "clean");
  harness.open();
  assertEquals(harness.files.size("clean"), undefined);
});

const LOST: CrashChoices = { page: () => "lost", name: () => false, cut: () => true };
const KEPT: CrashChoices = { page: () => "kept", name: () => true, cut: () => true };

/** Writes until the first fault; returns the number of entries that were reported synced. */
function writeUntilFault(harness: LogHarness): number {
  let acknowledged = 0;
  let sent = 0;
  try {
    const { log } = harness.open({ onSynced: () => acknowledged = sent });
    for (let batch = 0; batch < 12 && harness.faults.length === 0; batch++) {
      const entries = messageEntries(sent + 1, 3);
      sent += 3;
      log.commit(encoded(entries));
      harness.files.settle();
      if (batch % 4 === 3) harness.timers.advance(1_000);
      harness.files.settle();
    }
    const before = acknowledged;
    if (harness.faults.length > 0) {
      log.commit(encoded(messageEntries(9_000, 1)));
      harness.files.settle();
    } else {
      log.close(() => {});
      harness.files.settle();
    }
    assertEquals(acknowledged, before);
  } catch (error) {
    if (!(error as Error).message.startsWith("EIO")) throw error;
  }
  return acknowledged;
}

Deno.test("nothing that was reported synced is lost if any write, sync or name fails, once or for ever", () => {
  let cases = 0;
  let faults = 0;
  for (const operation of ["append", "sync", "syncFolder", "rename", "truncate", "remove"] as Operation[]) {
    for (let nth = 1; nth <= 40; nth++) {
      for (const times of [1, Infinity]) {
        for (const crash of [LOST, KEPT, undefined]) {
          const harness = new LogHarness({ segmentBytes: 2_500 });
          harness.files.fail(operation, nth, times);
          const acknowledged = writeUntilFault(harness);
          faults += harness.faults.length;
          assertEquals(harness.faults.length <= 1, true, "onFault is called once");
          harness.files.heal();
          if (crash === undefined) harness.files.kill();
          else harness.files.crash(crash);
          harness.open();
          assertEquals(
            seqs(harness.replayed).slice(0, acknowledged),
            Array.from({ length: acknowledged }, (_, i) => i + 1),
          );
          assertEquals(
            harness.replayed.some(({ seq }) => seq >= 9_000),
            false,
            "nothing is written after a fault",
          );
          cases++;
        }
      }
    }
  }
  console.log(`commit(): ${cases} runs with a failure, of which ${faults} ended in a fault`);
  assertEquals(cases, 1_440);
  assertGreater(faults, 200);
});

Deno.test("showLog() hands out entries up to a torn end", () => {
  const harness = new LogHarness();
  const { log } = harness.write([messageEntries(1, 3), messageEntries(4, 3)]);
  log.commit(encoded(messageEntries(7, 30)));
  harness.files.crash({ page: (_, page) => page === 0 ? "kept" : "lost", name: () => true, cut: () => true });
  const shown: number[] = [];
  showLog(harness.files, ({ record }) => isEntry(record) && shown.push(record.seq));
  assertEquals(shown, [1, 2, 3, 4, 5, 6]);
  const report = verifyLog(harness.files);
  assertEquals([report.segments, report.batches, report.entries, report.lines], [1, 3, 6, 8]);
  assertEquals([report.damage?.proof, report.damage?.line], [undefined, 19]);
});
