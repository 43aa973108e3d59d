import { assertEquals, assertGreater } from "@std/assert";
import { LineReader } from "../../../server/log/line_reader.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import { verifyLog } from "../../../server/log/verify_log.ts";
import { type CrashChoices, MemoryFiles, type Operation } from "../../testing/memory_files.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { stateDigest } from "../../testing/state_digest.ts";
import { CompactionHarness, markEntry, sentEntry } from "./compaction_harness.ts";

const CHOICES: readonly (CrashChoices | undefined)[] = [
  undefined,
  { page: () => "lost", name: () => false, cut: () => true },
  { page: () => "kept", name: () => true, cut: () => true },
  { page: () => "zeroed", name: () => true, cut: () => true },
  { page: () => "lost", name: (path) => path.endsWith(".jsonl"), cut: () => true },
];

/** They fill more than four segments. */
const MESSAGES = 30;

/** They lie in three segments. */
const DELETED = [2, 5, 9, 20];

/** A disk that performs one operation at each call of `step`. */
class SteppedFiles {
  readonly tasks: (() => void)[] = [];
  readonly files = new MemoryFiles({ later: (task) => this.tasks.push(task) });

  /** Performs one operation; returns false if none was left. */
  step(): boolean {
    const task = this.tasks.shift();
    task?.();
    return task !== undefined;
  }

  settle(): void {
    while (this.step());
  }
}

/** The same, and the last message, which lies in the segment that is being written. */
const DELETED_TO_THE_LAST = [...DELETED, MESSAGES];

function written(disk: SteppedFiles, deleted = DELETED): CompactionHarness {
  const harness = new CompactionHarness(disk.files);
  for (let seq = 1; seq <= MESSAGES; seq++) {
    harness.begin([sentEntry(seq)]);
    disk.settle();
  }
  harness.begin([markEntry(MESSAGES + 1, "messagesDeleted", deleted.map((seq) => `m${seq}`))]);
  disk.settle();
  return harness;
}

/** Opens the log, compacts it once more, and checks its state and its files. */
function assertRecovers(
  harness: CompactionHarness,
  disk: SteppedFiles,
  digest: string,
  deleted = DELETED,
): void {
  harness.open();
  assertEquals(stateDigest(harness.state), digest);
  assertEquals(disk.files.list("log").filter((name) => !name.endsWith(".jsonl")), []);
  harness.tick();
  disk.settle();
  harness.begin([markEntry(MESSAGES + 2, "messagesHidden", ["m1"])]);
  disk.settle();
  harness.tick();
  disk.settle();
  assertEquals(deleted.filter((seq) => harness.allText().includes(`secret-${seq}.`)), []);
  assertEquals(verifyLog(disk.files).damage, undefined);
}

Deno.test("a crash at any moment of a pass leaves a log that recovers to the same state", () => {
  let cases = 0;
  for (const choices of CHOICES) {
    for (let steps = 0, isOver = false; !isOver; steps++) {
      const disk = new SteppedFiles();
      const harness = written(disk, DELETED_TO_THE_LAST);
      const digest = stateDigest(harness.state);
      harness.tick();
      for (let step = 0; step < steps && !isOver; step++) isOver = !disk.step();
      if (choices === undefined) disk.files.kill();
      else disk.files.crash(choices);
      assertRecovers(harness, disk, digest, DELETED_TO_THE_LAST);
      cases++;
    }
  }
  console.log(`compaction: ${cases} crashes`);
  assertGreater(cases, CHOICES.length * 30);
});

Deno.test("an error in any file operation of a pass ends the pass, and nothing else", () => {
  const counts = { warned: 0, faults: 0, cases: 0 };
  for (const operation of ["read", "append", "sync", "rename", "remove", "syncFolder"] as Operation[]) {
    for (const code of ["EIO", "ENOSPC"]) {
      for (let nth = 1, isReached = true; isReached; nth++) {
        const disk = new SteppedFiles();
        const harness = written(disk);
        const digest = stateDigest(harness.state);
        disk.files.fail(operation, nth, 1, code);
        harness.tick();
        disk.settle();
        disk.files.heal();
        isReached = !harness.events.includes("logCompacted");
        const [faults, warned] = [harness.harness.faults.length, harness.events.includes("logNotCompacted")];
        // The log itself stops only if the names in its folder are in doubt.
        assertEquals(
          [faults, warned],
          isReached ? operation === "syncFolder" ? [1, false] : [0, true] : [0, false],
        );
        const { synced } = harness.harness;
        harness.begin([markEntry(MESSAGES + 2, "messagesHidden", ["m1"])]);
        disk.settle();
        assertEquals(harness.harness.synced - synced, faults === 0 ? 1 : 0);
        assertEquals(verifyLog(disk.files).damage, undefined);
        disk.files.kill();
        assertRecovers(harness, disk, faults === 0 ? stateDigest(harness.state) : digest);
        counts.faults += faults;
        counts.warned += Number(warned);
        counts.cases++;
      }
    }
  }
  console.log("compaction: runs with a failure", counts);
  assertGreater(counts.warned, 20);
  assertGreater(counts.faults, 1);
});

