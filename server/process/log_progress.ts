/**
 * The progress of a start that reads the log.
 *
 * @module
 */

/** Time before which the pace of a step says nothing about the rest, ms. */
const PACE_MS = 500;

/** How far a step of the start is. */
export interface LogProgress {
  /** `archive`: the archive follows the log before it is loaded. `log`: the log is replayed. */
  readonly step: "archive" | "log";
  /** Length of the log that the step reads, and the part of it that was read, bytes. */
  readonly ofBytes: number;
  readonly bytes: number;
  /** Number of entries that the archive has, or that were replayed. */
  readonly entries: number;
  /** Time since the beginning of the step, ms. */
  readonly elapsedMs: number;
}

/** The part that is done, percent, rounded down; 100 for an empty log. */
export function percentOf({ bytes, ofBytes }: Pick<LogProgress, "bytes" | "ofBytes">): number {
  return ofBytes === 0 ? 100 : Math.floor(100 * Math.min(1, bytes / ofBytes));
}

/** Estimate of the time that the rest takes, ms; `undefined` as long as there is nothing to estimate from. */
export function leftMs({ bytes, ofBytes, elapsedMs }: LogProgress): number | undefined {
  if (bytes === 0 || elapsedMs < PACE_MS) return undefined;
  return Math.round(elapsedMs * Math.max(0, ofBytes - bytes) / bytes);
}
