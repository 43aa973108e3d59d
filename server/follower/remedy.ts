/**
 * The ways out of an archive that cannot go on, and the time until each is taken.
 *
 * @module
 */

import { ArchiveUnusable } from "../archive/archive_unusable.ts";

/**
 * `rebuild`: the archive itself is unusable, and is made anew. `wait`: the same archive may go on later. `full`: the
 * disk or the quota is.
 */
export type Remedy = "rebuild" | "wait" | "full";

/**
 * Words of SQLite and of the system for a disk without room: the runtime gives errors of SQLite no code, and SQLite
 * calls a spent quota, or a file that is too long, an I/O error.
 */
const FULL = /disk is full|no space left|quota|file too large|disk I\/O error/i;

/** Words for an obstacle outside of the archive: rights, locks, descriptors, and a log that cannot be read. */
const OUTSIDE =
  /is locked|read-?only|unable to open|denied|requires \S+ access|too many open|no such file|log verify/i;

/** Time until the first of several attempts, and the longest, ms. */
const RETRY_MS = 10_000;
const RETRY_MS_MAX = 600_000;

/** Failures in a row after which an archive that had to wait is made anew. */
const WAITS_MAX = 5;

/** Time without a failure after which the next one counts as the first, ms. */
export const CALM_MS = 3_600_000;

/** The archive is silent: its disk hangs, or is far too slow. */
export class ArchiveHangs extends Error {
  override readonly name = "ArchiveHangs";

  /** @param seconds time for which it has said nothing */
  constructor(seconds: number) {
    super(
      `the archive has not been read for ${seconds} s: the disk hangs, or is far too slow; look at the disk, or ` +
        "remove the folder archive while the node does not run",
    );
  }
}

/** The way out of an error. An archive with any other fault than these is not trusted further. */
export function remedyOf(error: Error): Remedy {
  if (error instanceof ArchiveHangs) return "wait";
  if (error instanceof ArchiveUnusable) return "rebuild";
  if (FULL.test(error.message)) return "full";
  return OUTSIDE.test(error.message) ? "wait" : "rebuild";
}

/** A failure of the archive. */
export interface Failure {
  readonly remedy: Remedy;
  /** Counts the failures in a row from 1 on. */
  readonly count: number;
  /** True if the archive was not complete yet. */
  readonly wasBuilding: boolean;
}

/** True if the files of the archive are removed: it is made anew, or its room is the log's. */
export function removesFiles({ remedy, count, wasBuilding }: Failure): boolean {
  return remedy === "rebuild" || remedy === "full" && wasBuilding || count > WAITS_MAX;
}

/** Time until the next attempt, ms. The first rebuild begins at once. */
export function retryMs({ remedy, count }: Failure): number {
  const waits = remedy === "rebuild" ? count - 1 : count;
  return waits === 0 ? 0 : Math.min(RETRY_MS * 2 ** (waits - 1), RETRY_MS_MAX);
}

/** The way out of a failure, for people. */
export function wayOutOf(failure: Failure): string {
  const wait = "no message is lost, and searches wait; ";
  if (failure.remedy === "full") {
    return `${wait}free space, or look at the disk: it tries again by itself`;
  }
  if (removesFiles(failure)) return `${wait}it is built anew from the log`;
  return `${wait}it tries again by itself; its folder, archive, may be removed`;
}
