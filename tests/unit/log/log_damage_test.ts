import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import { LogDamaged } from "../../../server/log/log_errors.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import { type CrashChoices, MemoryFiles } from "../../testing/memory_files.ts";
import type { PageFate } from "../../testing/memory_file.ts";
import { LogHarness, messageEntries, messageEntry } from "./log_harness.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { encoded } from "../../testing/encoded_entries.ts";

/** A data folder, and the content of its log. */
interface Sample {
  readonly folder: ReadonlyMap<string, Uint8Array>;
  readonly segments: readonly string[];
  readonly bytes: number;
  readonly entries: readonly string[];
  readonly entriesOfLast: number;
}

/** Two segments with odd and plain content; shut down in order or not. */
function makeSample(clean: boolean): Sample {
  const harness = new LogHarness({ segmentBytes: 3_000 });
  const entries = Array.from(
    { length: 24 },
    (_, i) => messageEntry(i + 1, i % 5 === 0 ? `żółć 🎉 ${i}` : `text ${i}`),
  );
  const batches = Array.from({ length: 8 }, (_, index) => entries.slice(index * 3, index * 3 + 3));
  const open = harness.write(batches);
  if (clean) harness.close(open);
  const segments = harness.files.list("log").map((name) => `log/${name}`);
  const paths = clean ? [...segments, "clean"] : segments;
  return {
    folder: new Map(paths.map((path) => [path, harness.files.bytesOf(path)])),
    segments,
    bytes: segments.reduce((sum, path) => sum + (harness.files.size(path) ?? 0), 0),
    entries: entries.map((entry) => JSON.stringify(entry)),
    entriesOfLast: clean ? 0 : 3,
  };
}

/** Opens a changed copy of the folder; returns the outcome. */
function openChanged(
  sample: Sample,
  offset: number,
  change: (bytes: Uint8Array, at: number) => void,
): string {
  const files = new MemoryFiles();
  for (const [path, bytes] of sample.folder) files.put(path, bytes);
  const [path, at] = locate(sample, offset);
  files.corrupt(path, (bytes) => change(bytes, at));
  const harness = new LogHarness({}, files);
  try {
    const { minted } = harness.open();
    const found = harness.replayed.map((entry) => JSON.stringify(entry));
    const isPrefix = found.every((entry, index) => entry === sample.entries[index]);
    const lost = sample.entries.length - found.length;
    if (!isPrefix || !minted) return "undetected";
    return lost <= sample.entriesOfLast ? "cut" : "cut further";
  } catch (error) {
    if (!(error instanceof LogDamaged)) throw error;
    return "refused";
  }
}

function locate(sample: Sample, offset: number): [string, number] {
  let rest = offset;
  for (const path of sample.segments) {
    const length = sample.folder.get(path)?.length ?? 0;
    if (rest < length) return [path, rest];
    rest -= length;
  }
  throw new Error(`offset ${offset} is behind the end`);
}

/** Tries many changes and counts their outcomes. */
function tally(sample: Sample, count: number, attempt: (index: number) => string): Record<string, number> {
  const counts: Record<string, number> = { "refused": 0, "cut": 0, "cut further": 0, "undetected": 0 };
  for (let index = 0; index < count; index++) {
    const outcome = attempt(index);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  assertEquals(sample.segments.length > 1, true);
  return counts;
}

function flips(sample: Sample, count: number, seed: number): Record<string, number> {
  const numbers = new SeededNumbers(seed);
  return tally(sample, count, () => {
    const bit = 1 << numbers.below(8);
    return openChanged(sample, numbers.below(sample.bytes), (bytes, at) => {
      bytes[at] = (bytes[at] ?? 0) ^ bit;
    });
  });
}

function zeroedBlocks(sample: Sample, count: number, seed: number): Record<string, number> {
  const numbers = new SeededNumbers(seed);
  return tally(sample, count, () => {
    const length = 1 + numbers.below(1_024);
    const offset = numbers.below(sample.bytes);
    const outcome = openChanged(sample, offset, (bytes, at) => void bytes.fill(0, at, at + length));
    // Nothing is left of the last batch, so that nothing after the damage proves it to be rot.
    if (outcome === "cut further") assertGreater(offset + length, lastLineAt(sample));
    return outcome;
  });
}

/** Offset of the last line in the whole log. */
function lastLineAt(sample: Sample): number {
  const last = sample.folder.get(sample.segments.at(-1) ?? "") ?? new Uint8Array(0);
  return sample.bytes - last.length + last.lastIndexOf(10, -2) + 1;
}

/** Offset of the last batch, which has three lines. */
function lastBatchAt(sample: Sample): number {
  const last = new TextDecoder("latin1").decode(sample.folder.get(sample.segments.at(-1) ?? ""));
  const lines = last.split(/(?<=\n)/).slice(-sample.entriesOfLast);
  return sample.bytes - lines.join("").length;
}

Deno.test("openLog() refuses every single flipped bit, also in the last batch of a log that was not shut down", () => {
  const sample = makeSample(false);
  const counts = flips(sample, 20_000, 1);
  console.log("openLog(): 20000 bit flips", counts);
  assertEquals(counts["refused"], 20_000);
  const begin = lastBatchAt(sample);
  const bits = (sample.bytes - begin) * 8;
  const ofLast = tally(sample, bits, (index) =>
    openChanged(sample, begin + (index >> 3), (bytes, at) => {
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (index & 7));
    }));
  console.log(`openLog(): ${bits} bit flips in the last batch`, ofLast);
  assertEquals(ofLast["refused"], bits);
});

