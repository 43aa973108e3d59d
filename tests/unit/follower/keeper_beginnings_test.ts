import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { messageEntries } from "../log/log_harness.ts";
import { WriterHarness } from "./keeper_harness.ts";

Deno.test("ArchiveKeeper notes the beginning of every segment once, whatever restarts come between", () => {
  const harness = new WriterHarness();
  harness.start();
  for (let seq = 1; seq <= 600; seq += 30) {
    harness.log.commit(messageEntries(seq, 30));
    harness.post();
    if (seq % 90 === 1) harness.work();
    if (seq % 60 === 1) harness.log.restart();
    if (seq % 120 === 1) harness.start();
  }
  harness.start();
  harness.work();
  const noted = new Map(harness.archive.beginnings.map((each) => [each.segment, each]));
  const { segment } = harness.log.open.log;
  assertEquals([...noted.keys()], Array.from({ length: segment }, (_, i) => i + 1));
  for (const { segment, position, version, origin } of noted.values()) {
    const place = harness.log.open.history.segmentBefore(position);
    assertEquals([place.segment, place.position], [segment, position]);
    assertEquals(version, harness.log.versionAt(position));
    assertEquals(origin, segment === 1 ? undefined : harness.log.open.origin);
  }
  assertGreater(segment, 10);
});

Deno.test("ArchiveKeeper refuses an archive that knows other beginnings of segments", () => {
  const harness = new WriterHarness();
  for (let seq = 1; seq <= 100; seq += 10) harness.log.commit(messageEntries(seq, 10));
  harness.start();
  harness.work();
  harness.archive.beginnings.push(
    ...harness.archive.beginnings.splice(0).map((each) => ({ ...each, position: each.position + 1 })),
  );
  harness.start();
  harness.work();
  const report = harness.last();
  assert(report?.type === "failed" && report.remedy === "rebuild");
  assertStringIncludes(report.problem, "another beginning of segment");
});
