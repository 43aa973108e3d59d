import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { EncodedEntry } from "../../../server/core/encoded_entry.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { decodeMessage, encodeMessage } from "../../../server/grpc/message_codec.ts";
import { repairLog } from "../../../server/log/repair_log.ts";
import { LOG_FOLDER } from "../../../server/log/segments.ts";
import { EntryFeed } from "../../../server/replication/entry_feed.ts";
import { receive } from "../../../server/replication/received_entries.ts";
import { encoded } from "../../testing/encoded_entries.ts";
import { HistoryHarness } from "../log/history_harness.ts";
import { messageEntry } from "../log/log_harness.ts";

const ORIGIN = "node9#999999999999";

/** Entries of a newer version, spelled as no version of this program spells them. */
const STRANGE = [
  `{ "type":"later", "seq":1.0,"stamp":1e3,"origin":"${ORIGIN}" }`,
  `{"more":{"b":1,"a":[1.0, 1e3, -0, 0.10]},"origin":"${ORIGIN}","seq":2,"stamp":1001,"type":"later"}`,
  `{"type":"messageSent","id":"m","to":"b.1","from":"a.1","content":"\\u0068ey","mood":"🐢\\ud83d\\udc22","seq":3,` +
  `"stamp":1002, "origin":"${ORIGIN}"}`,
  `{"origin":"${ORIGIN}","seq":4,"stamp":1003,"type":"later","quote":",\\"batch\\":1,\\"left\\":0,\\"prev\\":"}`,
];

function strange(text: string): EncodedEntry {
  return { entry: JSON.parse(text) as Entry, json: new TextEncoder().encode(text) };
}

/** Everything that a node has, as a peer with nothing gets it over the wire. */
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
      const outcome = receive(message, version);
      assert("entries" in outcome, JSON.stringify(outcome));
      received.push(...outcome.entries);
      for (const { entry: { origin, seq, stamp } } of outcome.entries) version.set(origin, { seq, stamp });
    }
  }
  feed.close();
  return received;
}

/** The strange ones among them. */
function strangeOf(entries: readonly EncodedEntry[]): string[] {
  const theirs = entries.filter(({ entry }) => entry.origin === ORIGIN);
  return theirs.map(({ json }) => new TextDecoder().decode(json));
}

/** All that is in the files of the log. */
function textOf({ files }: HistoryHarness): string {
  return files.list(LOG_FOLDER).map((name) =>
    new TextDecoder().decode(files.bytesOf(`${LOG_FOLDER}/${name}`))
  ).join("");
}

function assertIsIn(node: HistoryHarness): void {
  assertEquals(strangeOf(sentBy(node)), STRANGE);
  for (const text of STRANGE) assertStringIncludes(textOf(node), `\n${text.slice(0, -1)},"batch":`);
}

Deno.test("entries of a newer version go through three nodes as they came, restarts and compaction included", () => {
  const nodes: HistoryHarness[] = [];
  let arriving = [...encoded([messageEntry(1)]), ...STRANGE.map(strange), ...encoded([messageEntry(2)])];
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
  node.commitEncoded([...encoded([messageEntry(1)]), ...STRANGE.map(strange)]);
  node.commit([messageEntry(2)]);
  node.files.corrupt("log/00000001.jsonl", (bytes) => bytes[textOf(node).indexOf("message 1")] = 0);
  const { cuts, isNeeded } = repairLog(node.files, 5, "node1");
  assertEquals([cuts.length, isNeeded], [1, true]);
  node.restart();
  assertIsIn(node);
});
