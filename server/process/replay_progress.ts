/**
 * The progress of a start that replays the log.
 *
 * @module
 */

/** Time before which the pace of a replay says nothing about the rest, ms. */
const PACE_MS = 500;

/** How far a replay is. */
export interface ReplayProgress {
  /** Length of the log, and the part of it that was read, bytes. */
  readonly ofBytes: number;
  readonly bytes: number;
  /** Number of entries that were replayed. */
  readonly entries: number;
  /** Time since the beginning, ms. */
  readonly elapsedMs: number;
}

/** The part that is done, percent, rounded down; 100 for an empty log. */
export function percentOf({ bytes, ofBytes }: Pick<ReplayProgress, "bytes" | "ofBytes">): number {
  return ofBytes === 0 ? 100 : Math.floor(100 * Math.min(1, bytes / ofBytes));
}

/** Estimate of the time that the rest takes, ms; `undefined` as long as there is nothing to estimate from. */
export function leftMs({ bytes, ofBytes, elapsedMs }: ReplayProgress): number | undefined {
  if (bytes === 0 || elapsedMs < PACE_MS) return undefined;
  return Math.round(elapsedMs * Math.max(0, ofBytes - bytes) / bytes);
}
