import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import { readForks } from "../../../server/log/fork_file.ts";
import { LogDamaged, LogRefused } from "../../../server/log/log_errors.ts";
import { giveNewOrigin, planNewOrigin } from "../../../server/log/new_origin.ts";
import { repairLog } from "../../../server/log/repair_log.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import { verifyLog } from "../../../server/log/verify_log.ts";
import { sha256 } from "../../../server/process/system_ports.ts";
import type { MemoryFiles } from "../../testing/memory_files.ts";
import { copyOf, entriesIn, forkBehind, FORKED, forkedLog, move } from "./fork_harness.ts";
import { LogHarness } from "./log_harness.ts";

Deno.test("giveNewOrigin() keeps an unfinished write aside, as a start does", () => {
  const harness = forkedLog(forkBehind(20));
  const last = `log/${harness.files.list("log").at(-1)}`;
  harness.files.put(last, harness.files.bytesOf(last).slice(0, -3));
  const whole = verifyLog(harness.files).entries;
  move(harness.files);
  assertEquals([verifyLog(harness.files).damage, verifyLog(harness.files).entries], [undefined, whole]);
  assertEquals(harness.files.list("broken").length, 1);
});

Deno.test("giveNewOrigin() refuses a log that is damaged, and goes on once that is repaired", () => {
  const spoils: ((files: MemoryFiles) => void)[] = [
    (files) => files.corrupt(segmentPath(1), (bytes) => bytes.fill(88, 1_000, 1_010)),
    (files) => files.corrupt(segmentPath(4), (bytes) => bytes.fill(88, 1_000, 1_010)),
    (files) => files.remove(segmentPath(3)),
  ];
  for (const spoil of spoils) {
    const harness = forkedLog(forkBehind(20));
    spoil(harness.files);
    assertThrows(() => planNewOrigin(harness.files, sha256), LogRefused, "--accept-loss");
    assertThrows(() => giveNewOrigin(harness.files, sha256, 5), LogRefused, "--accept-loss");
    repairLog(harness.files, 6);
    const kept = verifyLog(harness.files).entries;
    move(harness.files);
    assertEquals(verifyLog(harness.files).entries, kept);
    assertEquals(harness.open().minted, true);
  }
});

Deno.test("giveNewOrigin() goes on where the power went at any of its steps, and comes to the same entries", () => {
  const fork = { ...forkBehind(20), third: true, until: 60 } as const;
  const whole = forkedLog(fork);
  const straight = copyOf(whole.files);
  const origin = move(straight);
  const expected = entriesIn(straight).map((entry) => JSON.stringify(entry));
  let ended = 0;
  let begun = 0;
  for (const operation of ["append", "sync", "rename", "syncFolder", "remove"] as const) {
    for (let nth = 1; nth <= 40; nth++) {
      const harness = new LogHarness({}, copyOf(whole.files));
      harness.files.fail(operation, nth, Infinity);
      try {
        move(harness.files);
      } catch {
        ended++;
      }
      harness.files.heal();
      harness.files.crash({
        page: () => nth % 3 === 0 ? "kept" : "lost",
        name: () => nth % 2 === 0,
        cut: () => true,
      });
      const [held] = readForks(harness.files);
      // From its first change on, no start can come between.
      if (held !== undefined && held.third === undefined) {
        begun++;
        assertThrows(() => harness.open(), LogRefused);
      }
      if (held !== undefined) assertEquals(move(harness.files), origin);
      assertEquals(entriesIn(harness.files).map((entry) => JSON.stringify(entry)), expected);
      assertEquals(harness.open().minted, true);
    }
  }
  console.log(`giveNewOrigin(): ${ended} repairs were ended half way and done again, ${begun} of them begun`);
  assertGreater(ended, 60);
  assertGreater(begun, 50);
});

Deno.test("giveNewOrigin() refuses a log that was damaged while it was half moved, and goes on after a repair", () => {
  const harness = forkedLog(forkBehind(20));
  harness.files.fail("rename", 4, Infinity);
  assertThrows(() => move(harness.files));
  harness.files.heal();
  assertThrows(() => new LogHarness({}, copyOf(harness.files)).open(), LogRefused);
  const last = `log/${harness.files.list("log").filter((name) => name.endsWith(".jsonl")).at(-1)}`;
  harness.files.corrupt(last, (bytes) => bytes.fill(88, 600, 610));
  assertThrows(() => move(harness.files), LogRefused, "--accept-loss");
  repairLog(harness.files, 6);
  const kept = verifyLog(harness.files).entries;
  assertGreater(kept, 85);
  move(harness.files);
  assertEquals(verifyLog(harness.files).entries, kept);
  assertEquals(entriesIn(harness.files).some(({ origin, seq }) => origin === FORKED && seq > 20), false);
});

Deno.test("a log that is half moved is refused as damaged even without the file fork", () => {
  const harness = forkedLog(forkBehind(20));
  harness.files.fail("rename", 4, Infinity);
  assertThrows(() => move(harness.files));
  harness.files.heal();
  harness.files.remove("fork");
  assertThrows(() => harness.open(), LogDamaged);
});
