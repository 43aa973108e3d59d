/**
 * Reads a coverage report (lcov) from standard input and fails if the tests without permissions reach too few lines
 * of the pure rooms.
 *
 * @module
 */

import { roomOf, ROOMS } from "./house/rooms.ts";

/** Least share of the lines of all pure rooms, per cent. */
const COVERED_MIN = 95;

const ROOT = new URL("../", import.meta.url).pathname;

/** True for a source in a room that `tests/house_test.ts` keeps pure. */
function isPure(path: string): boolean {
  const room = roomOf(path);
  return room !== undefined && ROOMS[room]?.pure === true;
}

interface FileCoverage {
  readonly path: string;
  readonly lines: number;
  readonly covered: number;
}

function parse(lcov: string): FileCoverage[] {
  return lcov.split("end_of_record").flatMap((record) => {
    const path = /^SF:(.*)$/m.exec(record)?.[1]?.replace(ROOT, "");
    const lines = Number(/^LF:(\d+)$/m.exec(record)?.[1] ?? 0);
    const covered = Number(/^LH:(\d+)$/m.exec(record)?.[1] ?? 0);
    return path !== undefined && isPure(path) ? [{ path, lines, covered }] : [];
  });
}

function percent(covered: number, lines: number): number {
  return lines === 0 ? 100 : 100 * covered / lines;
}

const files = parse(await new Response(Deno.stdin.readable).text());
const lines = files.reduce((sum, file) => sum + file.lines, 0);
const covered = files.reduce((sum, file) => sum + file.covered, 0);
const total = percent(covered, lines);
const weakest = files.toSorted((a, b) => percent(a.covered, a.lines) - percent(b.covered, b.lines)).slice(
  0,
  5,
);
for (const file of weakest) {
  console.log(`${percent(file.covered, file.lines).toFixed(1).padStart(6)} %  ${file.path}`);
}
console.log(
  `${
    total.toFixed(1)
  } % of ${lines} lines in ${files.length} pure files are covered; ${COVERED_MIN} % are asked for`,
);
if (files.length === 0 || total < COVERED_MIN) Deno.exit(1);
