/**
 * Comparisons of a node with a version, for reading entries without a mesh.
 *
 * @module
 */

import type { Reached, Version } from "../../server/core/version.ts";
import { comparePlace } from "../../server/replication/compare_places.ts";
import type { Forks } from "../../server/replication/forks.ts";

/**
 * @param version of the node
 * @param marked the forked origins that it knows of
 * @param reachedAt its entries below the version
 */
export function comparedForks(
  version: Version,
  marked: readonly string[] = [],
  reachedAt: (origin: string, seq: number) => Reached | undefined = () => undefined,
): Pick<Forks, "compare" | "isMarked"> {
  return {
    compare: (place) => comparePlace({ origin: "own#1", version, history: { reachedAt } }, place),
    isMarked: (origin) => marked.includes(origin),
  };
}
