/**
 * Bit rot: the content of a disk changes by itself.
 *
 * @module
 */

import { decodeLine } from "../../server/log/log_line.ts";
import { isEntry } from "../../server/log/log_record.ts";
import { LOG_FOLDER } from "../../server/log/segments.ts";
import type { Machine } from "./machine.ts";

const LINE_FEED = 10;

/** A line of a log, and its place. */
interface PlacedLine {
  readonly path: string;
  /** Number of its segment. */
  readonly segment: number;
  readonly start: number;
  readonly length: number;
  /** Number of its batch; 0 if the line is damaged already. */
  readonly batch: number;
  /** False for a mark, and for a damaged line. */
  readonly isEntry: boolean;
}

/** The last entry of the log of a stopped server is torn, and everything behind it is lost, although it was synced. */
export function loseEnd(machine: Machine, pick: number): void {
  const { disk } = machine;
  const lines = placedLines(machine);
  const entry = lines.findLast(({ isEntry }) => isEntry);
  if (entry === undefined || entry.path !== lines.at(-1)?.path) return;
  machine.isRottenAtEnd = true;
  disk.distrust();
  const { path, start, length } = entry;
  disk.files.put(path, disk.files.bytesOf(path).slice(0, start + 1 + pick % (length - 1)));
}

/** Flips a bit of the log of a stopped server: in its last batch, or in any earlier one. */
export function rotLog(machine: Machine, pick: number, isAtEnd: boolean): void {
  const lines = placedLines(machine);
  const last = Math.max(0, ...lines.map(({ batch }) => batch));
  const candidates = lines.filter(({ batch }) => batch > 0 && (isAtEnd ? batch === last : batch < last));
  const line = candidates[pick % Math.max(1, candidates.length)];
  if (line === undefined) return;
  if (isAtEnd) machine.isRottenAtEnd = true;
  flip(machine, line, pick, isAtEnd);
}

/** Flips a bit in a segment before the one at which a start from the archive begins to read; in any if there is none. */
export function rotBehindArchive(machine: Machine, pick: number): void {
  const opened = machine.archive?.lastBeginning ?? 0;
  const candidates = placedLines(machine).filter(({ batch, segment }) => batch > 0 && segment < opened);
  const line = candidates[pick % Math.max(1, candidates.length)];
  if (line === undefined) return rotLog(machine, pick, false);
  flip(machine, line, pick, false);
}

function flip(machine: Machine, line: PlacedLine, pick: number, isAtEnd: boolean): void {
  const { disk } = machine;
  if (!isAtEnd) machine.rottenSegment = Math.min(machine.rottenSegment ?? Infinity, line.segment);
  disk.distrust();
  // Never the line feed: without it two lines would join, which is another kind of damage.
  const at = line.start + (pick >> 4) % line.length;
  disk.files.corrupt(line.path, (bytes) => bytes[at] = (bytes[at] ?? 0) ^ (1 << (pick % 8)));
}

function placedLines({ disk }: Machine): PlacedLine[] {
  const names = disk.files.list(LOG_FOLDER).filter((name) => name.endsWith(".jsonl"));
  return names.flatMap((name) =>
    linesOf(`${LOG_FOLDER}/${name}`, parseInt(name), disk.files.bytesOf(`${LOG_FOLDER}/${name}`))
  );
}

function linesOf(path: string, segment: number, bytes: Uint8Array): PlacedLine[] {
  const lines: PlacedLine[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    const line = bytes.subarray(start, end);
    const decoded = decodeLine(line, new TextDecoder().decode(line));
    const place = { path, segment, start, length: end - start };
    if (typeof decoded === "string") lines.push({ ...place, batch: 0, isEntry: false });
    else lines.push({ ...place, batch: decoded.batch, isEntry: isEntry(decoded.record) });
    start = end + 1;
  }
  return lines;
}
