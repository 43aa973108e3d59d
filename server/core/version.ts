/**
 * Version vectors: how far somebody has come with the entries of every origin.
 *
 * @module
 */

import type { Entry, Place } from "./entry.ts";

/** The last entry of one origin that somebody has. */
export interface Reached {
  readonly seq: number;
  /** Its stamp: two data folders that were copies of each other differ in it from their first own entry on. */
  readonly stamp: number;
}

/** The last entry of every origin, by origin: a version vector. */
export type Version = ReadonlyMap<string, Reached>;

/** Sequence number of the last entry of an origin, 0 where there is none. */
export function seqOf(version: Version, origin: string): number {
  return version.get(origin)?.seq ?? 0;
}

/** Puts an entry behind the others of its origin. */
export function advance(version: Map<string, Reached>, { origin, seq, stamp }: Entry): void {
  version.set(origin, { seq, stamp });
}

/** What somebody has at least who has all these entries; those of one origin are left out. */
export function versionWith(places: readonly Place[], leftOut: string): Version {
  const version = new Map<string, Reached>();
  for (const { origin, seq, stamp } of places) {
    if (origin !== leftOut && seq > seqOf(version, origin)) version.set(origin, { seq, stamp });
  }
  return version;
}

/** Whether nothing that is in `other` is missing in `version`. */
export function covers(version: Version, other: Version): boolean {
  for (const [origin, { seq }] of other) if (seqOf(version, origin) < seq) return false;
  return true;
}

/** How many entries of `other` are missing in `version`. */
export function entriesMissing(version: Version, other: Version): number {
  let missing = 0;
  for (const [origin, { seq }] of other) missing += Math.max(0, seq - seqOf(version, origin));
  return missing;
}
