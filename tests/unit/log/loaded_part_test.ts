import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import type { Entry } from "../../../server/core/entry.ts";
import { type LoadedPart, LoadedPartRefused } from "../../../server/log/loaded_part.ts";
import { LogDamaged } from "../../../server/log/log_errors.ts";
import { LogFollower } from "../../../server/log/log_follower.ts";
import { segmentPath } from "../../../server/log/segments.ts";
import type { SegmentBeginning } from "../../../server/ports/history.ts";
import { FIRST, HistoryHarness } from "./history_harness.ts";
import { messageEntry } from "./log_harness.ts";

const OTHER = "node2#00000000000b";

/** A log of many segments, of several runs and versions, with entries of another node. */
function longLog(batches: number): HistoryHarness {
  const harness = new HistoryHarness({ segmentBytes: 2_000 });
  let others = 0;
  for (let seq = 1; seq <= batches * 3; seq += 3) {
    harness.commit([messageEntry(seq), messageEntry(seq + 1), messageEntry(seq + 2)]);
    if (seq % 2 === 0) harness.commit([messageEntry(++others, "theirs", OTHER)]);
    if (seq % 5 === 0) restart(harness, { version: `1.0.${seq}` });
  }
  return harness;
}

function restart(harness: HistoryHarness, settings: Parameters<HistoryHarness["log"]["open"]>[0] = {}): void {
  harness.files.kill();
  harness.tasks.splice(0);
  harness.open = harness.log.open(settings);
}

/** All beginnings of segments, as an archive notes them. */
function beginningsOf({ files, open: { log, history } }: HistoryHarness): SegmentBeginning[] {
  const follower = new LogFollower(files, FIRST);
  const durable = { segment: log.segment, bytes: log.bytes, position: history.end.position };
  while (follower.next(durable, 2).length > 0);
  const beginnings = follower.takeBeginnings();
  follower.close();
  return [...beginnings];
}

/** The part of an archive at a position. */
function partAt(harness: HistoryHarness, position: number, all = beginningsOf(harness)): LoadedPart {
  return { ...harness.placeAt(position), beginnings: all.filter((each) => each.position <= position) };
}

Deno.test("openLog() replays what is behind a loaded part, and knows the whole log", () => {
  const harness = longLog(20);
  const all = beginningsOf(harness);
  assertEquals(all.map(({ segment }) => segment), all.map((_, i) => i + 1));
  const { origin } = harness.open;
  let places = 0;
  for (let position = 0; position <= harness.entries.length; position++) {
    restart(harness, { loaded: partAt(harness, position, all), version: `2.0.${position}` });
    const { open } = harness;
    assertEquals(harness.log.replayed, harness.entries.slice(position));
    assertEquals(open.origin, origin);
    assertEquals(open.minted, false);
    assertEquals(open.writtenBy, position === 0 ? "1.0.55" : `2.0.${position - 1}`);
    assertEquals(open.history.end.version, harness.versionAt(harness.entries.length));
    assertEquals(harness.readFrom(0), harness.entries);
    const middle = (position * 7) % harness.entries.length;
    assertEquals(harness.readFrom(middle), harness.entries.slice(middle));
    const before = open.history.segmentBefore(middle);
    assert(before.position <= middle);
    assertEquals(before.version, harness.versionAt(before.position));
    places++;
  }
  // The marks of all these starts are in the last segments.
  const seq = harness.open.history.end.version.get("node1#000000000001")?.seq ?? 0;
  harness.commit([messageEntry(seq + 1)]);
  assertEquals(harness.readFrom(0), harness.entries);
  console.log(`${places} places in ${all.length} segments`);
  assertGreater(all.length, 6);
});

