import { assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import { ArchiveUnusable } from "../../../server/archive/archive_unusable.ts";
import type { StartReport } from "../../../server/follower/start_protocol.ts";
import { StartReader } from "../../../server/follower/start_reader.ts";
import { messageEntries } from "../log/log_harness.ts";

const ENTRIES = 700;

/** A reader of an archive with so many unread messages, and what it has reported. */
function readerOf(open: () => ArchiveDatabase | undefined): { reader: StartReader; reports: StartReport[] } {
  const reports: StartReport[] = [];
  return { reader: new StartReader({ open, report: (report) => reports.push(report) }), reports };
}

function archive(entries = ENTRIES): ArchiveDatabase {
  const database = ArchiveDatabase.in(new DatabaseSync(":memory:"));
  if (entries > 0) database.fold(messageEntries(1, entries), entries);
  return database;
}

Deno.test("StartReader reads a few batches ahead of those that are loaded, and says when it has read all", () => {
  const { reader, reports } = readerOf(() => archive());
  reader.take({ type: "open", data: "data" });
  const [opened] = reports.splice(0);
  assertEquals(opened?.type === "opened" && opened.part?.position, ENTRIES);
  reader.take({ type: "load", wallMs: 0 });
  assertEquals(reports.map(({ type }) => type), ["rows", "rows", "rows", "rows"]);
  let loaded = 0;
  for (; reports.at(-1)?.type !== "loaded"; loaded++) reader.take({ type: "next" });
  const unread = reports.filter((report) => report.type === "rows" && report.batch.table === "unsettled")
    .reduce(
      (sum, report) =>
        sum + (report.type === "rows" && "rows" in report.batch ? report.batch.rows.length : 0),
      0,
    );
  console.log(`${reports.length - 1} batches, ${loaded} after the first ones; ${unread} messages`);
  assertEquals(unread, ENTRIES);
  reader.take({ type: "next" });
  assertEquals(reports.at(-1)?.type, "loaded");
  reports.length = 0;
  const [{ id } = { id: "" }] = messageEntries(7, 1) as { id: string }[];
  reader.take({ type: "find", id });
  reader.take({ type: "find", id: "unknown" });
  assertEquals(reports.map((report) => report.type === "found" && report.messages.map((each) => each.id)), [
    [id],
    [],
  ]);
});

Deno.test("StartReader says that there is no archive, that it has nothing, and that it is of no use", () => {
  for (const open of [(): undefined => undefined, () => archive(0)]) {
    const { reader, reports } = readerOf(open);
    reader.take({ type: "open", data: "data" });
    assertEquals(reports, [{ type: "opened", part: undefined }]);
  }
  const { reader, reports } = readerOf(() => {
    throw new ArchiveUnusable("the archive is damaged");
  });
  reader.take({ type: "open", data: "data" });
  assertEquals(reports, [{ type: "failed", problem: "the archive is damaged", remedy: "rebuild" }]);
});
