import { assert, assertEquals, assertGreater, assertStringIncludes, assertThrows } from "@std/assert";
import { BackupRefused } from "../../../server/backup/backup_errors.ts";
import { claimFolder } from "../../../server/backup/backup_folder.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { atOnce } from "../../../server/log/log_slices.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { stateDigest } from "../../testing/state_digest.ts";
import { CompactionHarness, markEntry, sentEntry } from "../log/compaction_harness.ts";
import { LogHarness, messageEntries } from "../log/log_harness.ts";
import {
  backingUp,
  backUp,
  entriesOf,
  manifestIn,
  namesIn,
  OWNER,
  stored,
  TIME,
  verify,
} from "./backup_harness.ts";

/** A log of several segments with 30 messages and, in the last one, the deletion of some. */
function written(): CompactionHarness {
  const harness = new CompactionHarness();
  for (let seq = 1; seq <= 30; seq++) harness.commit([sentEntry(seq)]);
  harness.commit([markEntry(31, "messagesDeleted", ["m2", "m11"])]);
  return harness;
}

Deno.test("makeBackup() copies every byte of the log of a node that was stopped", () => {
  const harness = written();
  const folder = new MemoryFiles();
  const { manifest, copied } = backUp(harness.files, folder);
  assertGreater(manifest.segments.length, 3);
  assertEquals(manifest.version, { "node1#000000000001": 31 });
  assertEquals([manifest.number, manifest.time, manifest.node], [1, TIME, "node1"]);
  let bytes = 0;
  for (const [index, { file }] of manifest.segments.entries()) {
    const original = harness.files.bytesOf(segmentPath(index + 1));
    assertEquals(folder.bytesOf(file), original);
    bytes += original.length;
  }
  assertEquals(copied, bytes);
  verify(folder);
});

Deno.test("makeBackup() copies only what is new", () => {
  const harness = written();
  const folder = new MemoryFiles();
  backUp(harness.files, folder);
  assertEquals(backUp(harness.files, folder).copied, 0);
  const before = harness.files.list("log").length;
  const bytesBefore = harness.files.bytesOf(segmentPath(before)).length;
  harness.commit([sentEntry(32)]);
  const grown = harness.files.bytesOf(segmentPath(before)).length - bytesBefore;
  const beyond = harness.files.size(segmentPath(before + 1)) ?? 0;
  const { manifest, copied } = backUp(harness.files, folder);
  assertGreater(copied, 0);
  assertEquals(copied, grown + beyond);
  assertEquals([manifest.number, manifest.version], [3, { "node1#000000000001": 32 }]);
  assertEquals(entriesOf(stored(folder)).length, 32);
  verify(folder);
});

Deno.test("makeBackup() copies the segments anew that compaction has rewritten, and removes the old copies", () => {
  const harness = written();
  const folder = new MemoryFiles();
  const first = backUp(harness.files, folder).manifest;
  assertStringIncludes(new TextDecoder().decode(folder.bytesOf(first.segments[0]?.file ?? "")), "secret-2.");
  harness.pass();
  const { manifest, copied } = backUp(harness.files, folder);
  const changed = manifest.segments.filter(({ file }) => first.segments.every((each) => each.file !== file));
  assertGreater(changed.length, 1);
  assert(changed.length < manifest.segments.length, "some segments are not copied again");
  const last = manifest.segments.at(-1);
  assertEquals(copied, changed.reduce((sum, { bytes }) => sum + bytes, 0));
  assertEquals(folder.list("segments").length, manifest.segments.length, String(last?.file));
  const text = folder.list("segments").map((name) =>
    new TextDecoder().decode(folder.bytesOf(`segments/${name}`))
  );
  assert(!text.join("").includes("secret-2."), "deleted content is in the backup");
  assertEquals(entriesOf(stored(folder)), entriesOf(harness.files));
  verify(folder);
});

Deno.test("makeBackup() takes what a running node had at one moment, whatever it writes, deletes and compacts", () => {
  let [slices, compacted] = [0, 0];
  for (let pause = 0; pause < 15; pause++) {
    const harness = written();
    const folder = new MemoryFiles();
    const log = entriesOf(harness.files);
    const acknowledged = log.length;
    const work = backingUp(harness.files, folder);
    for (let step = 0; !work.next().done; step++) {
      slices++;
      const [batch, deletion] = [
        [sentEntry(log.length + 1)],
        markEntry(log.length + 2, "messagesDeleted", ["m25"]),
      ];
      if (step === pause) batch.push(deletion);
      log.push(...batch);
      harness.commit(batch);
      if (step === pause) harness.pass();
    }
    verify(folder);
    const entries = entriesOf(stored(folder));
    assertGreater(entries.length, acknowledged - 1);
    if (manifestIn(folder).segments.some(({ sealedCrc }) => sealedCrc !== undefined)) compacted++;
    assertEquals(digestOf(entries), digestOf(log.slice(0, entries.length)));
  }
  assertGreater(compacted, 3);
  console.log(
    `${slices} slices of 15 backups, each with a batch behind it; ${compacted} backups met a compaction`,
  );
});

