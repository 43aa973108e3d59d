/**
 * Version vectors: the last entry of each origin that a node holds.
 *
 * @module
 */

import { FIRST_CHAIN, nextChain } from "./chain.ts";
import type { Place } from "./entry.ts";

/** The last entry of one origin. */
export interface Reached {
  readonly seq: number;
  readonly stamp: number;
  /**
   * Chain of the origin up to it, which tells copies of one data folder apart from the first entry that each of
   * them adds. `undefined` if it is unknown: behind a gap, or from a node of an earlier version.
   */
  readonly chain?: number | undefined;
}

/** The place of an entry with the chain of its origin up to it, as nodes tell it to each other. */
export type ChainedPlace = Place & Pick<Reached, "chain">;

/** A version vector: the last entry of each origin, by origin. */
export type Version = ReadonlyMap<string, Reached>;

/** Sequence number of an origin's last entry; 0 if there is none. */
export function seqOf(version: Version, origin: string): number {
  return version.get(origin)?.seq ?? 0;
}

/** Records an entry as the last one of its origin. */
export function advance(version: Map<string, Reached>, { origin, seq, stamp }: Place): void {
  version.set(origin, { seq, stamp, chain: chainBehind(version.get(origin), { seq, stamp }) });
}

/**
 * Chain of an entry; `undefined` if it does not follow directly upon one whose chain is known.
 *
 * @param before the entry of the same origin before it; `undefined` if there is none
 */
export function chainBehind(
  before: Pick<Reached, "seq" | "chain"> | undefined,
  { seq, stamp }: Pick<Place, "seq" | "stamp">,
): number | undefined {
  const chain = before === undefined ? FIRST_CHAIN : before.chain;
  const follows = seq === (before?.seq ?? 0) + 1;
  return chain === undefined || !follows ? undefined : nextChain(chain, seq, stamp);
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
