import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { EncodedEntry } from "../../../server/core/encoded_entry.ts";
import { decodeMessage, encodeMessage } from "../../../server/grpc/message_codec.ts";
import { repairLog } from "../../../server/log/repair_log.ts";
import { LOG_FOLDER } from "../../../server/log/segments.ts";
import { EntryFeed } from "../../../server/replication/entry_feed.ts";
import { receive } from "../../../server/replication/received_entries.ts";
import { comparedForks } from "../../testing/compared_forks.ts";
import { encoded } from "../../testing/encoded_entries.ts";
import { NEWER_ORIGIN, NEWER_TEXTS, newerEntries, newerTextsMissing } from "../../testing/newer_version.ts";
import { HistoryHarness } from "../log/history_harness.ts";
import { messageEntry } from "../log/log_harness.ts";

/** All entries of a node, as an empty peer gets them over the wire. */
function sentBy(node: HistoryHarness): EncodedEntry[] {
  const { history } = node.open;
  const place = history.latestPlace((version) => version.size === 0);
  const onError = (error: Error): void => {
    throw error;
  };
  const feed = new EntryFeed({ history, place, isWanted: () => true, onError });
  const received: EncodedEntry[] = [];
  const version = new Map();
  while (feed.position < history.end.position) {
    feed.read(history.end.position, () => {});
    node.settle();
    for (let batch = feed.next; batch !== undefined; batch = feed.next) {
      feed.take();
      const { lines, count, previous } = batch;
      const message = decodeMessage(encodeMessage({ type: "entries", number: 1, lines, count, previous }));
      assert(message?.type === "entries");
      const outcome = receive(message, version, comparedForks(version));
      assert("entries" in outcome, JSON.stringify(outcome));
      received.push(...outcome.entries);
      for (const { entry: { origin, seq, stamp } } of outcome.entries) version.set(origin, { seq, stamp });
    }
  }
  feed.close();
  return received;
}

/** Texts of the entries of a newer version. */
function newerTextsOf(entries: readonly EncodedEntry[]): string[] {
  const theirs = entries.filter(({ entry }) => entry.origin === NEWER_ORIGIN);
  return theirs.map(({ json }) => new TextDecoder().decode(json));
}

/** Content of all files of the log. */
function textOf({ files }: HistoryHarness): string {
  return files.list(LOG_FOLDER).map((name) =>
    new TextDecoder().decode(files.bytesOf(`${LOG_FOLDER}/${name}`))
  ).join("");
}

function assertIsIn(node: HistoryHarness): void {
  assertEquals(newerTextsOf(sentBy(node)), NEWER_TEXTS);
  assertEquals(newerTextsMissing(textOf(node)), []);
}

Deno.test("entries of a newer version go through three nodes as they came, restarts and compaction included", () => {
  const nodes: HistoryHarness[] = [];
  let arriving = [...encoded([messageEntry(1)]), ...newerEntries(), ...encoded([messageEntry(2)])];
  for (let number = 1; number <= 3; number++) {
    const node = new HistoryHarness();
    node.commitEncoded(arriving);
    assertIsIn(node);
    node.restart();
    assertIsIn(node);
    arriving = sentBy(node);
    nodes.push(node);
  }
  for (const node of nodes) {
    node.open.log.sealSegment();
    node.commit([messageEntry(3)]);
    assertStringIncludes(textOf(node), '"message 1"');
    node.beginCompaction(1, ({ seq }) => seq === 1);
    node.settle();
    assertEquals(textOf(node).includes('"message 1"'), false);
    assertIsIn(node);
    node.restart();
    assertIsIn(node);
  }
});

Deno.test("repairLog() writes entries of a newer version as they were", () => {
  const node = new HistoryHarness();
  node.commitEncoded([...encoded([messageEntry(1)]), ...newerEntries()]);
  node.commit([messageEntry(2)]);
  node.files.corrupt("log/00000001.jsonl", (bytes) => bytes[textOf(node).indexOf("message 1")] = 0);
  const { cuts, isNeeded } = repairLog(node.files, 5, "node1");
  assertEquals([cuts.length, isNeeded], [1, true]);
  node.restart();
  assertIsIn(node);
});
