/**
 * Prepares a log before a node serves from it: verifies and replays it, cuts a torn tail, and makes the
 * rest durable (`proto/log_format.md`, sections 6 and 7).
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";
import { hex, RANDOM_BYTES } from "../core/identity.ts";
import type { FileStore } from "../ports/files.ts";
import type { Clock, Logger, Random } from "../ports/outside.ts";
import { BatchEncoder, type EncodedBatch } from "./batch_encoder.ts";
import { keepBroken } from "./broken.ts";
import { CLEAN_FILE, type CleanState, readClean, removeClean } from "./clean_file.ts";
import type { LogHistory } from "./entry_history.ts";
import { refuseFork } from "./fork_file.ts";
import { type LoadedPart, LoadedReplay } from "./loaded_part.ts";
import { type Damage, isDiskFull, LogDamaged, LogRefused } from "./log_errors.ts";
import { encodeMark, isEntry, LOG_FORMAT, type Mark } from "./log_record.ts";
import { type EachBatch, type LogScan, scanSlices } from "./log_scan.ts";
import type { LogSlices } from "./log_slices.ts";
import { RESERVE_FILE } from "./reserve.ts";
import { refuseRestoring } from "./restoring_mark.ts";
import { LOG_FOLDER, type LogEnd, segmentPath } from "./segments.ts";
import { appendAll, removeUnfinished, SegmentRewrite } from "./whole_files.ts";

/** Parts and callbacks of a recovery. */
export interface RecoveryOptions {
  readonly files: FileStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Name of this node. */
  readonly node: string;
  /** Version of the program. */
  readonly version: string;
  /** The part of the log whose fold is there already; none unless given. */
  readonly loaded?: LoadedPart | undefined;
  /** Gets every entry of the log behind that part, in order, before anything is written. */
  replay(entry: Entry): void;
}

/** A log that is ready to be written to. */
interface RecoveredLog {
  readonly end: LogEnd;
  /** Origin of the entries that this node makes from now on. */
  readonly origin: string;
  /** True if the origin is new, so that its first entry has seq 1. */
  readonly minted: boolean;
  /** Version of the program that wrote to the log before; `undefined` for a new log. */
  readonly writtenBy: string | undefined;
}

/**
 * Recovers the log of a data folder, or begins one. Nothing is written before the last slice.
 *
 * @param history a new one, which hears of everything that is in the log
 * @throws {LogDamaged} if it is damaged in a way that no crash explains
 * @throws {LogRefused} if it belongs to another node, is of a newer format, if the node's origin has a fork, if a
 *   restore was interrupted, or if the disk is full
 * @throws {LoadedPartRefused} if the log has to be replayed as a whole; nothing was changed
 */
export function* recoverLog(options: RecoveryOptions, history: LogHistory): LogSlices<RecoveredLog> {
  const { files, node } = options;
  refuseRestoring(files);
  refuseFork(files);
  const scan = yield* replayLog(options, history);
  const clean = readClean(files, scan.end);
  refuseDamage(scan, clean);
  makeFolders(files);
  const minted = scan.origin === undefined || scan.damage !== undefined;
  const origin = minted ? `${node}#${hex(options.random.bytes(RANDOM_BYTES.incarnation))}` : scan.origin;
  if (clean === "clean") removeClean(files);
  const kept = scan.damage && withReserve(files, () => keepTail(options, scan.end));
  const end = withReserve(files, () => begin(options, scan, clean, origin));
  if (scan.damage !== undefined) warnOfCut(options.logger, scan.damage, kept, origin);
  history.reached(end);
  return { end, origin, minted, writtenBy: scan.version };
}

function* replayLog(
  { files, node, replay, loaded }: RecoveryOptions,
  history: LogHistory,
): LogSlices<LogScan> {
  const part = loaded && new LoadedReplay(loaded, files, history);
  const each: EachBatch = (lines, begin) => {
    history.reached(begin);
    for (const { record } of lines) {
      if (!isEntry(record)) continue;
      history.replayed(record);
      if (part === undefined || part.take()) replay(record);
    }
  };
  const scan = yield* scanSlices(files, each, { node, from: part?.from });
  part?.checkEnd(scan);
  return scan;
}

