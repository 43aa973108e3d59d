import { assertEquals, assertThrows } from "@std/assert";
import { PAGE_BYTES, type PageFate } from "../../testing/memory_file.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";

const ONES = new Uint8Array(10_000).fill(1);

/** A file of 5,000 synced and 10,000 unsynced bytes; the latter lie on the pages 1, 2 and 3. */
function halfSynced(): MemoryFiles {
  const files = new MemoryFiles();
  files.append("a", ONES.subarray(0, 5_000));
  files.syncNow("a");
  files.syncFolderNow("");
  files.append("a", ONES);
  return files;
}

function crash(files: MemoryFiles, fates: Record<number, PageFate>): void {
  files.crash({ page: (_, page) => fates[page] ?? "lost", name: () => false, cut: () => false });
}

function countOf(bytes: Uint8Array): [length: number, ones: number] {
  return [bytes.length, bytes.filter((byte) => byte === 1).length];
}

Deno.test("MemoryFiles.crash() keeps what was synced, and of the rest what it is told", () => {
  const cases: [Record<number, PageFate>, number, number][] = [
    [{}, 5_000, 5_000],
    [{ 1: "kept", 2: "kept", 3: "kept" }, 15_000, 15_000],
    [{ 1: "kept" }, 2 * PAGE_BYTES, 2 * PAGE_BYTES],
    [{ 3: "kept" }, 15_000, 5_000 + 15_000 - 3 * PAGE_BYTES],
    [{ 1: "zeroed" }, 2 * PAGE_BYTES, 5_000],
    [{ 2: 3 }, 2 * PAGE_BYTES + 3 * 512, 5_000 + 3 * 512],
  ];
  for (const [fates, length, ones] of cases) {
    const files = halfSynced();
    crash(files, fates);
    assertEquals(countOf(files.bytesOf("a")), [length, ones]);
  }
});

Deno.test("MemoryFiles.crash() loses names that were not synced, unless told otherwise", () => {
  const files = halfSynced();
  files.rename("a", "b");
  files.append("c", ONES);
  files.crash({ page: () => "kept", name: () => false, cut: () => false });
  assertEquals(files.list(""), ["a"]);
  files.rename("a", "b");
  files.crash({ page: () => "kept", name: () => true, cut: () => false });
  assertEquals(files.list(""), ["b"]);
});

Deno.test("MemoryFiles.crash() takes a cut back that was not synced", () => {
  for (const isCut of [true, false]) {
    const files = halfSynced();
    files.truncate("a", 100);
    files.crash({ page: () => "lost", name: () => true, cut: () => isCut });
    assertEquals(files.size("a"), isCut ? 100 : 5_000);
  }
});

Deno.test("MemoryFiles.sync() takes pages for clean after it failed, and never writes them", () => {
  const files = halfSynced();
  files.fail("sync", 1);
  assertThrows(() => files.syncNow("a"), Error, "EIO");
  files.syncNow("a");
  assertEquals(files.size("a"), 15_000);
  files.crash({ page: () => "kept", name: () => true, cut: () => true });
  assertEquals(countOf(files.bytesOf("a"))[1], 5_000);
});

Deno.test("MemoryFiles.sync() has on the disk what was there when it began", () => {
  const files = halfSynced();
  let done = 0;
  files.sync("a", () => done++);
  files.append("a", ONES);
  assertEquals(done, 0);
  files.settle();
  assertEquals(done, 1);
  crash(files, {});
  assertEquals(countOf(files.bytesOf("a")), [15_000, 15_000]);
});

Deno.test("MemoryFiles.kill() lets nobody hear of what was under way, and loses nothing", () => {
  const files = halfSynced();
  let done = 0;
  files.sync("a", () => done++);
  files.kill();
  files.settle();
  assertEquals([done, files.size("a")], [0, 15_000]);
});

Deno.test("MemoryFiles.append() writes what there is room for, and fails when there is none", () => {
  const files = new MemoryFiles({ capacityBytes: 12_000 });
  assertEquals([files.append("a", ONES), files.append("a", ONES)], [10_000, 2_000]);
  const error = assertThrows(() => files.append("a", ONES), Error, "ENOSPC");
  assertEquals((error as Error & { code: string }).code, "ENOSPC");
  files.remove("a");
  assertEquals(files.append("b", ONES), 10_000);
});

Deno.test("MemoryFiles.fill() holds the room it was given until it failed", () => {
  const files = new MemoryFiles({ capacityBytes: 12_000 });
  let failed = 0;
  files.fill("reserve", 20_000, (error) => failed += error === undefined ? 0 : 1);
  assertThrows(() => files.append("a", ONES), Error, "ENOSPC");
  files.settle();
  assertEquals([failed, files.append("a", ONES)], [1, 10_000]);
});
