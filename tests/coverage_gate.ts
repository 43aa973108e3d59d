/**
 * Reads a coverage report (lcov) from standard input and fails where the pure code is not covered enough.
 *
 * @module
 */

/** Of the lines of the pure code, so many are to be reached by tests that have no permission, per cent. */
const COVERED_MIN = 95;

const PURE = /\/(common|server\/core|server\/node|server\/replication|server\/import|client\/core)\//;

interface FileCoverage {
  readonly path: string;
  readonly lines: number;
  readonly covered: number;
}

function parse(lcov: string): FileCoverage[] {
  return lcov.split("end_of_record").flatMap((record) => {
    const path = /^SF:(.*)$/m.exec(record)?.[1];
    const lines = Number(/^LF:(\d+)$/m.exec(record)?.[1] ?? 0);
    const covered = Number(/^LH:(\d+)$/m.exec(record)?.[1] ?? 0);
    return path !== undefined && PURE.test(path) ? [{ path, lines, covered }] : [];
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
  const name = file.path.replace(/^.*\/(?=(common|server|client)\/)/, "");
  console.log(`${percent(file.covered, file.lines).toFixed(1).padStart(6)} %  ${name}`);
}
console.log(
  `${
    total.toFixed(1)
  } % of ${lines} lines in ${files.length} pure files are covered; ${COVERED_MIN} % are asked for`,
);
if (files.length === 0 || total < COVERED_MIN) Deno.exit(1);
