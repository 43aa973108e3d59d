import { assertEquals } from "@std/assert";
import type { EncodedEntry } from "../../../server/core/encoded_entry.ts";
import { HistoryHarness } from "./history_harness.ts";
import { CompactionHarness, markEntry, placed, sentEntry } from "./compaction_harness.ts";
import { messageEntry } from "./log_harness.ts";

/** Everything that a peer with an empty disk gets. */
function fedText(harness: CompactionHarness): string {
  const cursor = harness.writer.history.cursor({ position: 0, version: new Map() });
  const fed: EncodedEntry[] = [];
  for (let isOver = false; !isOver;) {
    cursor.next(Infinity, (outcome) => {
      if (outcome instanceof Error) throw outcome;
      fed.push(...outcome);
      isOver = outcome.length === 0;
    });
    harness.files.settle();
  }
  cursor.close();
  return fed.map(({ json }) => new TextDecoder().decode(json)).join("\n");
}

Deno.test("nobody gets from memory what a pass has erased", () => {
  const harness = new CompactionHarness();
  const account = "aa000000000000000001";
  harness.commit([placed(1, { type: "accountCreated", account, name: "Zebulon", hash: "$hash" })]);
  for (let seq = 2; seq <= 30; seq++) harness.commit([sentEntry(seq)]);
  harness.commit([markEntry(31, "messagesDeleted", ["m5", "m30"])]);
  harness.commit([placed(32, { type: "accountDeleted", account })]);
  const before = fedText(harness);
  assertEquals(["$hash", "secret-5.", "secret-30."].map((each) => before.includes(each)), [true, true, true]);
  harness.pass();
  const after = fedText(harness);
  assertEquals(["$hash", "secret-5.", "secret-30."].filter((each) => after.includes(each)), []);
  assertEquals(after.split("\n").length, 32);
  harness.commit([sentEntry(33)]);
  assertEquals(fedText(harness).split("\n").length, 33);
});

Deno.test("entries behind a segment that is replaced stay in memory", () => {
  const harness = new HistoryHarness({ segmentBytes: 2_000 });
  for (let seq = 1; seq <= 30; seq++) harness.commit([messageEntry(seq)]);
  harness.beginCompaction(1, () => true);
  harness.settle();
  const { reads } = harness;
  assertEquals(harness.readFrom(20).map(({ seq }) => seq), harness.entries.slice(20).map(({ seq }) => seq));
  assertEquals(harness.reads, reads);
  assertEquals(harness.readFrom(0).length, 30);
  assertEquals(harness.reads > reads, true);
});
