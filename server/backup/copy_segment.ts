/**
 * Copies one segment of a log that may be written to, or compacted, meanwhile.
 *
 * @module
 */

import type { LogSlices } from "../log/log_slices.ts";
import { segmentName, segmentPath } from "../log/segments.ts";
import { appendAll } from "../log/whole_files.ts";
import type { FileReads, FileStore, SequentialReader } from "../ports/files.ts";
import { SEGMENTS_FOLDER } from "./backup_folder.ts";
import type { StoredFile } from "./backup_log.ts";
import type { StoredSegment } from "./manifest.ts";

/** Bytes that are copied at once. */
const CHUNK_BYTES = 1_048_576;

/** Bytes written between two syncs: a large sync would keep a node waiting that uses the same disk. */
const SYNC_BYTES = 4_194_304;

/** Settings of a copy. */
interface CopyOptions {
  /** The data folder. */
  readonly source: FileReads;
  /** The folder of the backup. */
  readonly target: FileStore;
  readonly segment: number;
  /** Its copy in the backup before, if all bytes of that are there. */
  readonly kept: StoredSegment | undefined;
  /** Number of the backup, with which new files are named. */
  readonly number: number;
}

/** A copy; `copied` counts the bytes that were read for it, 0 if it is the one of the backup before. */
interface SegmentCopy extends StoredFile {
  readonly copied: number;
}

/**
 * Copies a segment to its present end, which may lie within a batch. The copy of the backup before is used as far as
 * the segment is the same: the rest is appended to it. Otherwise, after a compaction, it is a new file. The copy is
 * synced, but for the name of a new file.
 *
 * @throws {Error} of the system
 */
export function* copySegment({ source, target, segment, kept, number }: CopyOptions): LogSlices<SegmentCopy> {
  const path = segmentPath(segment);
  const same = kept && readerBehind(source, path, kept);
  if (kept !== undefined && same !== undefined) {
    if ((target.size(kept.file) ?? 0) > kept.bytes) target.truncate(kept.file, kept.bytes);
    return yield* copyTo(target, kept.file, same, kept.bytes);
  }
  const file = `${SEGMENTS_FOLDER}/${segmentName(segment).replace(".", `-${number}.`)}`;
  target.remove(file);
  return yield* copyTo(target, file, source.reader(path), 0);
}

/**
 * A reader of what was added to a segment; `undefined` if it is not the same up to there. The caller closes it.
 *
 * @param crc of the last line that is there
 */
export function readerBehind(
  source: FileReads,
  path: string,
  { bytes, crc }: Pick<StoredSegment, "bytes" | "crc">,
): SequentialReader | undefined {
  if ((source.size(path) ?? 0) < bytes) return undefined;
  // The checksum of a line stands for all lines before it.
  const lineEnd = `${crc}"}\n`;
  const reader = source.reader(path, bytes - lineEnd.length);
  const found = new Uint8Array(lineEnd.length);
  const got = reader.read(found);
  if (new TextDecoder().decode(found.subarray(0, got)) === lineEnd) return reader;
  reader.close();
  return undefined;
}

function* copyTo(
  target: FileStore,
  file: string,
  reader: SequentialReader,
  from: number,
): LogSlices<SegmentCopy> {
  const chunk = new Uint8Array(CHUNK_BYTES);
  let copied = 0;
  let unsynced = 0;
  try {
    for (let got = reader.read(chunk); got > 0; got = reader.read(chunk)) {
      appendAll(target, file, chunk.subarray(0, got));
      copied += got;
      unsynced += got;
      if (unsynced >= SYNC_BYTES) {
        target.syncNow(file);
        unsynced = 0;
      }
      yield got;
    }
    if (unsynced > 0) target.syncNow(file);
  } finally {
    reader.close();
    target.close(file);
  }
  return { file, bytes: from + copied, copied };
}