Deno.test("openLog() refuses every single flipped bit after a shutdown in order", () => {
  const counts = flips(makeSample(true), 20_000, 2);
  console.log("openLog(): 20000 bit flips after a shutdown in order", counts);
  assertEquals(counts["refused"], 20_000);
});

Deno.test("openLog() refuses every flipped bit of the file clean", () => {
  const sample = makeSample(true);
  const length = sample.folder.get("clean")?.length ?? 0;
  const ofClean = { ...sample, segments: ["clean", ...sample.segments] };
  const counts = tally(ofClean, length * 8, (index) =>
    openChanged(ofClean, index >> 3, (bytes, at) => {
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (index & 7));
    }));
  console.log(`openLog(): ${length * 8} bit flips of the file clean`, counts);
  assertEquals(counts["refused"], length * 8);
});

Deno.test("openLog() detects every zeroed block, and takes it for a torn tail only where nothing follows it", () => {
  const counts = zeroedBlocks(makeSample(false), 2_000, 3);
  console.log("openLog(): 2000 zeroed blocks", counts);
  assertEquals(counts["undetected"], 0);
  assertGreater(counts["refused"] ?? 0, 1_500);
  const afterClean = zeroedBlocks(makeSample(true), 2_000, 4);
  console.log("openLog(): 2000 zeroed blocks after a shutdown in order", afterClean);
  assertEquals(afterClean["refused"], 2_000);
});

Deno.test("openLog() takes an idle mark behind the last batch for proof that its damage is rot", () => {
  const harness = new LogHarness();
  harness.write([messageEntries(1, 3)]);
  const entriesEnd = harness.files.size(segmentPath(1)) ?? 0;
  harness.timers.advance(1_000);
  harness.files.settle();
  assertGreater(harness.files.size(segmentPath(1)) ?? 0, entriesEnd);
  harness.files.corrupt(segmentPath(1), (bytes) => bytes.fill(0, entriesEnd - 20, entriesEnd - 10));
  assertThrows(() => harness.open(), LogDamaged, "a line of batch 3 follows");
});

/** Random fates of pages and names; most pages are kept, so that most images are nearly whole. */
function chance(numbers: SeededNumbers): CrashChoices {
  const fates: PageFate[] = ["lost", "zeroed", 1, 2, 3, 4, 5, 6, 7];
  return {
    page: () => numbers.next() < 0.6 ? "kept" : fates[numbers.below(fates.length)] ?? "lost",
    name: () => numbers.next() < 0.5,
    cut: () => numbers.next() < 0.5,
  };
}

Deno.test("openLog() recovers from any loss of the pages of the last batch, and hands out all of it or nothing", () => {
  const images = 10_000;
  const numbers = new SeededNumbers(5);
  const counts = { whole: 0, cut: 0, nothing: 0 };
  for (let image = 0; image < images; image++) {
    const harness = new LogHarness({ segmentBytes: numbers.next() < 0.1 ? 1 : 67_108_864 });
    const safe = messageEntries(1, 2 + numbers.below(20));
    const last = messageEntries(1_000, 10 + numbers.below(60));
    const { log } = harness.write([safe]);
    log.commit(encoded(last));
    harness.files.crash(chance(numbers));
    harness.open();
    const isWhole = harness.replayed.length > safe.length;
    assertEquals(harness.replayed, isWhole ? [...safe, ...last] : safe);
    if (isWhole) counts.whole++;
    else if (harness.events.includes("logTailCut")) counts.cut++;
    else counts.nothing++;
  }
  console.log(`openLog(): ${images} crashes in the last batch`, counts);
  assertGreater(Math.min(counts.whole, counts.cut, counts.nothing), 50);
});

Deno.test("openLog() refuses a segment that is an older or another one of the same length and numbers", () => {
  const batches = [messageEntries(1, 30), messageEntries(31, 3), messageEntries(34, 3)];
  const other = new LogHarness({ segmentBytes: 3_000 });
  other.write(batches.map((batch) => batch.map(({ seq }) => messageEntry(seq, `massage ${seq}`))));
  const harness = new LogHarness({ segmentBytes: 3_000 });
  harness.write(batches);
  harness.files.put(segmentPath(2), other.files.bytesOf(segmentPath(2)));
  assertThrows(() => harness.open(), LogDamaged, "the line before it is missing");
});

Deno.test("openLog() refuses a damaged last batch of a segment behind which another one was begun", () => {
  for (const later of [new Uint8Array(0), new Uint8Array(500)]) {
    const harness = new LogHarness();
    harness.write([messageEntries(1, 3)]);
    const size = harness.files.size(segmentPath(1)) ?? 0;
    harness.files.put(segmentPath(1), harness.files.bytesOf(segmentPath(1)).slice(0, size - 5));
    harness.files.put(segmentPath(2), later);
    assertThrows(() => harness.open(), LogDamaged, "a later segment exists");
  }
});

Deno.test("openLog() refuses what stands behind the end of a log that was shut down in order", () => {
  const harness = new LogHarness();
  harness.close(harness.write([messageEntries(1, 3)]));
  const bytes = harness.files.bytesOf(segmentPath(1));
  harness.files.put(segmentPath(1), Uint8Array.from([...bytes, 0, 0, 0]));
  assertThrows(() => harness.open(), LogDamaged, "shut down in order");
});

Deno.test("openLog() after a shutdown in order has its mark on the disk before anything follows it", () => {
  const harness = new LogHarness();
  harness.close(harness.write([messageEntries(1, 3)]));
  const { log } = harness.open();
  log.commit(encoded(messageEntries(4, 100)));
  harness.files.crash({ page: (_, page) => page === 0 ? "lost" : "kept", name: () => true, cut: () => true });
  assertEquals(harness.open().minted, true);
  assertEquals(harness.replayed.length, 3);
});
