/**
 * Stamps: a hybrid logical clock in one number, microseconds since the Unix epoch. It follows the wall
 * clock while that runs forward and counts on from the last stamp while it does not.
 *
 * @module
 */

import type { Version } from "./version.ts";

const MICROSECONDS_PER_MILLISECOND = 1_000;
const MICROSECONDS_PER_SECOND = 1_000_000;

/** The stamp after `last` at a wall clock of `wallMs`. */
export function nextStamp(last: number, wallMs: number): number {
  return Math.max(last + 1, Math.floor(wallMs) * MICROSECONDS_PER_MILLISECOND);
}

/** How far the own clock follows the stamps of other nodes beyond the wall clock, microseconds: a minute. */
const AHEAD_MAX = 60 * MICROSECONDS_PER_SECOND;

/** The entries that a new one comes after. */
interface Known {
  /** The latest stamp. */
  readonly stamp: number;
  readonly version: Version;
}

/**
 * The stamp of the next entry of an origin: later than its last one, and than everything known that is not
 * from further ahead than a minute (a node whose clock was wrong must not take all others along).
 */
export function ownStamp(known: Known, origin: string, wallMs: number): number {
  const own = known.version.get(origin)?.stamp ?? 0;
  const wall = Math.floor(wallMs) * MICROSECONDS_PER_MILLISECOND;
  return nextStamp(Math.max(own, Math.min(known.stamp, wall + AHEAD_MAX)), wallMs);
}

/** A stamp as the seconds since the Unix epoch that clients are shown. */
export function stampSeconds(stamp: number): number {
  return stamp / MICROSECONDS_PER_SECOND;
}

/** A stamp as the milliseconds since the Unix epoch that the wall clock shows. */
export function stampMs(stamp: number): number {
  return stamp / MICROSECONDS_PER_MILLISECOND;
}

/** Seconds since the Unix epoch as a stamp. */
export function secondsStamp(seconds: number): number {
  return Math.round(seconds * MICROSECONDS_PER_SECOND);
}

/** When, and, of the same moment, where: the order of everything that people see. */
export interface Moment {
  readonly stamp: number;
  readonly origin: string;
}

/** Below 0 if `a` comes first, over 0 if `b` does. */
export function compareMoments(a: Moment, b: Moment): number {
  return a.stamp - b.stamp || (a.origin < b.origin ? -1 : a.origin > b.origin ? 1 : 0);
}
