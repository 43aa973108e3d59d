/**
 * Comparison of the places that a peer names with the entries here. Two branches of an origin come from two copies
 * of one data folder that were both used.
 *
 * @module
 */

import type { ChainedPlace, Version } from "../core/version.ts";
import type { EntryHistory } from "../ports/history.ts";

/** The entries here, as far as places can be compared with them. */
export interface PlacesHere {
  /** Origin of this node's own entries: a peer cannot have more of them. */
  readonly origin: string;
  /** Version of the state, durable or not. */
  readonly version: Version;
  readonly history: Pick<EntryHistory, "reachedAt">;
}

/** Result of a comparison; `unknown` if this node has no entry there, or does not remember it. */
export type Comparison = "same" | "other" | "unknown";

/** Compares a place with the entry of the same number here, and a place of the own origin with its end. */
export function comparePlace({ origin, version, history }: PlacesHere, place: ChainedPlace): Comparison {
  const here = version.get(place.origin);
  if (place.seq > (here?.seq ?? 0)) return place.origin === origin ? "other" : "unknown";
  if (here?.seq === place.seq) return compareEntries(here, place);
  return compareEntries(history.reachedAt(place.origin, place.seq) ?? UNKNOWN, place);
}

/** Stamp and chain of an entry; a stamp of 0 and a chain of `undefined` are unknown. */
type Marks = Pick<ChainedPlace, "stamp" | "chain">;

const UNKNOWN: Marks = { stamp: 0, chain: undefined };

/** Compares two entries of one origin and number by chain, or by stamp if a chain is unknown. */
export function compareEntries(one: Marks, other: Marks): Comparison {
  if (one.chain !== undefined && other.chain !== undefined) {
    return one.chain === other.chain ? "same" : "other";
  }
  if (one.stamp === 0 || other.stamp === 0) return "unknown";
  return one.stamp === other.stamp ? "same" : "other";
}
