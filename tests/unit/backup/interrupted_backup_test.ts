/**
 * Backups and restores that are killed before any of their changes, with any fate of what was not synced.
 *
 * @module
 */

import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { readManifest } from "../../../server/backup/backup_folder.ts";
import { verifyBackup } from "../../../server/backup/verify_backup.ts";
import { atOnce } from "../../../server/log/log_slices.ts";
import type { FileStore } from "../../../server/ports/files.ts";
import { type CrashChoices, MemoryFiles } from "../../testing/memory_files.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { CompactionHarness, markEntry, sentEntry } from "../log/compaction_harness.ts";
import { LogHarness } from "../log/log_harness.ts";
import { backUp, copyOf, entriesOf, Killed, killedBefore, manifestIn, restore } from "./backup_harness.ts";

/** Fates of what was not synced: a killed process keeps everything, a power cut may keep anything. */
const FATES: readonly ((numbers: SeededNumbers) => CrashChoices)[] = [
  () => ({ page: () => "kept", name: () => true, cut: () => true }),
  () => ({ page: () => "lost", name: () => false, cut: () => false }),
  (numbers) => ({
    page: () => numbers.below(2) === 0 ? "kept" : "zeroed",
    name: () => numbers.below(2) === 0,
    cut: () => numbers.below(2) === 0,
  }),
];

/** Does work on files that is killed before every one of its changes; returns the number of changes. */
function killEverywhere(
  folder: () => MemoryFiles,
  work: (folder: MemoryFiles, files: FileStore) => void,
  check: (folder: MemoryFiles, change: number) => void,
): number {
  const numbers = new SeededNumbers(1);
  for (let change = 0;; change++) {
    for (const fate of FATES) {
      const files = folder();
      try {
        work(files, killedBefore(files, change));
        return change;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      files.crash(fate(numbers));
      check(files, change);
    }
  }
}

function written(): CompactionHarness {
  const harness = new CompactionHarness();
  for (let seq = 1; seq <= 12; seq++) harness.commit([sentEntry(seq)]);
  return harness;
}

Deno.test("makeBackup() leaves no backup or a whole one, wherever the first one is killed", () => {
  const { files: source } = written();
  const changes = killEverywhere(
    () => new MemoryFiles(),
    (folder, files) => void backUp(source, folder, files),
    (folder) => {
      const number = readManifest(folder)?.number ?? 0;
      if (number > 0) atOnce(verifyBackup(folder, manifestIn(folder)));
      assertEquals(backUp(source, folder).manifest.number, number + 1);
      atOnce(verifyBackup(folder, manifestIn(folder)));
    },
  );
  assertGreater(changes, 15);
  console.log(`killed before each of ${changes} changes, with ${FATES.length} fates each`);
});

Deno.test("makeBackup() leaves the backup before or the new one, wherever a later one is killed", () => {
  const harness = written();
  const first = new MemoryFiles();
  backUp(harness.files, first);
  harness.commit([markEntry(13, "messagesDeleted", ["m2"])]);
  for (let seq = 14; seq <= 22; seq++) harness.commit([sentEntry(seq)]);
  harness.pass();
  const counts = new Map<number, number>();
  const changes = killEverywhere(
    () => copyOf(first),
    (folder, files) => void backUp(harness.files, folder, files),
    (folder) => {
      const manifest = manifestIn(folder);
      const { entries } = atOnce(verifyBackup(folder, manifest));
      assertEquals(entries, manifest.number === 1 ? 12 : 22);
      counts.set(manifest.number, (counts.get(manifest.number) ?? 0) + 1);
      assertEquals(backUp(harness.files, folder).manifest.number, manifest.number + 1);
      assertEquals(atOnce(verifyBackup(folder, manifestIn(folder))).entries, 22);
      assertEquals(folder.list("segments").length, manifestIn(folder).segments.length);
    },
  );
  assertEquals([...counts.keys()], [1, 2]);
  console.log(`killed before each of ${changes} changes: ${JSON.stringify([...counts])}`);
});

Deno.test("restoreLog() lets no node start from a part of a log, wherever it is killed, and may be done again", () => {
  const harness = written();
  const backup = new MemoryFiles();
  backUp(harness.files, backup);
  const all = entriesOf(harness.files);
  let [refused, restored, unused] = [0, 0, 0];
  const changes = killEverywhere(
    () => new MemoryFiles(),
    (data, files) => void restore(backup, data, { target: files }),
    (data) => {
      const again = copyOf(data);
      const isThere = again.size("log/00000001.jsonl") !== undefined;
      // Where only the end was missing, nobody can see that the mark is gone already.
      if (!isThere || again.size("restoring") !== undefined) assertEquals(restore(backup, again), isThere);
      assertEquals(again.size("restoring"), undefined);
      assertEquals(entriesOf(again), all);
      const isUnused = ["restoring", "filling"].every((name) => data.size(name) === undefined) && !isThere;
      const log = new LogHarness({}, data);
      try {
        log.open();
        if (isUnused) unused++;
        else restored++;
        assertEquals(log.replayed, isUnused ? [] : all);
      } catch {
        assert(!isThere, "a whole log was refused");
        refused++;
      }
    },
  );
  assertGreater(refused, 10);
  assertGreater(restored, 0);
  console.log(
    `killed before each of ${changes} changes: ${refused} starts refused, ${restored} of a whole log`,
  );
  assertGreater(unused, 0);
});

Deno.test("restoreLog() that was killed may be killed again, and is done all the same", () => {
  const harness = written();
  const backup = new MemoryFiles();
  backUp(harness.files, backup);
  const all = entriesOf(harness.files);
  const interrupted = new MemoryFiles();
  assertThrows(() => restore(backup, interrupted, { target: killedBefore(interrupted, 12) }), Killed);
  assertGreater(interrupted.list("log").length, 0);
  const changes = killEverywhere(
    () => copyOf(interrupted),
    (data, files) => void restore(backup, data, { target: files }),
    (data) => {
      if (data.size("restoring") !== undefined) restore(backup, data);
      assertEquals(entriesOf(data), all);
    },
  );
  assertGreater(changes, 15);
  console.log(`killed again before each of ${changes} changes`);
});
