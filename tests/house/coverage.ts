/**
 * The judgement of a coverage report (lcov) on the pure rooms.
 *
 * A report names the files that the tests loaded and no others. So a pure room without a file in it is a room
 * that the tests do not reach at all; `ROOMS_RUN` makes sure that each has code to load.
 *
 * @module
 */

import { roomOf, ROOMS } from "./rooms.ts";

/** Least share of the lines of all pure rooms, per cent. */
const COVERED_MIN = 95;

/** Count of the files with the least share that `Judgement.weakest` names. */
const WEAKEST = 5;

/** The lines of one file. */
interface FileCoverage {
  readonly path: string;
  readonly lines: number;
  readonly covered: number;
}

/** The result for a report. */
export interface Judgement {
  /** One sentence for each fault: the gate opens if there is none. */
  readonly faults: readonly string[];
  /** One line for each of the files with the least share. */
  readonly weakest: readonly string[];
  /** One line with the shares and counts. */
  readonly summary: string;
}

/** @param root path of the project's folder, with which the paths in the report begin */
export function judge(lcov: string, root: string): Judgement {
  const files = parse(lcov, root);
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const covered = files.reduce((sum, file) => sum + file.covered, 0);
  const share = percent({ lines, covered });
  const rooms = new Set(files.map(({ path }) => roomOf(path)));
  const missing = PURE_ROOMS.filter((room) => !rooms.has(room));
  return {
    faults: [
      ...missing.map((room) => `no file of ${room} is in the report: no test loads one`),
      ...share < COVERED_MIN ? [`less than ${COVERED_MIN} % of the lines are covered`] : [],
    ],
    weakest: files.toSorted((a, b) => percent(a) - percent(b)).slice(0, WEAKEST)
      .map((file) => `${percent(file).toFixed(1).padStart(6)} %  ${file.path}`),
    summary: `${share.toFixed(1)} % of ${lines} lines in ${files.length} files of ${rooms.size} pure rooms ` +
      `are covered; ${COVERED_MIN} % are asked for`,
  };
}

/** Every room that the report must show. */
export const PURE_ROOMS: readonly string[] = Object.keys(ROOMS).filter((room) => ROOMS[room]?.pure);

/** The files of pure rooms. */
function parse(lcov: string, root: string): FileCoverage[] {
  return lcov.split("end_of_record").flatMap((record) => {
    const path = /^SF:(.*)$/m.exec(record)?.[1]?.replace(root, "");
    const lines = Number(/^LF:(\d+)$/m.exec(record)?.[1] ?? 0);
    const covered = Number(/^LH:(\d+)$/m.exec(record)?.[1] ?? 0);
    return path !== undefined && PURE_ROOMS.includes(roomOf(path) ?? "") ? [{ path, lines, covered }] : [];
  });
}

function percent({ lines, covered }: Pick<FileCoverage, "lines" | "covered">): number {
  return lines === 0 ? 100 : 100 * covered / lines;
}
