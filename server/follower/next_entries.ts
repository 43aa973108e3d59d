/**
 * The entries that the archive folds in one step: a transaction, or a part of a long one (`long_transaction.ts`).
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";
import type { DurableEnd, LogFollower } from "../log/log_follower.ts";

/** Bounds of a part. */
interface PartMax {
  readonly entries: number;
  /** Reads of the log, each of 64 KiB at most. */
  readonly reads: number;
}

/** Usual bounds: the part is a transaction, which ends within some tens of milliseconds. */
export const SHORT_PART: PartMax = { entries: 1_024, reads: 16 };

/**
 * Bounds while many more entries are missing: the part is folded within half a second. While people write it is a
 * transaction, too: each writes every page that it has changed twice, and the entries of a short one are on nearly as
 * many pages as those of a long one.
 */
export const LONG_PART: PartMax = { entries: 16_384, reads: 128 };

/** Missing entries from which on parts are long. */
export const FAR_BEHIND = 65_536;

/** Takes the entries of the next part; none at the durable end. */
export function nextEntries(log: LogFollower, durable: DurableEnd): readonly Entry[] {
  const most = durable.position - log.place.position < FAR_BEHIND ? SHORT_PART : LONG_PART;
  const entries: Entry[] = [];
  for (let reads = 0; reads < most.reads && entries.length < most.entries; reads++) {
    const handed = log.next(durable, most.entries - entries.length);
    if (handed.length === 0) break;
    entries.push(...handed);
  }
  return entries;
}
