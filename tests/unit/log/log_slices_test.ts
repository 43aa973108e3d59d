import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import type { SequentialReader } from "../../../server/ports/files.ts";
import { logBytes, segmentPath } from "../../../server/log/segments.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { LogHarness, messageEntries } from "./log_harness.ts";

/** Enough for several chunks of several segments. */
const BATCHES = 40;
const PER_BATCH = 50;

/** Counts the readers that were not closed. */
class CountedFiles extends MemoryFiles {
  open = 0;

  override reader(path: string, offset?: number): SequentialReader {
    const reader = super.reader(path, offset);
    this.open++;
    return { ...reader, close: () => this.open-- };
  }

  /** The bytes of all segments. */
  get log(): readonly Uint8Array[] {
    return this.list("log").map((_, index) => this.bytesOf(segmentPath(index + 1)));
  }
}

/** A log that was not shut down in order. */
function writtenLog(): { readonly harness: LogHarness; readonly files: CountedFiles } {
  const files = new CountedFiles();
  const harness = new LogHarness({ segmentBytes: 150_000 }, files);
  harness.write(Array.from({ length: BATCHES }, (_, i) => messageEntries(1 + i * PER_BATCH, PER_BATCH)));
  files.kill();
  return { harness, files };
}

Deno.test("openLogInSlices() yields the length of the log in parts, and opens it", () => {
  const { harness, files } = writtenLog();
  const length = logBytes(files);
  const slices = harness.openInSlices();
  let [count, bytes] = [0, 0];
  let next = slices.next();
  for (; !next.done; next = slices.next()) {
    count++;
    bytes += next.value;
  }
  assertEquals([bytes, harness.replayed.length], [length, BATCHES * PER_BATCH]);
  assertEquals(next.value.history.end.position, BATCHES * PER_BATCH);
  harness.close(next.value);
  assertEquals(harness.open().history.end.position, BATCHES * PER_BATCH);
  assertGreater(count, 5);
  console.log(`openLogInSlices(): ${count} slices, ${bytes} bytes`);
});

Deno.test("openLogInSlices() leaves the log as it was, wherever it is stopped", () => {
  const { harness, files } = writtenLog();
  const before = files.log;
  let stops = 0;
  for (;;) {
    const slices = harness.openInSlices();
    let isDone = false;
    for (let i = 0; i <= stops && !isDone; i++) isDone = slices.next().done === true;
    if (isDone) break;
    stops++;
    assertThrows(() => slices.throw(new Error("called off")), Error, "called off");
    assertEquals([files.open, files.log], [0, before]);
  }
  assertEquals(harness.replayed.length, BATCHES * PER_BATCH);
  assertGreater(stops, 5);
  console.log(`openLogInSlices(): stopped after each of ${stops} slices`);
});
