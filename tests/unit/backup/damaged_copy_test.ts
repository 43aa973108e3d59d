/**
 * Backups into a folder whose last backup is not whole any more.
 *
 * @module
 */

import { assertEquals, assertGreater, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { BackupRefused } from "../../../server/backup/backup_errors.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { encoded } from "../../testing/encoded_entries.ts";
import { LogHarness, messageEntries } from "../log/log_harness.ts";
import { backUp, copyOf, verify } from "./backup_harness.ts";

/** Two batches of two messages each, and the same log with a batch more. */
function grown(): { readonly early: MemoryFiles; readonly late: MemoryFiles } {
  const log = new LogHarness();
  const open = log.write([messageEntries(1, 2), messageEntries(3, 2)]);
  const early = copyOf(log.files);
  open.log.commit(encoded(messageEntries(5, 1)));
  log.files.settle();
  return { early, late: log.files };
}

const DAMAGES: readonly ((bytes: Uint8Array, at: number) => void)[] = [
  (bytes, at) => bytes[at] = (bytes[at] ?? 0) ^ 1,
  (bytes, at) => bytes[at] = 0,
  // As an unfinished write leaves the end of a log.
  (bytes, at) => bytes.fill(0, at),
];

Deno.test("makeBackup() copies a segment anew whose last copy is damaged anywhere, and does not blame the log", () => {
  const { early, late } = grown();
  const original = new MemoryFiles();
  const [segment] = backUp(early, original).manifest.segments;
  const [file, length] = [segment?.file ?? "", segment?.bytes ?? 0];
  const path = segmentPath(1);
  const halfWritten = copyOf(late);
  halfWritten.truncate(path, late.bytesOf(path).length - 20);
  let damages = 0;
  for (const [source, whole] of [[late, late], [halfWritten, early]] as const) {
    for (const damage of DAMAGES) {
      for (let at = 0; at < length; at += 3) {
        const folder = copyOf(original);
        folder.corrupt(file, (bytes) => damage(bytes, at));
        const { manifest, replaced } = backUp(source, folder);
        assertEquals(manifest.segments.map(({ file }) => file), ["segments/00000001-2.jsonl"]);
        assertMatch(replaced.join(), /^segments\/00000001-1\.jsonl, line \d+ \(byte \d+\): /);
        assertEquals(folder.bytesOf("segments/00000001-2.jsonl"), whole.bytesOf(path));
        verify(folder);
        damages++;
      }
    }
  }
  assertGreater(damages, 1_000);
  console.log(`${damages} damages`);
});

Deno.test("makeBackup() names the log if a new copy of it is damaged, too, and leaves the old copy as it was", () => {
  const { early, late } = grown();
  const folder = new MemoryFiles();
  const [segment] = backUp(early, folder).manifest.segments;
  const file = segment?.file ?? "";
  const change = (bytes: Uint8Array): void => void (bytes[300] = (bytes[300] ?? 0) ^ 1);
  folder.corrupt(file, change);
  late.corrupt(segmentPath(1), change);
  const before = folder.bytesOf(file);
  const error = assertThrows(() => backUp(late, folder), BackupRefused);
  assertStringIncludes(error.message, `the copy of ${segmentPath(1)} is damaged at line `);
  assertEquals(folder.bytesOf(file), before);
  assertEquals(folder.list("segments").length, 1);
});

Deno.test("makeBackup() copies a file of the backup anew that is missing or cut, and says so", () => {
  const log = new LogHarness({ segmentBytes: 800 });
  log.write([messageEntries(1, 5), messageEntries(6, 5)]);
  const original = new MemoryFiles();
  const { segments } = backUp(log.files, original).manifest;
  for (const [index, { file, bytes }] of segments.entries()) {
    for (const left of [undefined, 0, bytes - 1]) {
      const folder = new MemoryFiles();
      backUp(log.files, folder);
      if (left === undefined) folder.remove(file);
      else folder.truncate(file, left);
      const { manifest, copied, replaced } = backUp(log.files, folder);
      const problem = left === undefined ? "it is missing" : `it has ${left} bytes of ${bytes}`;
      assertEquals([copied, replaced], [bytes, [`${file}: ${problem}`]]);
      assertEquals(manifest.segments[index], { ...segments[index], file: file.replace("-1.", "-2.") });
      verify(folder);
      assertEquals(folder.list("segments").length, segments.length);
    }
  }
  assertEquals(backUp(log.files, original).replaced, []);
  console.log(`${segments.length} files, each removed, emptied and cut`);
});
