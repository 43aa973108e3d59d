/**
 * Writes the end of a log anew (`proto/log_format.md`, section 8): every entry that can be read, in order, as a batch
 * of its own.
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";
import type { FileStore } from "../ports/files.ts";
import { BatchEncoder } from "./batch_encoder.ts";
import { type FileLine, readLines } from "./line_reader.ts";
import { decodeLine, type LogLine, recordJson } from "./log_line.ts";
import { encodeMark, isEntry, type Repaired } from "./log_record.ts";
import { segmentOpened } from "./recover_log.ts";
import { LOG_FOLDER, type LogEnd, nextSegment, segmentPath } from "./segments.ts";
import { removeUnfinished, SegmentRewrite } from "./whole_files.ts";

/** The end of a log that is written anew. */
export interface LogRest {
  /** End of the part that stays as it is. */
  readonly end: LogEnd;
  /** Number of the last segment. */
  readonly lastSegment: number;
}

/** Settings of a rewrite. */
interface RewriteOptions {
  /** Name of the node that the log belongs to. */
  readonly node: string;
  /** The mark at the place where the rewrite begins. */
  readonly mark: Repaired;
  /** The entry to write in the place of another: the same one if it stays as it is, `undefined` to leave it out. */
  moved?(entry: Entry): Entry | undefined;
}

/** Reads the lines of a segment that belong to the rest of a log. */
export function readRest(
  files: FileStore,
  end: LogEnd,
  segment: number,
  each: (line: FileLine, decoded: LogLine | string) => void,
): void {
  const path = segmentPath(segment);
  if (files.size(path) === undefined) return;
  const from = segment === end.segment ? end.bytes : 0;
  readLines(files, path, (line) => {
    if (line.offset >= from) each(line, line.problem ?? decodeLine(line.bytes, line.text));
    return true;
  });
}

/** Writes the rest of a log anew, segment by segment. A crash leaves each segment as it was, or written anew. */
export function rewriteRest(files: FileStore, rest: LogRest, options: RewriteOptions): void {
  files.makeFolder(LOG_FOLDER);
  files.syncFolderNow("");
  removeUnfinished(files);
  const rewrite = new LogRewrite(files, rest.end, options);
  for (let segment = rest.end.segment; segment <= rest.lastSegment; segment++) rewrite.segment(segment);
}

/** Writes segments anew, without their unreadable lines. */
class LogRewrite {
  #end: LogEnd;
  readonly #files: FileStore;
  readonly #whole: LogEnd;
  readonly #options: RewriteOptions;
  readonly #encoder = new BatchEncoder();

  constructor(files: FileStore, whole: LogEnd, options: RewriteOptions) {
    this.#files = files;
    this.#whole = whole;
    this.#end = whole;
    this.#options = options;
  }

  segment(segment: number): void {
    const { node, mark, moved } = this.#options;
    const isFirst = segment === this.#whole.segment;
    if (!isFirst) this.#end = nextSegment(this.#end, segment);
    const rewrite = new SegmentRewrite(this.#files, segment);
    rewrite.keep(this.#end.bytes);
    if (this.#end.bytes === 0) this.#put(rewrite, encodeMark(segmentOpened(node, segment)));
    if (isFirst) this.#put(rewrite, encodeMark(mark));
    readRest(this.#files, this.#whole, segment, ({ bytes, text }, decoded) => {
      // Marks are left out: they speak of batches and origins that are no longer so.
      if (typeof decoded === "string" || !isEntry(decoded.record)) return;
      const entry = moved === undefined ? decoded.record : moved(decoded.record);
      if (entry === undefined) return;
      this.#put(rewrite, entry === decoded.record ? recordJson(bytes, text) : jsonOf(entry));
    });
    rewrite.finish();
  }

  #put(rewrite: SegmentRewrite, record: Uint8Array): void {
    const { bytes, end } = this.#encoder.encode(this.#end, [record]);
    rewrite.append(bytes);
    this.#end = end;
  }
}

/** JSON of an entry with all of its members: a newer version may have written some that are unknown here. */
function jsonOf(entry: Entry): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(entry));
}
