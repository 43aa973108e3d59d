/**
 * Makes a damaged log one that opens again, at the price of its unreadable lines, which are kept aside
 * (`proto/log_format.md`, section 8). Only ever done because somebody asked for it.
 *
 * @module
 */

import type { FileStore } from "../ports/files.ts";
import { keepBroken } from "./broken.ts";
import { readClean, removeClean } from "./clean_file.ts";
import type { FileLine } from "./line_reader.ts";
import { LogRefused } from "./log_errors.ts";
import type { LogLine } from "./log_line.ts";
import { isEntry } from "./log_record.ts";
import { readRest, rewriteRest } from "./log_rewrite.ts";
import { scanLog } from "./log_scan.ts";
import { refuseRestoring } from "./restoring_mark.ts";
import type { LogEnd } from "./segments.ts";

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
 * @throws {LogRefused} if the log's format is newer than known, or if a restore was interrupted
 */
export function planRepair(files: FileStore): RepairPlan {
  refuseRestoring(files);
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
 * @throws {LogRefused} if the log's format is newer than known, if a restore was interrupted, or if nobody knows
 *   whose it is
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
  rewriteRest(files, plan, { node: owner, mark: { type: "repaired", timeMs } });
  removeClean(files);
  return { ...plan, cuts };
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
