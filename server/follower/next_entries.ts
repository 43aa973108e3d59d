/**
 * What the archive folds in one transaction.
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";
import type { DurableEnd, LogFollower } from "../log/log_follower.ts";

/** Bounds of a transaction. */
interface TransactionMax {
  readonly entries: number;
  /** Reads of the log, each of 64 KiB at most. */
  readonly reads: number;
}

/** Usual bounds: it ends within some tens of milliseconds. */
export const TRANSACTION: TransactionMax = { entries: 1_024, reads: 16 };

/**
 * Bounds while many more entries are missing: it ends within half a second. Every transaction writes each page that it
 * has changed twice, and the entries of a short one are on nearly as many pages as those of a long one.
 */
export const LONG_TRANSACTION: TransactionMax = { entries: 16_384, reads: 128 };

/** Missing entries from which on transactions are long. */
export const FAR_BEHIND = 65_536;

/** Takes the entries of the next transaction; none at the durable end. */
export function nextEntries(log: LogFollower, durable: DurableEnd): readonly Entry[] {
  const most = durable.position - log.place.position < FAR_BEHIND ? TRANSACTION : LONG_TRANSACTION;
  const entries: Entry[] = [];
  for (let reads = 0; reads < most.reads && entries.length < most.entries; reads++) {
    const handed = log.next(durable, most.entries - entries.length);
    if (handed.length === 0) break;
    entries.push(...handed);
  }
  return entries;
}
