import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import type { Event } from "../../../server/core/events.ts";
import { verifyLog } from "../../../server/log/verify_log.ts";
import type { LogFields } from "../../../server/ports/outside.ts";
import { stateDigest } from "../../testing/state_digest.ts";
import { CompactionHarness, markEntry, placed, sentEntry } from "./compaction_harness.ts";

const DAY_MS = 86_400_000;

/** A message in the erased form of an earlier version, with an unkeyed digest. */
function erasedByEarlierVersion(seq: number): ReturnType<typeof placed> {
  const { type, id, from, to } = sentEntry(seq) as ReturnType<typeof placed> & { type: "messageSent" };
  return placed(seq, { type, id, from, to, content: "", digest: 3_300_596_994_189_000 + seq });
}

function said(harness: CompactionHarness, event: string): LogFields[] {
  return harness.harness.lines.filter((line) => line.event === event).map(({ fields }) => fields);
}

Deno.test("the first pass after an upgrade erases the digests of earlier versions, and says how long it took", () => {
  const harness = new CompactionHarness();
  for (let seq = 1; seq <= 40; seq++) {
    harness.commit([seq % 4 === 0 ? erasedByEarlierVersion(seq) : sentEntry(seq)]);
  }
  const segments = harness.files.list("log").length;
  assertGreater(segments, 3);
  harness.open("1.1.0");
  const [notice, ...more] = said(harness, "logOfOtherVersion");
  assertEquals([notice?.["writtenBy"], notice?.["segments"], more.length], ["1.0.0", segments, 0]);
  assertStringIncludes(String(notice?.["next"]), "in an hour");
  harness.pass();
  const [done] = said(harness, "logCompacted");
  assertEquals([done?.["upgradedFrom"], done?.["segmentsRead"]], ["1.0.0", segments]);
  assertEquals(typeof done?.["durationMs"], "number");
  assertGreater(Number(done?.["entries"]), 5);
  harness.commit([markEntry(41, "messagesDeleted", ["m99"])]);
  harness.pass();
  assertEquals(said(harness, "logCompacted").map((fields) => fields["upgradedFrom"]), ["1.0.0", undefined]);
  assertEquals(harness.allText().match(/"digest":\d+/g), Array(10).fill('"digest":0'));
  assertEquals(verifyLog(harness.files).damage, undefined);
  const digest = stateDigest(harness.state);
  harness.open("1.1.0");
  assertEquals(said(harness, "logOfOtherVersion").length, 1);
  assertEquals(stateDigest(harness.state), digest);
});

Deno.test("the first pass after an upgrade erases the digests of a log of one segment, though nothing is written", () => {
  const harness = new CompactionHarness();
  harness.commit([sentEntry(1), erasedByEarlierVersion(2)]);
  harness.open("1.1.0");
  assertEquals([harness.files.list("log").length, harness.allText().includes("3300596994189002")], [1, true]);
  harness.pass();
  assertEquals(harness.allText().match(/"digest":\d+/g), ['"digest":0']);
  assertEquals(said(harness, "logCompacted").map((fields) => fields["segmentsRewritten"]), [1]);
  assertEquals(verifyLog(harness.files).damage, undefined);
});

Deno.test("a new log, and one of the same version, need no upgrade", () => {
  const harness = new CompactionHarness();
  harness.commit([sentEntry(1)]);
  harness.open();
  harness.pass();
  assertEquals(said(harness, "logOfOtherVersion"), []);
  assertEquals(said(harness, "logCompacted").map((fields) => "upgradedFrom" in fields), [false]);
});

/** A log with a key and a fingerprint that compaction reaches, and nothing else to erase. */
function withFingerprint(): CompactionHarness {
  const harness = new CompactionHarness();
  const marks = markEntry(4, "messagesDeleted", ["m1"]);
  harness.commit([sentEntry(1), sentEntry(2)]);
  harness.commit([placed(3, { type: "fingerprintKeyMade", account: "ada.000000000001", key: "the key" })]);
  harness.commit([{ ...marks, fingerprints: ["the fingerprint"] } as typeof marks]);
  harness.pass();
  harness.commit([sentEntry(5)]);
  return harness;
}

Deno.test("fingerprints leave the log within a day after their 30 days, though nothing else is deleted", () => {
  const harness = withFingerprint();
  const holds = (): boolean[] =>
    ["the fingerprint", "the key", "secret-1."].map((each) => harness.allText().includes(each));
  assertEquals(holds(), [true, true, false]);
  let passes = said(harness, "logCompacted").length;
  for (let day = 1; day <= 32; day++) {
    assertEquals(holds(), [day <= 31, true, false], `day ${day}`);
    harness.wallMs += DAY_MS;
    harness.tick(DAY_MS - 1);
    harness.files.settle();
    assertEquals(said(harness, "logCompacted").length, passes);
    harness.tick(1);
    harness.files.settle();
    assertEquals(said(harness, "logCompacted").length, ++passes);
  }
  assertEquals(verifyLog(harness.files).damage, undefined);
});

Deno.test("a clock that jumps ahead erases fingerprints early, and one that goes back keeps none for longer", () => {
  for (const jumpMs of [40 * DAY_MS, -2 * DAY_MS, -4_000 * DAY_MS]) {
    const harness = withFingerprint();
    harness.wallMs += jumpMs;
    harness.tick(DAY_MS);
    harness.files.settle();
    assertEquals(harness.allText().includes("the fingerprint"), false);
    assertEquals(verifyLog(harness.files).damage, undefined);
  }
});

Deno.test("a deleted account's key and fingerprints leave the log with its messages", () => {
  const harness = withFingerprint();
  const gone: Event = { type: "accountDeleted", account: "ada.000000000001" };
  harness.commit([placed(6, gone)]);
  harness.pass();
  const text = harness.allText();
  for (const secret of ["the key", "the fingerprint", "secret-2."]) {
    assertEquals(text.includes(secret), false, secret);
  }
  assertEquals(verifyLog(harness.files).damage, undefined);
});
