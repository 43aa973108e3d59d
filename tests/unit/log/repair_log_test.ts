import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import { LogDamaged, LogRefused } from "../../../server/log/log_errors.ts";
import { planRepair, repairLog, type RepairReport } from "../../../server/log/repair_log.ts";
import { showLog, verifyLog } from "../../../server/log/verify_log.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { LogHarness, messageEntries } from "./log_harness.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { encoded } from "../../testing/encoded_entries.ts";

/** A log of sixty entries in several segments, shut down in order. */
function sample(): LogHarness {
  const harness = new LogHarness({ segmentBytes: 3_000 });
  harness.close(harness.write(Array.from({ length: 20 }, (_, index) => messageEntries(index * 3 + 1, 3))));
  return harness;
}

function copyOf(files: MemoryFiles): MemoryFiles {
  const copy = new MemoryFiles();
  for (const name of files.list("log")) copy.put(`log/${name}`, files.bytesOf(`log/${name}`));
  if (files.size("clean") !== undefined) copy.put("clean", files.bytesOf("clean"));
  return copy;
}

function repair(harness: LogHarness): RepairReport {
  return repairLog(harness.files, 5, "node1");
}

Deno.test("repairLog() changes nothing about a log that is whole", () => {
  const harness = sample();
  const before = harness.files.bytesOf("log/00000002.jsonl");
  assertEquals(repair(harness).isNeeded, false);
  assertEquals(harness.files.bytesOf("log/00000002.jsonl"), before);
  assertEquals(harness.open().minted, false);
});

Deno.test("repairLog() takes out a damaged line, keeps it and all the others, and says so", () => {
  const harness = sample();
  harness.files.corrupt("log/00000002.jsonl", (bytes) => bytes.fill(88, 1_000, 1_010));
  const damaged = harness.files.bytesOf("log/00000002.jsonl");
  assertThrows(() => harness.open(), LogDamaged);
  const plan = planRepair(harness.files);
  assertEquals(harness.files.bytesOf("log/00000002.jsonl"), damaged);
  const report = repair(harness);
  assertEquals(plan.cuts, report.cuts.map(({ kept: _, ...cut }) => cut));
  assertEquals(report.cuts.length, 1);
  const cut = report.cuts[0];
  if (cut === undefined) throw new Error("no cut");
  assertEquals([cut.segment, cut.lines, cut.kept], [2, 1, "broken/00000002-5.cut"]);
  assertEquals(harness.files.bytesOf(cut.kept), damaged.slice(cut.offset, cut.offset + cut.bytes));
  assertEquals(new TextDecoder().decode(damaged.slice(0, cut.offset)).split("\n").length, cut.line);
  const open = harness.open();
  assertEquals([open.minted, harness.replayed.length], [true, 59]);
  open.log.commit(encoded(messageEntries(100, 2)));
  harness.files.settle();
  harness.close(open);
  assertEquals([verifyLog(harness.files).damage, verifyLog(harness.files).entries], [undefined, 61]);
});

Deno.test("repairLog() puts an empty segment in the place of one that is missing", () => {
  const harness = sample();
  harness.files.remove("log/00000002.jsonl");
  const kept = new Set<number>();
  for (const segment of harness.files.list("log")) {
    const lines = new TextDecoder().decode(harness.files.bytesOf(`log/${segment}`)).matchAll(/"seq":(\d+)/g);
    for (const [, seq] of lines) kept.add(Number(seq));
  }
  assertEquals(repair(harness).cuts, []);
  harness.open();
  assertEquals(harness.replayed.map(({ seq }) => seq), [...kept]);
});

Deno.test("repairLog() makes a log open again that lost its end, or all of it, after a shutdown in order", () => {
  for (const lost of [1, Infinity]) {
    const harness = sample();
    for (const name of harness.files.list("log").slice(-lost)) harness.files.remove(`log/${name}`);
    assertThrows(() => harness.open(), LogDamaged, "clean");
    assertEquals(repair(harness).isNeeded, true);
    assertEquals(harness.open().minted, true);
  }
});

Deno.test("repairLog() needs to be told the node only where no segment says it any more", () => {
  const { files } = sample();
  for (const name of files.list("log").slice(0, -1)) files.remove(`log/${name}`);
  assertEquals(planRepair(files).node, "node1");
  for (const name of files.list("log")) files.remove(`log/${name}`);
  assertThrows(() => repairLog(files, 5), LogRefused, "name it");
  assertEquals(repairLog(files, 5, "node1").isNeeded, true);
});

Deno.test("repairLog() loses no entry but those of the damaged lines, wherever the damage is", () => {
  const numbers = new SeededNumbers(7);
  const whole = sample().files;
  const segments = whole.list("log");
  let cuts = 0;
  const repairs = 2_000;
  for (let count = 0; count < repairs; count++) {
    const harness = new LogHarness({}, copyOf(whole));
    const path = `log/${segments[numbers.below(segments.length)]}`;
    const size = whole.size(path) ?? 0;
    const at = numbers.below(size);
    const length = numbers.next() < 0.5 ? 1 : 1 + numbers.below(900);
    harness.files.corrupt(path, (bytes) => {
      for (let index = at; index < Math.min(size, at + length); index++) {
        bytes[index] = (bytes[index] ?? 0) ^ 1;
      }
    });
    const touched = touchedLines(whole.bytesOf(path), at, Math.min(size, at + length));
    const report = repair(harness);
    cuts += report.cuts.length;
    const open = harness.open();
    assertEquals(open.minted, true);
    assertGreater(harness.replayed.length, 59 - touched);
    assertEquals(new Set(harness.replayed.map(({ seq }) => seq)).size, harness.replayed.length);
    assertEquals(repair(harness).isNeeded, false);
  }
  console.log(`repairLog(): ${repairs} repairs, ${cuts} cuts`);
  assertGreater(cuts, 1_900);
});

/** Number of lines that a change touches: with its line feed, a line takes the next one with it. */
function touchedLines(bytes: Uint8Array, from: number, to: number): number {
  return 1 + bytes.slice(from, to).filter((byte) => byte === 10).length;
}

Deno.test("repairLog() can be done again where it was ended half way", () => {
  const whole = sample().files;
  let ended = 0;
  for (const operation of ["append", "sync", "rename", "syncFolder"] as const) {
    for (let nth = 1; nth <= 60; nth++) {
      const harness = new LogHarness({}, copyOf(whole));
      harness.files.corrupt("log/00000001.jsonl", (bytes) => bytes.fill(0, 1_000, 1_010));
      harness.files.fail(operation, nth);
      try {
        repair(harness);
      } catch {
        ended++;
      }
      harness.files.heal();
      harness.files.crash({ page: () => "lost", name: () => nth % 2 === 0, cut: () => true });
      repair(harness);
      assertEquals(harness.open().minted, true);
      assertEquals(harness.replayed.length, 59);
    }
  }
  console.log(`repairLog(): ${ended} repairs were ended half way and done again`);
  assertGreater(ended, 60);
});

Deno.test("showLog() stops at damage that is no torn end", () => {
  const harness = sample();
  harness.files.corrupt("log/00000002.jsonl", (bytes) => bytes.fill(88, 1_000, 1_010));
  let shown = 0;
  assertThrows(() => showLog(harness.files, () => shown++), LogDamaged, "log/00000002.jsonl");
  assertGreater(shown, 10);
});
