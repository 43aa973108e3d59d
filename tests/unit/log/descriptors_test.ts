import { assertEquals } from "@std/assert";
import { segmentPath } from "../../../server/log/segments.ts";
import { encoded } from "../../testing/encoded_entries.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { outOf } from "../../testing/out_of_descriptors.ts";
import { LogHarness, messageEntries } from "./log_harness.ts";

/** Files of a process without a free descriptor, as long as the test says so. */
class ShortFiles extends MemoryFiles {
  isShort = false;
  readonly #open = new Set<string>();

  #need(path: string): void {
    if (this.isShort && !this.#open.has(path)) throw outOf("EMFILE");
    this.#open.add(path);
  }

  override append(path: string, bytes: Uint8Array): number {
    this.#need(path);
    return super.append(path, bytes);
  }

  override close(path: string): void {
    this.#open.delete(path);
    super.close(path);
  }

  override syncFolder(folder: string, done: (error?: Error) => void): void {
    if (this.isShort) queueMicrotask(() => done(outOf("ENFILE")));
    else super.syncFolder(folder, done);
  }
}

Deno.test("LogWriter waits for a descriptor for the next segment, and acknowledges only what is in it", async () => {
  const files = new ShortFiles();
  const harness = new LogHarness({ segmentBytes: 400 }, files);
  const { log } = harness.open();
  log.commit(encoded(messageEntries(1, 3)));
  files.settle();
  assertEquals(harness.synced, 1);
  files.isShort = true;
  log.commit(encoded(messageEntries(4, 3)));
  for (let i = 0; i < 20; i++) {
    harness.timers.advance(100);
    files.settle();
    await Promise.resolve();
  }
  assertEquals([harness.synced, harness.faults.length, files.size(segmentPath(2))], [1, 0, undefined]);
  files.isShort = false;
  harness.timers.advance(100);
  files.settle();
  assertEquals([harness.synced, harness.faults.length], [2, 0]);
  harness.close(harness.open());
  assertEquals(harness.replayed.map(({ seq }) => seq), [1, 2, 3, 4, 5, 6]);
});

Deno.test("LogWriter tells nobody of a batch before its segment's folder could be opened and synced", async () => {
  const files = new ShortFiles();
  const harness = new LogHarness({ segmentBytes: 1 }, files);
  const { log } = harness.open();
  const append = files.append.bind(files);
  files.append = (path, bytes) => {
    const written = append(path, bytes);
    files.isShort = true;
    return written;
  };
  log.commit(encoded(messageEntries(1, 1)));
  for (let i = 0; i < 5; i++) {
    files.settle();
    await Promise.resolve();
    harness.timers.advance(100);
  }
  assertEquals([harness.synced, harness.faults.length], [0, 0]);
  files.isShort = false;
  for (let i = 0; i < 3; i++) {
    files.settle();
    await Promise.resolve();
    harness.timers.advance(100);
  }
  assertEquals([harness.synced, harness.faults.length], [1, 0]);
});
