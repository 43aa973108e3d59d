/**
 * Makes a damaged log one that opens again, at the price of its unreadable lines, which are kept aside
 * (`proto/log_format.md`, section 8). Only ever done because somebody asked for it.
 *
 * @module
 */

import type { FileStore } from "../ports/files.ts";
import { BatchEncoder } from "./batch_encoder.ts";
import { keepBroken } from "./broken.ts";
import { readClean, removeClean } from "./clean_file.ts";
import { type FileLine, readLines } from "./line_reader.ts";
import { LogRefused } from "./log_errors.ts";
import { decodeLine, type LogLine, recordJson } from "./log_line.ts";
import { encodeMark, isEntry } from "./log_record.ts";
import { scanLog } from "./log_scan.ts";
import { segmentOpened } from "./recover_log.ts";
import { LOG_FOLDER, type LogEnd, nextSegment, segmentPath } from "./segments.ts";
import { removeUnfinished, SegmentRewrite } from "./whole_files.ts";

/** Neighbouring lines of a segment that cannot be read. */
export interface Cut {
  readonly segment: number;
  /** The first of the lines, counted from 1 on, and how many they are. */
  readonly line: number;
  readonly lines: number;
  /** First byte of the lines in the file, and their length. */
  readonly offset: number;
  readonly bytes: number;
  /** The problem with the first of them. */
  readonly problem: string;
}

/** The effect that a repair would have. */
export interface RepairPlan {
  /** True if there is anything to repair. */
  readonly isNeeded: boolean;
  /** The lines that would be lost. */
  readonly cuts: readonly Cut[];
  /** End of the whole part of the log, which stays as it is. */
  readonly end: LogEnd;
  /** Number of the last segment, up to which all would be written anew. */
  readonly lastSegment: number;
  /** Number of entries behind that end that would be kept. */
  readonly entries: number;
  /** The node that the log belongs to, if any segment says so. */
  readonly node: string | undefined;
}

/** The effect of a repair: each cut, and the path of its copy. */
export interface RepairReport extends RepairPlan {
  readonly cuts: readonly (Cut & { readonly kept: string })[];
}

/**
 * Plans `repairLog`, and changes nothing.
 *
 * @throws {LogRefused} if the log's format is newer than known
 */
export function planRepair(files: FileStore): RepairPlan {
  const { end, segments, damage, node } = scanLog(files, () => {});
  const isNeeded = damage !== undefined || readClean(files, end) === "mismatch";
  const survey = new Survey(node);
  const lastSegment = Math.max(segments, end.segment);
  for (let segment = end.segment; isNeeded && segment <= lastSegment; segment++) {
    survey.beginSegment(segment);
    readRest(files, end, segment, (line, decoded) => survey.line(line, decoded));
  }
  return { isNeeded, cuts: survey.cuts, end, lastSegment, entries: survey.entries, node: survey.node };
}

/**
 * Repairs a log, if that is needed. From the first damage on, every entry that can be read is written anew, as
 * a batch of its own. The next start makes a new origin. The data folder must be locked.
 *
 * @param timeMs now, milliseconds since the Unix epoch
 * @param node the node that the log belongs to, for when no segment says so any more
 * @throws {LogRefused} if the log's format is newer than known, or if nobody knows whose it is
 */
export function repairLog(files: FileStore, timeMs: number, node?: string): RepairReport {
  const plan = planRepair(files);
  if (!plan.isNeeded) return { ...plan, cuts: [] };
  const owner = plan.node ?? node;
  if (owner === undefined) throw new LogRefused("No segment says which node the log belongs to: name it");
  const cuts = plan.cuts.map((cut) => {
    const kept = keepBroken(files, cut.segment, cut.offset, cut.offset + cut.bytes, timeMs);
    return { ...cut, kept };
  });
  files.makeFolder(LOG_FOLDER);
  files.syncFolderNow("");
  removeUnfinished(files);
  const rewrite = new LogRewrite(files, plan.end, owner);
  for (let segment = plan.end.segment; segment <= plan.lastSegment; segment++) {
    rewrite.segment(segment, timeMs);
  }
  removeClean(files);
  return { ...plan, cuts };
}

/** Reads the lines of a segment behind the whole part of the log. */
function readRest(
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

/** Tells damaged lines from whole ones. */
class Survey {
  readonly cuts: Cut[] = [];
  entries = 0;
  node: string | undefined;
  #segment = 0;
  /** True if the line before was cut too. */
  #isCutting = false;

  constructor(node: string | undefined) {
    this.node = node;
  }

  beginSegment(segment: number): void {
    this.#segment = segment;
    this.#isCutting = false;
  }

  line(line: FileLine, decoded: LogLine | string): void {
    if (typeof decoded === "string") return this.#cut(line, decoded);
    this.#isCutting = false;
    if (isEntry(decoded.record)) this.entries++;
    else if (decoded.record.type === "segmentOpened") this.node ??= decoded.record.node;
  }

  #cut({ number, offset, length }: FileLine, problem: string): void {
    const before = this.#isCutting ? this.cuts.pop() : undefined;
    const cut = before ?? { segment: this.#segment, line: number, lines: 0, offset, bytes: 0, problem };
    this.cuts.push({ ...cut, lines: cut.lines + 1, bytes: cut.bytes + length });
    this.#isCutting = true;
  }
}

/** Writes segments anew, without their unreadable lines. */
class LogRewrite {
  #end: LogEnd;
  readonly #files: FileStore;
  readonly #whole: LogEnd;
  readonly #node: string;
  readonly #encoder = new BatchEncoder();

  constructor(files: FileStore, whole: LogEnd, node: string) {
    this.#files = files;
    this.#whole = whole;
    this.#end = whole;
    this.#node = node;
  }

  segment(segment: number, timeMs: number): void {
    const isFirst = segment === this.#whole.segment;
    if (!isFirst) this.#end = nextSegment(this.#end, segment);
    const rewrite = new SegmentRewrite(this.#files, segment);
    rewrite.keep(this.#end.bytes);
    if (this.#end.bytes === 0) this.#put(rewrite, encodeMark(segmentOpened(this.#node, segment)));
    if (isFirst) this.#put(rewrite, encodeMark({ type: "repaired", timeMs }));
    readRest(this.#files, this.#whole, segment, ({ bytes, text }, decoded) => {
      // Marks are left out: they speak of batches and origins that are no longer so.
      if (typeof decoded !== "string" && isEntry(decoded.record)) this.#put(rewrite, recordJson(bytes, text));
    });
    rewrite.finish();
  }

  #put(rewrite: SegmentRewrite, record: Uint8Array): void {
    const { bytes, end } = this.#encoder.encode(this.#end, [record]);
    rewrite.append(bytes);
    this.#end = end;
  }
}
