/**
 * Gives the branch of a fork an origin of its own, so that the entries of both branches go to all nodes
 * (`proto/log_format.md`, section 8). Only ever done because somebody asked for it.
 *
 * @module
 */

import type { FileStore } from "../ports/files.ts";
import type { Digest } from "../ports/outside.ts";
import type { Branch } from "./branch.ts";
import { branchesOf, movedEntry, movingBranches } from "./branches.ts";
import { cutTail } from "./broken.ts";
import { readClean, removeClean } from "./clean_file.ts";
import {
  dropOpenForks,
  holdForks,
  isOpen,
  readForks,
  removeForks,
  settleForks,
  type StoredFork,
} from "./fork_file.ts";
import { type Damage, LogRefused } from "./log_errors.ts";
import { isEntry, type LogRecord } from "./log_record.ts";
import { type LogRest, readRest, rewriteRest } from "./log_rewrite.ts";
import { scanLog } from "./log_scan.ts";
import type { LogEnd } from "./segments.ts";

/** The effect that a new origin would have on the entries of a fork. */
export interface BranchPlan {
  readonly fork: StoredFork;
  /** Name of the new origin; `undefined` if the log has no entry behind the branching. */
  readonly origin: string | undefined;
  /** Number of entries to move. */
  readonly entries: number;
  /** True if they stay, since the origin's node goes on with them. */
  readonly hasGoneOn: boolean;
}

/** The branches of a log, and the part of it to be written anew. */
interface Survey extends LogRest {
  readonly branches: readonly Branch[];
  readonly node: string | undefined;
  /** End of the whole part, if there is an unfinished write behind it. */
  readonly tornAt: LogEnd | undefined;
}

/**
 * Plans `giveNewOrigin`, and changes nothing.
 *
 * @returns the branches; none if the node has found no fork
 * @throws {LogRefused} if the log is damaged, or of a newer format
 */
export function planNewOrigin(files: FileStore, digest: Digest): readonly BranchPlan[] {
  return openForks(files).length === 0 ? [] : survey(files, digest).branches.map(planOf);
}

/**
 * Moves the entries behind the branching of every fork to an origin of its own; the next start makes one for the
 * node's later entries. Nothing is lost. Done again after a crash, it goes on. The data folder must be locked.
 *
 * @param timeMs now, milliseconds since the Unix epoch
 * @returns the moved branches; none if the node has found no fork
 * @throws {LogRefused} if the log is damaged, or of a newer format
 */
export function giveNewOrigin(files: FileStore, digest: Digest, timeMs: number): readonly BranchPlan[] {
  if (openForks(files).length === 0) return [];
  const { branches: all, node, tornAt, ...rest } = survey(files, digest);
  if (node === undefined) throw damaged("no segment says whose it is");
  const branches = movingBranches(all);
  if (branches.length === 0) return dropForks(files, all);
  holdForks(files, branches.map(({ fork }) => fork));
  if (tornAt !== undefined) cutTail(files, tornAt, timeMs);
  removeClean(files);
  rewriteRest(files, rest, {
    node,
    mark: { type: "repaired", timeMs, moving: branches.flatMap(({ origin }) => origin ?? []) },
    moved: (entry) => movedEntry(branches, entry),
  });
  return dropForks(files, all);
}

/** A settled fork stays as long as its origin is the node's: without a rewrite. */
function dropForks(files: FileStore, branches: readonly Branch[]): readonly BranchPlan[] {
  if (movingBranches(branches).length === 0) dropOpenForks(files);
  else removeForks(files);
  return branches.map(planOf);
}

/** Keeps the entries of all forks as they are: the node may start again, and goes on with them. Returns the forks. */
export function keepOrigin(files: FileStore): readonly StoredFork[] {
  const forks = openForks(files);
  if (forks.length > 0) settleForks(files);
  return forks;
}

function openForks(files: FileStore): readonly StoredFork[] {
  return readForks(files).filter(isOpen);
}

function planOf({ fork, origin, waiting, hasGoneOn }: Branch): BranchPlan {
  return { fork, origin, entries: waiting, hasGoneOn };
}

function survey(files: FileStore, digest: Digest): Survey {
  const reader = new BranchReader(openForks(files), digest);
  const { branches } = reader;
  let begin: LogEnd | undefined;
  const { damage, end, segments, node } = scanLog(files, (lines, batchBegin) => {
    for (const { record } of lines) if (reader.take(record)) begin ??= batchBegin;
  });
  const lastSegment = Math.max(segments, end.segment);
  const isTorn = damage !== undefined && damage.proof === undefined;
  if (damage !== undefined && !isTorn) {
    for (let segment = end.segment; segment <= lastSegment; segment++) {
      readRest(files, end, segment, (_, decoded) => {
        if (typeof decoded === "string") throw damaged(decoded);
        reader.take(decoded.record);
      });
    }
    if (!reader.isHalfMoved(damage)) throw damaged(damage.problem);
  }
  if (readClean(files, end) === "mismatch") throw damaged("it does not end where the node was shut down");
  return { branches, node, end: begin ?? end, lastSegment, tornAt: isTorn ? end : undefined };
}

/** Looks for branches in the records of a log. */
class BranchReader {
  readonly branches: readonly Branch[];
  /** New origins that the last repair was about to give. */
  #moving: readonly string[] = [];

  constructor(forks: readonly StoredFork[], digest: Digest) {
    this.branches = branchesOf(forks, digest);
  }

  /** Takes the next record; returns true if it is an entry to move. */
  take(record: LogRecord): boolean {
    if (isEntry(record)) {
      for (const branch of this.branches) branch.meet(record);
      return this.branches.some((branch) => branch.has(record));
    }
    if (record.type === "repaired") this.#moving = record.moving ?? [];
    return false;
  }

  /** True if all that is wrong is that an earlier attempt came no further than to this segment. */
  isHalfMoved({ line }: Damage): boolean {
    return line === 1 &&
      this.branches.some(({ origin }) => origin !== undefined && this.#moving.includes(origin));
  }
}

function damaged(problem: string): LogRefused {
  return new LogRefused(
    `The log is damaged (${problem}), so its entries cannot be moved yet. Nothing was changed. ` +
      "`chat-server log repair --accept-loss` cuts out what cannot be read; do the same again after it",
  );
}