/** First line of a segment. */
export function segmentOpened(node: string, segment: number): Mark {
  return { type: "segmentOpened", format: LOG_FORMAT, node, segment };
}

function makeFolders(files: FileStore): void {
  files.makeFolder(LOG_FOLDER);
  files.syncFolderNow("");
  removeUnfinished(files);
}

/** @throws {LogDamaged} unless the log is whole up to a torn tail of a node that was not shut down in order */
function refuseDamage(scan: LogScan, clean: CleanState): void {
  const { damage, end } = scan;
  if (damage !== undefined) {
    if (damage.proof !== undefined) throw new LogDamaged(damage);
    const proof = "the node had been shut down in order, with everything on the disk";
    if (clean !== "unclean") throw new LogDamaged({ ...damage, proof });
  }
  if (clean !== "mismatch") return;
  throw new LogDamaged({
    file: CLEAN_FILE,
    line: 1,
    offset: 0,
    problem:
      `it does not say what is there: the log ends at byte ${end.bytes} of ${segmentPath(end.segment)}, ` +
      `with checksum ${end.crc}`,
    batch: end.batch + 1,
    proof: "the node had been shut down in order, and wrote the file when everything was on the disk",
  });
}

/** Keeps the torn tail aside before it is cut; returns the path of the copy, if there is a tail. */
function keepTail({ files, clock }: RecoveryOptions, end: LogEnd): string | undefined {
  const bytes = files.size(segmentPath(end.segment)) ?? 0;
  return bytes > end.bytes ? keepBroken(files, end.segment, end.bytes, bytes, clock.wallMs()) : undefined;
}

/** Writes the line that names the origin of the following entries, durably; with it, a torn tail is gone. */
function begin(options: RecoveryOptions, scan: LogScan, clean: CleanState, origin: string): LogEnd {
  const { files, node, version, clock } = options;
  const started: Mark = { type: "nodeStarted", origin, version, timeMs: clock.wallMs() };
  const isNew = scan.end.bytes === 0;
  const records = isNew ? [segmentOpened(node, scan.end.segment), started] : [started];
  const batch = new BatchEncoder().encode(scan.end, records.map(encodeMark));
  if (clean === "clean") continueSegment(files, scan.end, batch);
  else rewriteSegment(files, scan.end, batch);
  return batch.end;
}

/** Cuts first: an attempt that found the disk full may have left a part of the line, which must not come back. */
function continueSegment(files: FileStore, end: LogEnd, batch: EncodedBatch): void {
  const path = segmentPath(end.segment);
  if ((files.size(path) ?? 0) > end.bytes) {
    files.truncate(path, end.bytes);
    files.syncNow(path);
  }
  appendAll(files, path, batch.bytes);
  files.syncNow(path);
}

/**
 * After a crash, lines that were read may be in the system's cache and not on the disk, even after a sync
 * (which, having failed once, succeeds the second time without writing). So they are written anew.
 */
function rewriteSegment(files: FileStore, end: LogEnd, batch: EncodedBatch): void {
  const rewrite = new SegmentRewrite(files, end.segment);
  try {
    rewrite.keep(end.bytes);
    rewrite.append(batch.bytes);
  } catch (error) {
    rewrite.abandon();
    throw error;
  }
  rewrite.finish();
}

/** Tries once more without the reserve where the disk is full. */
function withReserve<Result>(files: FileStore, attempt: () => Result): Result {
  try {
    return attempt();
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
  files.remove(RESERVE_FILE);
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof Error) || !isDiskFull(error)) throw error;
    throw new LogRefused(
      `The disk is full (${error.message}): a start needs room for a line, and after a crash for a copy of the ` +
        "last segment of the log. Nothing was lost. Free space and start again",
      { cause: error },
    );
  }
}

function warnOfCut(logger: Logger, damage: Damage, kept: string | undefined, origin: string): void {
  const { file, line, offset, problem } = damage;
  logger.warn("logTailCut", { file, line, offset, problem, kept, origin });
}
