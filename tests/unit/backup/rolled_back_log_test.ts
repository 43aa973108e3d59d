/**
 * Backups of a log that lacks entries of the backup before, or has others.
 *
 * @module
 */

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { BackupRefused } from "../../../server/backup/backup_errors.ts";
import { writeManifest } from "../../../server/backup/backup_folder.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { LogHarness, messageEntries, messageEntry } from "../log/log_harness.ts";
import { backUp, entriesOf, stored, TIME, verify } from "./backup_harness.ts";

Deno.test("makeBackup() never replaces entries that the log has lost", () => {
  const folder = new MemoryFiles();
  const full = new LogHarness();
  full.write([messageEntries(1, 5)]);
  backUp(full.files, folder);
  const shorter = new LogHarness();
  shorter.write([messageEntries(1, 3)]);
  const error = assertThrows(() => backUp(shorter.files, folder), BackupRefused);
  assertStringIncludes(error.message, "has 5 entries of node1#000000000001, and the log has 3");
  verify(folder);
  assertEquals(entriesOf(stored(folder)).length, 5);
});

Deno.test("makeBackup() never replaces entries whose numbers the log has given to others", () => {
  const entriesFrom = (from: number, to: number, laterBy: number): Entry[] =>
    Array.from({ length: to - from + 1 }, (_, index) => {
      const sent = messageEntry(from + index);
      return { ...sent, stamp: sent.stamp + laterBy };
    });
  const common = entriesFrom(1, 10, 0);
  let refused = 0;
  for (const segmentBytes of [800, 1_000_000]) {
    for (const more of [0, 1, 20]) {
      const folder = new MemoryFiles();
      const first = new LogHarness({ segmentBytes });
      first.write([common, entriesFrom(11, 15, 0)]);
      backUp(first.files, folder);
      const rolledBack = new LogHarness({ segmentBytes });
      rolledBack.write([common, entriesFrom(11, 15 + more, 100)]);
      const error = assertThrows(() => backUp(rolledBack.files, folder), BackupRefused);
      const text =
        `the log has other entries of node1#000000000001 than the backup of ${TIME} there, among the`;
      assertStringIncludes(error.message, text);
      verify(folder);
      assertEquals(entriesOf(stored(folder)), [...common, ...entriesFrom(11, 15, 0)]);
      refused++;
    }
  }
  console.log(`${refused} logs that were rolled back`);
});

Deno.test("makeBackup() goes on with a backup of a version that knew no chains, and adds them", () => {
  const log = new LogHarness({ segmentBytes: 800 });
  log.write([messageEntries(1, 5), messageEntries(6, 5)]);
  const folder = new MemoryFiles();
  const { manifest } = backUp(log.files, folder);
  const segments = manifest.segments.map(({ chains: _, ...segment }) => segment);
  writeManifest(folder, { ...manifest, segments });
  const next = backUp(log.files, folder);
  assertEquals(next.copied, 0);
  assertEquals(next.manifest.segments, manifest.segments);
  assertEquals(next.manifest.segments.every(({ chains }) => chains !== undefined), true);
});