function digestOf(entries: readonly Entry[]): string {
  const state = new State();
  for (const entry of entries) evolve(state, entry);
  return stateDigest(state);
}

Deno.test("makeBackup() leaves out a batch that is half written, and goes on with it when it is whole", () => {
  const log = new LogHarness();
  log.write([messageEntries(1, 2), messageEntries(3, 2)]);
  const path = segmentPath(1);
  const bytes = log.files.bytesOf(path);
  let cuts = 0;
  const from = new TextDecoder().decode(bytes).lastIndexOf("\n", bytes.length - 2);
  for (let length = from; length < bytes.length; length++) {
    const source = new MemoryFiles();
    source.put(path, bytes.slice(0, length));
    const folder = new MemoryFiles();
    assertEquals(backUp(source, folder).manifest.version, { "node1#000000000001": 2 });
    source.put(path, bytes);
    assertEquals(backUp(source, folder).manifest.version, { "node1#000000000001": 4 });
    verify(folder);
    cuts++;
  }
  console.log(`${cuts} places at which the last batch ended`);
});

Deno.test("makeBackup() makes the end of the log durable before it takes it", () => {
  const harness = written();
  const settled: string[] = [];
  const folder = new MemoryFiles();
  atOnce(backingUp(harness.files, folder, folder, (path) => {
    assertEquals(manifestIn(folder).number, 0);
    settled.push(path);
  }));
  assertEquals(settled, [segmentPath(harness.files.list("log").length)]);
});

Deno.test("makeBackup() refuses a damaged log, and leaves the backup before as it is", () => {
  const harness = written();
  const folder = new MemoryFiles();
  backUp(harness.files, folder);
  const before = folder.bytesOf("manifest.json");
  for (let seq = 32; seq <= 60; seq++) harness.commit([sentEntry(seq)]);
  const segment = harness.files.list("log").length - 1;
  harness.files.corrupt(segmentPath(segment), (bytes) => bytes[200] = (bytes[200] ?? 0) ^ 1);
  const error = assertThrows(() => backUp(harness.files, folder), BackupRefused);
  assertStringIncludes(error.message, `${segmentPath(segment)} is damaged at line `);
  assertEquals(folder.bytesOf("manifest.json"), before);
  assertEquals(folder.list("segments").length, manifestIn(folder).segments.length);
  verify(folder);
  harness.files.remove(segmentPath(segment));
  assertThrows(() => backUp(harness.files, folder), BackupRefused, `${segmentPath(segment)} is missing`);
});

Deno.test("makeBackup() gives the room back when the disk of the backup is full", () => {
  const harness = written();
  const folder = new MemoryFiles();
  backUp(harness.files, folder);
  const used = folder.list("segments").length;
  for (let seq = 32; seq <= 80; seq++) harness.commit([sentEntry(seq)]);
  folder.capacityBytes = 0;
  folder.capacityBytes = -folder.freeBytes + 2_500;
  const error = assertThrows(() => backUp(harness.files, folder), Error);
  assertStringIncludes(error.message, "ENOSPC");
  assertEquals(folder.list("segments").length, used);
  assertEquals(folder.freeBytes, 2_500);
  verify(folder);
  folder.capacityBytes = Infinity;
  assertEquals(backUp(harness.files, folder).manifest.version, { "node1#000000000001": 80 });
});

Deno.test("claimFolder() refuses folders of others, and goes on with an interrupted first backup", () => {
  const head = { ...OWNER, time: TIME, program: "1.0.0" };
  const claim = (files: MemoryFiles, owner = OWNER) =>
    claimFolder(files, namesIn(files), { ...head, ...owner });
  const claimed = new MemoryFiles();
  assertEquals(claim(claimed).number, 0);
  assertEquals(claim(claimed).number, 0);
  for (const owner of [{ ...OWNER, node: "node2" }, { ...OWNER, cluster: "other" }]) {
    const error = assertThrows(() => claim(claimed, owner), BackupRefused);
    assertStringIncludes(error.message, "it has backups of node1 of the cluster test");
  }
  claimed.corrupt("manifest.json", (bytes) => bytes[20] = 0);
  const damaged = assertThrows(() => claim(claimed), BackupRefused);
  assertStringIncludes(damaged.message, "manifest.json is damaged: its checksum is");
  assertStringIncludes(damaged.message, "stays as it is: name another folder for the backups from now on");
  const foreign = new MemoryFiles();
  foreign.put("letter.txt", new Uint8Array(1));
  const error = assertThrows(() => claim(foreign), BackupRefused);
  assertStringIncludes(error.message, "is not empty (there is letter.txt)");
  const interrupted = new MemoryFiles();
  interrupted.put("lock", new Uint8Array(0));
  interrupted.put("manifest.json.new", new Uint8Array(10));
  assertEquals(claim(interrupted).number, 0);
});