Deno.test("an error in any file operation of a pass that seals a segment loses nothing", () => {
  let cases = 0;
  for (const operation of ["read", "append", "sync", "rename", "remove", "syncFolder"] as Operation[]) {
    for (const code of ["EIO", "ENOSPC"]) {
      for (let nth = 1; nth <= 12; nth++) {
        const disk = new SteppedFiles();
        const harness = written(disk, DELETED_TO_THE_LAST);
        const digest = stateDigest(harness.state);
        disk.files.fail(operation, nth, 1, code);
        harness.tick();
        disk.settle();
        disk.files.heal();
        assertEquals(verifyLog(disk.files).damage, undefined);
        disk.files.kill();
        assertRecovers(harness, disk, digest, DELETED_TO_THE_LAST);
        cases++;
      }
    }
  }
  console.log(`compaction: ${cases} failures in a pass that seals`);
});

Deno.test("a pass takes its unfinished segment away where it found the disk full", () => {
  const disk = new SteppedFiles();
  const harness = written(disk);
  disk.files.fail("append", 2, 1, "ENOSPC");
  harness.tick();
  disk.settle();
  assertEquals(disk.files.list("log").filter((name) => !name.endsWith(".jsonl")), []);
  assertEquals(harness.log.readOnly, false);
  assertEquals(harness.events, ["logNotCompacted"]);
});

Deno.test("commits during a pass are durable, whole and in order, whatever comes between", () => {
  const runs = 300;
  let commits = 0;
  for (let run = 0; run < runs; run++) {
    const disk = new SteppedFiles();
    const harness = written(disk);
    const numbers = new SeededNumbers(run);
    let seq = MESSAGES + 2;
    harness.tick();
    while (disk.tasks.length > 0) {
      const { synced } = harness.harness;
      if (numbers.below(3) === 0) {
        const ids = [`m${1 + numbers.below(MESSAGES)}`];
        harness.begin([numbers.below(2) === 0 ? sentEntry(seq) : markEntry(seq, "messagesDeleted", ids)]);
        seq++;
        commits++;
        while (harness.harness.synced === synced) disk.step();
      } else disk.step();
      if (numbers.below(4) === 0) assertEquals(verifyLog(disk.files).damage, undefined);
    }
    const digest = stateDigest(harness.state);
    disk.files.crash({ page: () => "lost", name: () => false, cut: () => true });
    harness.open();
    assertEquals(stateDigest(harness.state), digest);
    assertEquals(verifyLog(disk.files).damage, undefined);
  }
  console.log(`compaction: ${commits} commits during ${runs} passes`);
  assertGreater(commits, runs);
});

Deno.test("what was deleted is not gone before its deletion is on the disk", () => {
  const disk = new SteppedFiles();
  const harness = written(disk);
  harness.isDurable = false;
  harness.tick();
  disk.settle();
  assertEquals(harness.textOf(segmentPath(1)).includes("secret-2."), true);
  harness.letDurable();
  disk.settle();
  assertEquals(harness.textOf(segmentPath(1)).includes("secret-2."), false);
});

Deno.test("a segment that is being read stays the same while a pass replaces it", () => {
  const disk = new SteppedFiles();
  const harness = written(disk);
  const path = segmentPath(1);
  const before = harness.textOf(path);
  const reader = disk.files.reader(path);
  const first = new Uint8Array(100);
  assertEquals(reader.read(first), 100);
  harness.tick();
  disk.settle();
  assertEquals(harness.textOf(path) === before, false);
  let text = new TextDecoder().decode(first);
  const lines = new LineReader((line) => {
    text += `${line.text}\n`;
    return true;
  });
  while (lines.took(reader.read(lines.room)));
  assertEquals(text, before);
});

Deno.test("a pass leaves a damaged segment as it is, and says where it is damaged", () => {
  const disk = new SteppedFiles();
  const harness = written(disk);
  const path = segmentPath(2);
  disk.files.corrupt(path, (bytes) => bytes[300] = (bytes[300] ?? 0) ^ 1);
  const before = harness.textOf(path);
  harness.tick();
  disk.settle();
  assertEquals(harness.textOf(path), before);
  const [line] = harness.harness.lines.filter(({ event }) => event === "logNotCompacted");
  assertEquals(line?.fields["file"], path);
  assertEquals(String(line?.fields["reason"]).includes(" is damaged: "), true);
  // Segments before it have lost what was deleted, and so must the archive.
  assertEquals(harness.told.at(-1), "compacted");
  assertEquals(harness.told.filter((each) => each.startsWith("replaced 1")).length, 1);
});

Deno.test("stop() abandons a pass, and the next start removes what it left", () => {
  for (let steps = 0; steps < 12; steps++) {
    const disk = new SteppedFiles();
    const harness = written(disk);
    const digest = stateDigest(harness.state);
    harness.tick();
    for (let step = 0; step < steps; step++) disk.step();
    harness.log.stop();
    disk.settle();
    assertEquals(harness.events, []);
    assertRecovers(harness, disk, digest);
  }
});
