import { assertEquals, assertMatch, assertNotEquals, assertThrows } from "@std/assert";
import type { Entry } from "../../../server/core/entry.ts";
import { LogDamaged, LogRefused } from "../../../server/log/log_errors.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { LogHarness, messageEntries, messageEntry } from "./log_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";

const SEGMENT = segmentPath(1);

/** A log of batches of three entries, and the end of each batch. */
function sampleLog(bytesMin: number): { bytes: Uint8Array; batches: { end: number; entries: number }[] } {
  const harness = new LogHarness();
  const { log } = harness.open();
  const batches = [{ end: harness.files.size(SEGMENT) ?? 0, entries: 0 }];
  for (let seq = 1; (harness.files.size(SEGMENT) ?? 0) < bytesMin; seq += 3) {
    log.commit(encoded(messageEntries(seq, 3)));
    harness.files.settle();
    batches.push({ end: harness.files.size(SEGMENT) ?? 0, entries: seq + 2 });
  }
  return { bytes: harness.files.bytesOf(SEGMENT), batches };
}

function filesWith(bytes: Uint8Array): MemoryFiles {
  const files = new MemoryFiles();
  files.put(SEGMENT, bytes);
  return files;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

Deno.test("openLog() recovers exactly the whole batches of a log that was cut at any byte", () => {
  const bytesMax = 16_384;
  const { bytes, batches } = sampleLog(bytesMax);
  let checked = 0;
  let minted = 0;
  for (let cut = 0; cut <= bytesMax; cut++) {
    const harness = new LogHarness({}, filesWith(bytes.slice(0, cut)));
    const whole = batches.findLast(({ end }) => end <= cut) ?? { end: 0, entries: 0 };
    const open = harness.open();
    assertEquals(harness.replayed.length, whole.entries);
    assertEquals(harness.replayed.at(-1)?.seq ?? 0, whole.entries);
    const isCut = cut !== whole.end;
    if (open.minted !== (isCut || cut === 0)) throw new Error(`cut at ${cut}: minted is ${open.minted}`);
    if (isCut) minted++;
    open.log.commit(encoded([messageEntry(whole.entries + 1, "after the cut")]));
    harness.files.settle();
    harness.files.kill();
    if (cut % 16 === 0) {
      harness.open();
      assertEquals(
        harness.replayed.map(({ seq }) => seq),
        Array.from({ length: whole.entries + 1 }, (_, i) => i + 1),
      );
    }
    checked++;
  }
  console.log(
    `openLog(): ${checked} cuts of a log of ${bytesMax} bytes, of which ${minted} were inside a batch`,
  );
  assertEquals(checked, 16_385);
});

Deno.test("openLog() keeps what it cut in broken/ and says so in one line", () => {
  const { bytes } = sampleLog(4_096);
  const harness = new LogHarness({}, filesWith(bytes.slice(0, bytes.length - 7)));
  const { origin } = harness.open();
  const kept = harness.files.list("broken");
  assertEquals(kept, ["00000001-1700000000000.cut"]);
  const cut = text(harness.files.bytesOf(`broken/${kept[0]}`));
  assertEquals(text(bytes).includes(cut), true);
  assertEquals(cut.split("\n").length, 3);
  assertEquals(harness.events, ["logTailCut"]);
  assertEquals(harness.lines[0]?.fields["origin"], origin);
});

Deno.test("openLog() mints a new origin for a new folder and after a cut, and only then", () => {
  const harness = new LogHarness();
  const first = harness.write([messageEntries(1, 2)]);
  assertEquals([first.origin, first.minted], ["node1#000000000001", true]);
  harness.close(first);
  const afterClean = harness.open();
  assertEquals([afterClean.origin, afterClean.minted], ["node1#000000000001", false]);
  harness.files.kill();
  const afterKill = harness.open();
  assertEquals([afterKill.origin, afterKill.minted], ["node1#000000000001", false]);
  harness.files.kill();
  harness.files.put(SEGMENT, harness.files.bytesOf(SEGMENT).slice(0, -1));
  const afterCut = harness.open();
  assertEquals([afterCut.origin, afterCut.minted], ["node1#000000000002", true]);
  harness.files.kill();
  assertEquals(harness.open().origin, "node1#000000000002");
});

Deno.test("openLog() keeps the new origin even if it is killed at any moment of the start that cut", () => {
  const { bytes } = sampleLog(2_048);
  let kills = 0;
  for (const operation of ["append", "sync", "rename", "syncFolder", "remove"] as const) {
    for (let nth = 1; nth <= 12; nth++) {
      const harness = new LogHarness({}, filesWith(bytes.slice(0, bytes.length - 1)));
      const before = "node1#000000000001";
      harness.files.fail(operation, nth, Infinity);
      try {
        harness.open({ random: { bytes: () => Uint8Array.of(8, 8, 8, 8, 8, nth) } });
      } catch {
        kills++;
      }
      harness.files.heal();
      harness.files.crash({ page: () => "lost", name: () => nth % 2 === 0, cut: () => true });
      const { origin } = harness.open({ random: { bytes: () => Uint8Array.of(9, 9, 9, 9, 9, nth) } });
      assertNotEquals(origin, before);
    }
  }
  console.log(`openLog(): ${kills} starts that cut were ended half way`);
  assertEquals(kills > 10, true);
});

Deno.test("openLog() writes the last segment anew after an unclean end, and only then", () => {
  const harness = new LogHarness();
  harness.write([messageEntries(1, 3)]);
  harness.files.kill();
  const renames = (): number => harness.files.calls.get("rename") ?? 0;
  const before = renames();
  harness.close(harness.open());
  // One rename for the segment, one for the file `clean`.
  assertEquals(renames() - before, 2);
  const clean = renames();
  harness.open();
  assertEquals(renames() - clean, 0);
  assertEquals(harness.replayed.length, 3);
});

Deno.test("openLog() saves lines that were in the cache and not on the disk", () => {
  const harness = new LogHarness();
  const { log } = harness.open();
  harness.files.fail("sync", 1);
  log.commit(encoded(messageEntries(1, 3)));
  harness.files.settle();
  assertEquals(harness.faults.length, 1);
  harness.files.kill();
  harness.open();
  assertEquals(harness.replayed.length, 3);
  harness.files.crash({ page: () => "lost", name: () => false, cut: () => true });
  harness.open();
  assertEquals(harness.replayed.length, 3);
});

Deno.test("openLog() refuses a log whose format is newer", () => {
  const { bytes } = sampleLog(1_024);
  const lines = text(bytes).split("\n").map((line) => line.replace('"format":1', '"format":2'));
  const files = filesWith(new TextEncoder().encode(withChecksums(lines)));
  assertThrows(() => new LogHarness({}, files).open(), LogRefused, "format 2");
});

Deno.test("openLog() refuses the data folder of another node", () => {
  const harness = new LogHarness();
  harness.close(harness.open());
  const error = assertThrows(() => harness.open({ node: "node2" }), LogRefused, "belongs to node node1");
  assertMatch(error.message, /node2.*data folder of its own/);
  assertEquals(harness.open().origin, "node1#000000000001");
});

Deno.test("openLog() refuses a log without one of its segments", () => {
  let checked = 0;
  for (const missing of [1, 2, 3]) {
    const harness = new LogHarness({ segmentBytes: 1_000 });
    harness.write(Array.from({ length: 20 }, (_, index) => messageEntries(index * 3 + 1, 3)));
    assertEquals(harness.files.list("log").length > 4, true);
    harness.files.remove(segmentPath(missing));
    const error = assertThrows(() => harness.open(), LogDamaged);
    assertMatch(
      error.message,
      new RegExp(`^${segmentPath(missing)}, line 1 .*missing.*chat-server log repair`),
    );
    checked++;
  }
  console.log(`openLog(): ${checked} missing segments refused`);
});

Deno.test("openLog() after a shutdown in order refuses a log that lost its last segment or its last lines", () => {
  const lost: ((files: MemoryFiles, last: string) => void)[] = [
    (files, last) => files.remove(last),
    (files, last) => files.put(last, files.bytesOf(last).slice(0, -1)),
    (files, last) =>
      files.put(last, new TextEncoder().encode(text(files.bytesOf(last)).replace(/[^\n]*\n$/, ""))),
    (files) => files.list("log").forEach((name) => files.remove(`log/${name}`)),
    (files) => files.put("clean", new Uint8Array(0)),
  ];
  for (const lose of lost) {
    const harness = new LogHarness({ segmentBytes: 1_000 });
    harness.close(harness.write(Array.from({ length: 9 }, (_, index) => messageEntries(index * 3 + 1, 3))));
    const names = harness.files.list("log");
    lose(harness.files, `log/${names.at(-1)}`);
    assertThrows(() => harness.open(), LogDamaged);
  }
});

Deno.test("openLog() keeps entries of types that it does not know", () => {
  const harness = new LogHarness();
  const strange = {
    origin: "node9#0",
    seq: 7,
    stamp: 12,
    type: "somethingNew",
    batch: "x",
    more: [1, { a: null }],
  };
  harness.write([[strange as unknown as Entry]]);
  harness.open();
  assertEquals(harness.replayed as unknown[], [strange]);
});

Deno.test("openLog() gives up with a clear message where the disk is full and the reserve gone", () => {
  const harness = new LogHarness();
  harness.write([messageEntries(1, 3)]);
  harness.files.kill();
  harness.files.capacityBytes = 1_000;
  assertThrows(() => harness.open(), LogRefused, "Free space and start again");
  harness.files.capacityBytes = 10_000;
  harness.open();
  assertEquals(harness.replayed.length, 3);
});

Deno.test("openLog() uses the reserve for a start on a full disk", () => {
  const harness = new LogHarness({ reserveBytes: 8_192 });
  harness.write([messageEntries(1, 3)]);
  harness.files.settle();
  harness.files.kill();
  harness.files.capacityBytes = 8_192 + 1_100;
  harness.open();
  assertEquals([harness.replayed.length, harness.files.size("reserve")], [3, undefined]);
  harness.files.settle();
  assertEquals(harness.files.size("reserve"), 8_192);
});

/** The lines with valid checksums. */
function withChecksums(lines: readonly string[]): string {
  let prev = "00000000";
  return lines.filter((line) => line !== "").map((line) => {
    const body = line.replace(/,"prev".*$/, `,"prev":"${prev}"`);
    prev = crc(body);
    return `${body},"crc":"${prev}"}\n`;
  }).join("");
}

function crc(body: string): string {
  let value = ~0;
  for (const byte of new TextEncoder().encode(body)) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (~value >>> 0).toString(16).padStart(8, "0");
}
