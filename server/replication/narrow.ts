/**
 * Steps of the search for a branching: places of one branch, compared with the entries here.
 *
 * @module
 */

import { type ChainedPlace, seqOf, type Version } from "../core/version.ts";
import type { Branching } from "./branching.ts";
import { compareEntries, comparePlace, type Comparison, type PlacesHere } from "./compare_places.ts";

/**
 * Narrows a search down.
 *
 * @param theirs places of the other branch, in order
 * @param ours those of the same numbers here, as far as they are on the disk
 * @returns the result for the last one
 */
export function narrow(
  branching: Branching,
  theirs: readonly ChainedPlace[],
  ours: readonly ChainedPlace[],
  here: PlacesHere,
): Comparison {
  const own = new Map(ours.map((place) => [place.seq, place]));
  let last: Comparison = "unknown";
  for (const place of theirs) {
    const known = own.get(place.seq);
    last = known === undefined ? comparePlace(here, place) : compareEntries(known, place);
    if (last === "same") branching.isShared({ ...place, chain: known?.chain ?? place.chain });
    else if (last === "other") takeOther(branching, place, here.version);
  }
  return last;
}

/** Takes an entry of the other branch: in its place there is another here, or none where this branch ends. */
export function takeOther(branching: Branching, place: ChainedPlace, version: Version): void {
  const next = seqOf(version, place.origin) + 1;
  if (place.seq > next) branching.endsBefore(next);
  else branching.differs(place);
}
