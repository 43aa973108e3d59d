/**
 * Keeps the cut parts of a log aside (`proto/log_format.md`, section 8).
 *
 * @module
 */

import type { FileStore } from "../ports/files.ts";
import { type LogEnd, segmentName, segmentPath } from "./segments.ts";
import { appendCopy, SegmentRewrite } from "./whole_files.ts";

/** Folder of the cut parts. */
export const BROKEN_FOLDER = "broken";

/**
 * Copies a stretch of a segment to that folder, durably.
 *
 * @param start first byte, and `end` the one after the last
 * @param timeMs when, milliseconds since the Unix epoch: part of the copy's name
 * @returns path of the copy
 */
export function keepBroken(
  files: FileStore,
  segment: number,
  start: number,
  end: number,
  timeMs: number,
): string {
  files.makeFolder(BROKEN_FOLDER);
  const path = freePath(files, `${BROKEN_FOLDER}/${segmentName(segment).replace(".jsonl", "")}-${timeMs}`);
  try {
    appendCopy(files, segmentPath(segment), start, end, path);
  } catch (error) {
    files.close(path);
    files.remove(path);
    throw error;
  }
  files.syncNow(path);
  files.close(path);
  files.syncFolderNow(BROKEN_FOLDER);
  files.syncFolderNow("");
  return path;
}

/** Keeps an unfinished write aside and cuts it off, durably. */
export function cutTail(files: FileStore, { segment, bytes }: LogEnd, timeMs: number): void {
  keepBroken(files, segment, bytes, files.size(segmentPath(segment)) ?? bytes, timeMs);
  const rewrite = new SegmentRewrite(files, segment);
  rewrite.keep(bytes);
  rewrite.finish();
}

/** A new name: earlier copies are never appended to, even if the clock went back. */
function freePath(files: FileStore, base: string): string {
  let path = `${base}.cut`;
  for (let count = 2; files.size(path) !== undefined; count++) path = `${base}-${count}.cut`;
  return path;
}
