/**
 * Version vectors: the last entry of each origin that a node holds.
 *
 * @module
 */

import type { Entry, Place } from "./entry.ts";

/** The last entry of one origin. */
export interface Reached {
  readonly seq: number;
  /** Its stamp. It tells copies of one data folder apart, from the first entry that each of them adds. */
  readonly stamp: number;
}

/** A version vector: the last entry of each origin, by origin. */
export type Version = ReadonlyMap<string, Reached>;

/** Sequence number of an origin's last entry; 0 if there is none. */
export function seqOf(version: Version, origin: string): number {
  return version.get(origin)?.seq ?? 0;
}

/** Records an entry as the last one of its origin. */
export function advance(version: Map<string, Reached>, { origin, seq, stamp }: Entry): void {
  version.set(origin, { seq, stamp });
}

/** Lower bound of the version of a peer holding these entries, without the origin `leftOut`. */
export function versionWith(places: readonly Place[], leftOut: string): Version {
  const version = new Map<string, Reached>();
  for (const { origin, seq, stamp } of places) {
    if (origin !== leftOut && seq > seqOf(version, origin)) version.set(origin, { seq, stamp });
  }
  return version;
}

/** True if `version` includes everything in `other`. */
export function covers(version: Version, other: Version): boolean {
  for (const [origin, { seq }] of other) if (seqOf(version, origin) < seq) return false;
  return true;
}

/** Number of entries in `other` that `version` lacks. */
export function entriesMissing(version: Version, other: Version): number {
  let missing = 0;
  for (const [origin, { seq }] of other) missing += Math.max(0, seq - seqOf(version, origin));
  return missing;
}
