/**
 * Stamps: a hybrid logical clock in one number, microseconds since the Unix epoch. It follows the wall clock
 * while that runs forward, and counts on from the last stamp while it does not.
 *
 * @module
 */

import type { Version } from "./version.ts";

const MICROSECONDS_PER_MILLISECOND = 1_000;
const MICROSECONDS_PER_SECOND = 1_000_000;

/** A time of the wall clock in microseconds since the Unix epoch, rounded down to a millisecond. */
export function wallMicroseconds(wallMs: number): number {
  return Math.floor(wallMs) * MICROSECONDS_PER_MILLISECOND;
}

/** The next stamp after `last`, when the wall clock shows `wallMs`. */
export function nextStamp(last: number, wallMs: number): number {
  return Math.max(last + 1, wallMicroseconds(wallMs));
}

/** Maximum lead over the wall clock at which the own clock follows other nodes, microseconds: a minute. */
const AHEAD_MAX = 60 * MICROSECONDS_PER_SECOND;

/** The known entries, which a new entry comes after. */
interface Known {
  /** The latest stamp of any origin. */
  readonly stamp: number;
  readonly version: Version;
}

/**
 * The stamp of an origin's next entry. It is later than the origin's last one, and later than every known
 * stamp that is at most a minute ahead of the wall clock. Stamps further ahead come from a node with a wrong
 * clock, which must not drag all others along.
 */
export function ownStamp(known: Known, origin: string, wallMs: number): number {
  const own = known.version.get(origin)?.stamp ?? 0;
  return nextStamp(Math.max(own, Math.min(known.stamp, wallMicroseconds(wallMs) + AHEAD_MAX)), wallMs);
}

/**
 * Lead of the first stamp of a run, below a millisecond, microseconds. Nothing but stamps tells the entries of two copies of
 * a data folder apart that both run, and they may write at one moment: a clock shows milliseconds, and one that is behind
 * other nodes shows nothing that counts.
 *
 * @param random two bytes
 */
export function firstLead([high = 0, low = 0]: Uint8Array): number {
  return (high << 8 | low) % MICROSECONDS_PER_MILLISECOND;
}

/** Lead of a stamp over the wall clock, ms; 0 up to a minute, by which stamps follow those of other nodes. */
export function stampAheadMs(stamp: number, wallMs: number): number {
  const ahead = stamp - wallMicroseconds(wallMs);
  return ahead > AHEAD_MAX ? Math.round(ahead / MICROSECONDS_PER_MILLISECOND) : 0;
}

/** A stamp in seconds since the Unix epoch, the unit that clients get. */
export function stampSeconds(stamp: number): number {
  return stamp / MICROSECONDS_PER_SECOND;
}

/** A stamp in milliseconds since the Unix epoch, the unit of the wall clock. */
export function stampMs(stamp: number): number {
  return stamp / MICROSECONDS_PER_MILLISECOND;
}

/** The stamp of a time given in seconds since the Unix epoch. */
export function secondsStamp(seconds: number): number {
  return Math.round(seconds * MICROSECONDS_PER_SECOND);
}

/** A moment: a stamp, and an origin to break ties. Moments order what happened to accounts and passwords. */
export interface Moment {
  readonly stamp: number;
  readonly origin: string;
}

/** Below 0 if `a` comes first, over 0 if `b` does. */
export function compareMoments(a: Moment, b: Moment): number {
  return a.stamp - b.stamp || (a.origin < b.origin ? -1 : a.origin > b.origin ? 1 : 0);
}
