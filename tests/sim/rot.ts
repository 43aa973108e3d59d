/**
 * Bit rot: the content of a disk changes by itself.
 *
 * @module
 */

import { decodeLine } from "../../server/log/log_line.ts";
import { LOG_FOLDER } from "../../server/log/segments.ts";
import type { Machine } from "./machine.ts";

const LINE_FEED = 10;

/** A line of a log, and its place. */
interface PlacedLine {
  readonly path: string;
  readonly start: number;
  readonly length: number;
  /** Number of its batch; 0 if the line is damaged already. */
  readonly batch: number;
}

/** Flips a bit of the log of a stopped server: in its last batch, or in any earlier one. */
export function rotLog(machine: Machine, pick: number, isAtEnd: boolean): void {
  const { disk } = machine;
  const lines = placedLines(machine);
  const last = Math.max(0, ...lines.map(({ batch }) => batch));
  const candidates = lines.filter(({ batch }) => batch > 0 && (isAtEnd ? batch === last : batch < last));
  const line = candidates[pick % Math.max(1, candidates.length)];
  if (line === undefined) return;
  machine.rot = isAtEnd ? "at the end" : "in the middle";
  disk.distrust();
  // Never the line feed: without it two lines would join, which is another kind of damage.
  const at = line.start + (pick >> 4) % line.length;
  disk.files.corrupt(line.path, (bytes) => bytes[at] = (bytes[at] ?? 0) ^ (1 << (pick % 8)));
}

function placedLines({ disk }: Machine): PlacedLine[] {
  const names = disk.files.list(LOG_FOLDER).filter((name) => name.endsWith(".jsonl"));
  return names.flatMap((name) =>
    linesOf(`${LOG_FOLDER}/${name}`, disk.files.bytesOf(`${LOG_FOLDER}/${name}`))
  );
}

function linesOf(path: string, bytes: Uint8Array): PlacedLine[] {
  const lines: PlacedLine[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    const line = bytes.subarray(start, end);
    const decoded = decodeLine(line, new TextDecoder().decode(line));
    const batch = typeof decoded === "string" ? 0 : decoded.batch;
    lines.push({ path, start, length: end - start, batch });
    start = end + 1;
  }
  return lines;
}
