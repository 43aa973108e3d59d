import { assertEquals, assertGreater, assertStringIncludes, assertThrows } from "@std/assert";
import { markFilling } from "../../../server/log/filling_mark.ts";
import { LogDamaged } from "../../../server/log/log_errors.ts";
import { repairLog } from "../../../server/log/repair_log.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import { showLog, verifyLog } from "../../../server/log/verify_log.ts";
import type { FileStore } from "../../../server/ports/files.ts";
import { type CrashChoices, MemoryFiles } from "../../testing/memory_files.ts";
import type { PageFate } from "../../testing/memory_file.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { LogHarness, messageEntries } from "./log_harness.ts";

const FIRST = segmentPath(1);

/** Files that only a node that has run leaves beside the log, each with some content. */
const TRACES = [
  "reserve",
  "reserve.new",
  "filling",
  "admin.json",
  "admin.json.new",
  "clean.new",
  "broken/00000001-5.cut",
  "log/00000002.jsonl.new",
];

/** Losses of the beginning of a log, each of which leaves no whole batch. */
const LOSSES: Readonly<Record<string, (files: MemoryFiles) => void>> = {
  "missing": (files) => files.remove(FIRST),
  "emptied": (files) => files.put(FIRST, new Uint8Array(0)),
  "with a first line that cannot be read": (files) => {
    const bytes = files.bytesOf(FIRST).slice(0, firstBatchBytes(files));
    files.put(FIRST, bytes);
    files.corrupt(FIRST, (bytes) => bytes[20] = 0);
  },
  "cut in its first line": (files) => files.put(FIRST, files.bytesOf(FIRST).slice(0, 50)),
};

/** Length of the first batch: two lines. */
function firstBatchBytes(files: MemoryFiles): number {
  const bytes = files.bytesOf(FIRST);
  return bytes.indexOf(10, bytes.indexOf(10) + 1) + 1;
}

/** A log whose node was killed, with one more file beside it. */
function killedWith(trace: string): LogHarness {
  const harness = new LogHarness();
  harness.write([messageEntries(1, 3)]);
  harness.files.kill();
  harness.files.put(trace, Uint8Array.of(1));
  return harness;
}

Deno.test("openLog() and verifyLog() refuse a log without its beginning beside any trace of an earlier run", () => {
  let checked = 0;
  for (const trace of TRACES) {
    for (const lose of Object.values(LOSSES)) {
      const harness = killedWith(trace);
      lose(harness.files);
      const before = harness.files.list("log").concat(harness.files.list("broken"));
      const error = assertThrows(() => harness.open(), LogDamaged, `there is ${trace}`);
      assertStringIncludes(error.message, `${FIRST}, line 1 (byte 0)`);
      assertStringIncludes(error.message, "`chat-server log repair`");
      assertEquals(harness.files.list("log").concat(harness.files.list("broken")), before);
      assertStringIncludes(verifyLog(harness.files).damage?.proof ?? "", trace);
      assertThrows(() => showLog(harness.files, () => {}), LogDamaged);
      assertEquals(repairLog(harness.files, 5, "node1").isNeeded, true);
      assertEquals(harness.open().minted, true);
      checked++;
    }
  }
  console.log(`openLog(): ${checked} logs without their beginning refused`);
  assertEquals(checked, TRACES.length * Object.keys(LOSSES).length);
});

Deno.test("openLog() takes the file lock for a trace only beside a segment: the first start makes it before that", () => {
  const harness = killedWith("lock");
  harness.files.put(FIRST, new Uint8Array(0));
  assertThrows(() => harness.open(), LogDamaged, "there is lock");
  harness.files.remove(FIRST);
  assertEquals(harness.open().minted, true);
});

Deno.test("verifyLog() calls no log whole that has no whole batch, whatever is beside it", () => {
  for (
    const content of [new Uint8Array(0), new Uint8Array(8_192), new TextEncoder().encode('{"type":"segm')]
  ) {
    const files = new MemoryFiles();
    files.put(FIRST, content);
    assertEquals(verifyLog(files).damage?.proof !== undefined, true);
  }
});

/** The power goes at a call. */
class PowerLoss extends Error {}

/** A disk whose power goes at the `nth` call that changes anything. */
function dying(files: MemoryFiles, nth: number): FileStore {
  let left = nth;
  const changing = new Set<PropertyKey>([
    "append",
    "syncNow",
    "syncFolderNow",
    "rename",
    "remove",
    "makeFolder",
    "fill",
  ]);
  return new Proxy(files, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown => {
        if (changing.has(name) && --left === 0) throw new PowerLoss();
        return Reflect.apply(member, target, args);
      };
    },
  });
}

function crashChoices(numbers: SeededNumbers): CrashChoices {
  const fates: PageFate[] = ["kept", "lost", "zeroed", 0, 3];
  return {
    page: () => fates[numbers.below(fates.length)] ?? "lost",
    name: () => numbers.next() < 0.5,
    cut: () => numbers.next() < 0.5,
  };
}

Deno.test("openLog() begins a log again if the power went at any moment of the very first start", () => {
  const numbers = new SeededNumbers(11);
  let crashes = 0;
  let isThrough = false;
  for (let nth = 1; !isThrough; nth++) {
    for (let image = 0; image < 200; image++) {
      const files = new MemoryFiles();
      const harness = new LogHarness({ reserveBytes: 1_000 }, files);
      const disk = dying(files, nth);
      try {
        files.put("lock", new TextEncoder().encode("{}\n"));
        harness.open({ files: disk });
        markFilling(disk);
        files.settle();
        isThrough = true;
      } catch (error) {
        if (!(error instanceof PowerLoss)) throw error;
        crashes++;
      }
      files.crash(crashChoices(numbers));
      harness.open();
      harness.close(harness.open());
      assertEquals(verifyLog(files).damage, undefined);
    }
  }
  console.log(`openLog(): ${crashes} first starts without power`);
  assertGreater(crashes, 1_500);
});