Deno.test("openLog() opens a log whose segments were compacted since", () => {
  const harness = longLog(20);
  const all = beginningsOf(harness);
  let compacted = 0;
  for (let segment = 1; segment < harness.open.log.segment; segment += 2) {
    harness.beginCompaction(segment, ({ seq }) => seq % 2 === 0);
    harness.settle();
    compacted++;
  }
  const isErased = (entry: Entry): boolean => "digest" in entry;
  for (let position = 0; position <= harness.entries.length; position++) {
    restart(harness, { loaded: partAt(harness, position, all) });
    assertEquals(places(harness.log.replayed), places(harness.entries.slice(position)));
  }
  restart(harness);
  const erased = harness.log.replayed.filter(isErased).length;
  console.log(`${compacted} segments compacted, ${erased} entries erased`);
  assertGreater(erased, 10);
});

function places(entries: readonly Entry[]): string[] {
  return entries.map(({ origin, seq }) => `${origin}/${seq}`);
}

Deno.test("openLog() refuses a loaded part that is not this log's, and changes nothing", () => {
  const harness = longLog(20);
  const all = beginningsOf(harness);
  const end = harness.entries.length;
  const at = end - 4;
  const part = partAt(harness, at, all);
  const last = part.beginnings.at(-1) ?? FIRST;
  const others = new Map(part.version).set(OTHER, { seq: 1, stamp: 1 });
  const refused: Record<string, LoadedPart> = {
    "another version": { ...part, version: others },
    "more than the log has": { ...partAt(harness, end, all), position: end + 1 },
    "another place": { ...part, position: at - 1 },
    "no beginnings": { ...part, beginnings: [] },
    "a gap": { ...part, beginnings: all.slice(0, 3).concat(last) },
    "another checksum": {
      ...part,
      beginnings: [...part.beginnings.slice(0, -1), { ...last, crc: "12345678" }],
    },
    "another batch": {
      ...part,
      beginnings: [...part.beginnings.slice(0, -1), { ...last, batch: last.batch + 1 }],
    },
    "a segment that is not there": {
      ...part,
      beginnings: [...all, { ...last, segment: all.length + 1 }],
    },
  };
  for (const loaded of Object.values(refused)) {
    harness.files.kill();
    const before = harness.files.bytesOf(segmentPath(all.length));
    assertThrows(() => harness.log.open({ loaded }), LoadedPartRefused);
    assertEquals(harness.files.bytesOf(segmentPath(all.length)), before);
  }
  restart(harness, { loaded: part });
  assertEquals(harness.log.replayed.length, 4);
  console.log(`${Object.keys(refused).length} parts refused`);
});

Deno.test("openLog() leaves damage to the replay of the whole log, and passes over that in older segments", () => {
  const harness = longLog(20);
  const all = beginningsOf(harness);
  const part = partAt(harness, harness.entries.length - 4, all);
  const opened = part.beginnings.length;
  const flip = (segment: number, at: number): void =>
    harness.files.corrupt(segmentPath(segment), (bytes) => bytes[at] = (bytes[at] ?? 0) ^ 1);
  harness.files.kill();
  flip(2, 300);
  harness.open = harness.log.open({ loaded: part });
  assertEquals(harness.log.replayed.length, 4);
  harness.files.kill();
  for (const at of [100, 700]) {
    flip(opened, at);
    assertThrows(() => harness.log.open({ loaded: part }), LoadedPartRefused);
    flip(opened, at);
  }
  const damaged = assertThrows(() => harness.log.open(), LogDamaged);
  assertEquals(damaged.damage.file, segmentPath(2));
});

Deno.test("openLog() cuts a torn tail behind a loaded part, and mints an origin", () => {
  const harness = longLog(20);
  const part = partAt(harness, harness.entries.length - 4);
  const path = segmentPath(harness.open.log.segment);
  const { origin } = harness.open;
  harness.files.kill();
  harness.files.append(path, new TextEncoder().encode('{"type":"idle","ba'));
  harness.open = harness.log.open({ loaded: part });
  assertEquals(harness.open.minted, true);
  assertEquals(harness.open.origin === origin, false);
  assertEquals(harness.log.replayed.length, 4);
  harness.files.kill();
  harness.open = harness.log.open();
  assertEquals(harness.log.replayed.length, harness.entries.length);
});
