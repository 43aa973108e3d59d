/**
 * Tests of the judgement on coverage reports: no pure room is overlooked.
 *
 * @module
 */

import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { judge, PURE_ROOMS } from "./coverage.ts";

const ROOT = "/home/chat/";

/** A report in which every room of a list has one file of 100 lines. */
function reportOf(rooms: readonly string[], covered: number): string {
  const records = rooms.map((room) =>
    `SF:${ROOT}${room.endsWith("/") ? `${room}a.ts` : room}\nDA:1,1\nLH:${covered}\nLF:100\nend_of_record\n`
  );
  return records.join("");
}

Deno.test("the coverage gate opens for all pure rooms with 95 % of their lines", () => {
  const { faults, summary } = judge(reportOf(PURE_ROOMS, 95), ROOT);
  assertEquals(faults, []);
  assertStringIncludes(summary, `in ${PURE_ROOMS.length} files of ${PURE_ROOMS.length} pure rooms`);
});

Deno.test("the coverage gate stays shut if 94 % are covered", () => {
  assertEquals(judge(reportOf(PURE_ROOMS, 94), ROOT).faults, ["less than 95 % of the lines are covered"]);
});

Deno.test("the coverage gate stays shut if one pure room is missing in the report", () => {
  assertGreater(PURE_ROOMS.length, 10);
  for (const missing of PURE_ROOMS) {
    const others = PURE_ROOMS.filter((room) => room !== missing);
    const { faults } = judge(reportOf(others, 100), ROOT);
    assertEquals(faults, [`no file of ${missing} is in the report: no test loads one`]);
  }
});

Deno.test("the coverage gate stays shut for an empty report", () => {
  assertEquals(judge("", ROOT).faults.length, PURE_ROOMS.length);
});

Deno.test("the coverage gate counts no file of a room that is not pure", () => {
  const report = reportOf(PURE_ROOMS, 100) + reportOf(["server/log/", "client/terminal/", "tests/"], 0);
  const { faults, summary } = judge(report, ROOT);
  assertEquals(faults, []);
  assertStringIncludes(summary, `100.0 % of ${100 * PURE_ROOMS.length} lines`);
});
