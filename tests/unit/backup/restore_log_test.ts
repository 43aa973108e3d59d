import {
  assertEquals,
  assertGreater,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { BackupDamaged, BackupRefused } from "../../../server/backup/backup_errors.ts";
import { readManifest } from "../../../server/backup/backup_folder.ts";
import { verifyBackup } from "../../../server/backup/verify_backup.ts";
import { isBeingFilled } from "../../../server/log/filling_mark.ts";
import { atOnce } from "../../../server/log/log_slices.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { LogHarness, messageEntry } from "../log/log_harness.ts";
import { backUp, manifestIn, restore } from "./backup_harness.ts";

/** Small, so that a short log has several segments. */
const SEGMENT_BYTES = 1_500;

/** Ten batches of two messages each; message `n` has the time `n`, but message 5 says that it was sent at 14. */
function backedUp(): { readonly log: LogHarness; readonly folder: MemoryFiles } {
  const log = new LogHarness({ segmentBytes: SEGMENT_BYTES });
  const entry = (seq: number) => {
    const sent = messageEntry(seq);
    return seq === 5 ? { ...sent, at: sent.stamp + 9 } : sent;
  };
  log.close(log.write(Array.from({ length: 10 }, (_, i) => [entry(2 * i + 1), entry(2 * i + 2)])));
  const folder = new MemoryFiles();
  backUp(log.files, folder);
  return { log, folder };
}

Deno.test("restoreLog() brings back every entry, and the next start mints an origin", () => {
  const { log, folder } = backedUp();
  const original = log.open();
  const data = new MemoryFiles();
  restore(folder, data);
  assertEquals(isBeingFilled(data), true);
  const restored = new LogHarness({ random: { bytes: (count) => new Uint8Array(count).fill(7) } }, data);
  const { origin, minted } = restored.open();
  assertEquals(restored.replayed, log.replayed);
  assertEquals([restored.replayed.length, minted], [20, true]);
  assertNotEquals(origin, original.origin);
  const text = new TextDecoder().decode(data.bytesOf(`log/${data.list("log").at(-1)}`));
  assertMatch(text, /"type":"repaired","timeMs":\d+,"backupMs":1769882400000,/);
});

Deno.test("restoreLog() goes on with the log, also of a later backup of the restored node", () => {
  const { folder } = backedUp();
  const data = new MemoryFiles();
  restore(folder, data);
  const log = new LogHarness({ segmentBytes: SEGMENT_BYTES }, data);
  log.close(log.write([[messageEntry(1, "after", "node1#00000000000a")]]));
  const { manifest } = backUp(data, folder);
  assertEquals(manifest.version, { "node1#000000000001": 20, "node1#00000000000a": 1 });
  const again = new MemoryFiles();
  restore(folder, again);
  const third = new LogHarness({}, again);
  third.open();
  assertEquals(third.replayed.length, 21);
});

Deno.test("verifyBackup() ends before the first batch with an entry after the wanted time", () => {
  const { folder } = backedUp();
  let cuts = 0;
  for (let time = 2; time <= 21; time++) {
    const data = new MemoryFiles();
    restore(folder, data, { until: messageEntry(time).stamp });
    const log = new LogHarness({}, data);
    assertEquals(log.open().minted, true);
    // Message 5 was sent at 14: neither its batch nor a later one is there before.
    assertEquals(
      log.replayed.length,
      time < 14 ? Math.min(time - time % 2, 4) : Math.min(time - time % 2, 20),
    );
    cuts++;
  }
  const error = assertThrows(() => restore(folder, new MemoryFiles(), { until: 1 }), BackupRefused);
  assertStringIncludes(error.message, "the first entry in the backup is later than that time");
  console.log(`${cuts} times`);
});

Deno.test("verifyBackup() names the entry that ends the wanted part", () => {
  const { folder } = backedUp();
  const until = (time: number) => atOnce(verifyBackup(folder, manifestIn(folder), messageEntry(time).stamp));
  const cutBy = (seq: number, time: number) => ({
    origin: "node1#000000000001",
    seq,
    time: messageEntry(time).stamp,
  });
  // Message 5 was sent at 14.
  assertEquals(until(13).cutBy, cutBy(5, 14));
  assertEquals([until(14).cutBy, until(14).entries], [cutBy(15, 15), 14]);
  assertEquals([until(20).cutBy, until(20).entries], [undefined, 20]);
});

Deno.test("restoreLog() leaves nothing of a log on a full disk, and may be done again", () => {
  const { folder } = backedUp();
  const whole = new MemoryFiles();
  restore(folder, whole);
  let failures = 0;
  for (let room = 100; room < whole.list("log").length * SEGMENT_BYTES; room += 100) {
    const data = new MemoryFiles();
    data.capacityBytes = room;
    try {
      restore(folder, data);
      break;
    } catch (error) {
      assertStringIncludes(String(error), "ENOSPC");
    }
    assertEquals(data.list("log"), []);
    assertThrows(
      () => new LogHarness({}, data).open(),
      Error,
      "A restore into this data folder was interrupted",
    );
    data.capacityBytes = Infinity;
    assertEquals(restore(folder, data), false);
    failures++;
  }
  assertGreater(failures, 20);
  console.log(`${failures} sizes of a disk`);
});

Deno.test("restoreLog() only finishes what an interrupted one has copied, and replaces no other log", () => {
  const { folder } = backedUp();
  const data = new MemoryFiles();
  restore(folder, data);
  const text = data.bytesOf("log/00000001.jsonl");
  data.put("restoring", new Uint8Array(1));
  assertEquals(restore(folder, data), true);
  assertEquals([data.size("restoring"), data.bytesOf("log/00000001.jsonl")], [undefined, text]);
  data.put("restoring", new Uint8Array(1));
  const other = new LogHarness({ segmentBytes: SEGMENT_BYTES });
  other.write([[messageEntry(1, "other")]]);
  const otherFolder = new MemoryFiles();
  backUp(other.files, otherFolder);
  assertThrows(
    () => restore(otherFolder, data),
    BackupRefused,
    "the data folder is not empty (there is log)",
  );
  assertEquals(data.bytesOf("log/00000001.jsonl"), text);
});

Deno.test("refuseUsed() refuses a folder with anything in it", () => {
  const { folder } = backedUp();
  for (
    const [path, named] of [["log/00000001.jsonl", "00000001.jsonl"], ["clean", "clean"], ["x", "x"]] as const
  ) {
    const data = new MemoryFiles();
    data.put(path, new Uint8Array(3));
    const error = assertThrows(() => restore(folder, data), BackupRefused);
    assertStringIncludes(error.message, `the data folder is not empty (there is ${named})`);
    assertEquals(data.bytesOf(path).length, 3);
  }
  const data = new MemoryFiles();
  for (const name of ["lock", "proven", "filling"]) data.put(name, new Uint8Array(1));
  restore(folder, data);
});

Deno.test("verifyBackup() finds every flipped bit, and names the file", () => {
  const { folder } = backedUp();
  const manifest = manifestIn(folder);
  let flips = 0;
  for (const file of ["manifest.json", ...manifest.segments.map(({ file }) => file)]) {
    const length = folder.bytesOf(file).length;
    for (let at = 0; at < length; at++) {
      const flip = (bytes: Uint8Array): void => void (bytes[at] = (bytes[at] ?? 0) ^ (1 << at % 8));
      folder.corrupt(file, flip);
      const error = assertThrows(() => check(folder), BackupDamaged);
      assertStringIncludes(error.message, file);
      folder.corrupt(file, flip);
      flips++;
    }
  }
  check(folder);
  console.log(`${flips} bits`);
});

Deno.test("verifyBackup() names line and byte of damage, and files that are cut or missing", () => {
  const { folder } = backedUp();
  const { segments } = manifestIn(folder);
  const [, second] = segments;
  const file = second?.file ?? "";
  const text = new TextDecoder().decode(folder.bytesOf(file));
  const at = text.indexOf("\n") + 1;
  folder.corrupt(file, (bytes) => bytes[at + 30] = 0x21);
  const place = `${file}, line 2 (byte ${at}) is damaged: its checksum is `;
  assertStringIncludes(assertThrows(() => check(folder), BackupDamaged).message, place);
  folder.truncate(file, 100);
  const cut = `${file} is damaged: it has 100 bytes of ${second?.bytes}`;
  assertStringIncludes(assertThrows(() => check(folder), BackupDamaged).message, cut);
  folder.remove(file);
  assertStringIncludes(
    assertThrows(() => check(folder), BackupDamaged).message,
    `${file} is damaged: it is missing`,
  );
});

Deno.test("verifyBackup() refuses a folder whose first backup was never finished", () => {
  const { folder } = backedUp();
  const manifest = { ...manifestIn(folder), segments: [] };
  assertThrows(() => atOnce(verifyBackup(folder, manifest)), BackupRefused, "was never finished");
});

function check(folder: MemoryFiles): void {
  const manifest = readManifest(folder);
  if (manifest !== undefined) atOnce(verifyBackup(folder, manifest));
}
