import { assertEquals, assertLessOrEqual, assertMatch } from "@std/assert";
import { barText, StartReport } from "../../../server/commands/start_report.ts";
import { StatusLine } from "../../../server/diagnostics/status_line.ts";
import type { LogFields, Logger } from "../../../server/ports/outside.ts";
import type { LogProgress } from "../../../server/process/log_progress.ts";

const MEBIBYTE = 1_048_576;

/** A replay of 100 MiB that takes so long, ms. */
function replayOf(ms: number): LogProgress[] {
  return Array.from({ length: Math.floor(ms / 50) + 1 }, (_, i) => ({
    step: "log",
    ofBytes: 100 * MEBIBYTE,
    bytes: Math.floor(100 * MEBIBYTE * i * 50 / ms),
    entries: i * 10_000,
    elapsedMs: i * 50,
  }));
}

function reported(ms: number): { readonly event: string; readonly fields: LogFields | undefined }[] {
  const lines: { event: string; fields: LogFields | undefined }[] = [];
  const fail = (event: string): void => {
    throw new Error(event);
  };
  const info = (event: string, fields?: LogFields): void => void lines.push({ event, fields });
  const logger: Logger = { debug: fail, info, warn: fail, error: fail };
  const report = new StartReport({ logger, statusLine: undefined, columns: () => 80 });
  for (const progress of replayOf(ms)) report.show(progress);
  return lines;
}

Deno.test("StartReport says nothing of a short start, and a line every five seconds of a long one", () => {
  assertEquals(reported(950), []);
  const lines = reported(22_000);
  assertEquals(lines.map(({ event }) => event), Array(5).fill("replaying"));
  assertEquals(lines.map(({ fields }) => fields?.["percent"]), [4, 27, 50, 72, 95]);
  assertEquals(lines[2]?.fields, {
    percent: 50,
    bytes: 50 * MEBIBYTE,
    ofBytes: 100 * MEBIBYTE,
    entries: 2_200_000,
    leftS: 11,
  });
});

Deno.test("barText() fits into a row", () => {
  const texts = replayOf(22_000).map(barText);
  assertEquals(
    texts.at(220),
    "reading the log [############------------] 50 %: 50 of 100 MiB, 2,200,000 entries, 11 s left",
  );
  assertEquals(texts[0], `reading the log [${"-".repeat(24)}] 0 %: 0 of 100 MiB, 0 entries`);
  for (const text of texts) assertMatch(text, /^reading the log \[#*-*\] \d+ %: [ -~]+$/);
  for (const columns of [0, 1, 20, 80, 200]) {
    assertLessOrEqual(drawn(columns).length, Math.max(0, columns - 1));
  }
});

/** The longest bar that is drawn on a terminal of so many columns. */
function drawn(columns: number): string {
  let longest = "";
  const statusLine = new StatusLine(() => Promise.resolve(1_000));
  statusLine.draw = (text) => longest = text.length > longest.length ? text : longest;
  const silent = (): void => {};
  const logger: Logger = { debug: silent, info: silent, warn: silent, error: silent };
  const report = new StartReport({ logger, statusLine, columns: () => columns });
  for (const progress of replayOf(5_000)) report.show(progress);
  return longest;
}

Deno.test("StartReport tells of each step, and a short one behind a long one says nothing", () => {
  const lines: string[] = [];
  const fail = (event: string): void => {
    throw new Error(event);
  };
  const logger: Logger = { debug: fail, info: (event) => void lines.push(event), warn: fail, error: fail };
  const report = new StartReport({ logger, statusLine: undefined, columns: () => 80 });
  for (const progress of replayOf(12_000)) report.show({ ...progress, step: "archive" });
  for (const progress of replayOf(900)) report.show(progress);
  assertEquals(lines, Array(3).fill("archiveBuilding"));
  for (const progress of replayOf(7_000)) report.show({ ...progress, step: "archive" });
  for (const progress of replayOf(7_000)) report.show(progress);
  assertEquals(lines.slice(3), ["archiveBuilding", "archiveBuilding", "replaying", "replaying"]);
  assertMatch(barText({ ...replayOf(1_000)[3], step: "archive" } as LogProgress), /^building the archive \[/);
});
