/**
 * Forks in words for people.
 *
 * @module
 */

import type { Place } from "../core/entry.ts";
import { forkWayOut } from "../core/fork_way_out.ts";
import type { SharedEnd } from "./branching.ts";

const CAUSE = "a data folder was copied or restored, and both copies were used";

/** The reason that a node halts whose own origin has two branches, and the way out. */
export function halvedText({ origin, after }: SharedEnd): string {
  return `entry ${
    after + 1
  } of ${origin} is not the same at two nodes: ${CAUSE}. The branches part after entry ` +
    `${after}. ${forkWayOut(origin)}`;
}

/** The same for a branching that could not be found in time. */
export function unfoundText(origin: string, seconds: number): string {
  return `entries of ${origin} are not the same at two nodes: ${CAUSE}. The entry after which they part was not ` +
    `found within ${seconds} s. Keep the data folder, and start this node again while the others run: it looks ` +
    "once more, and then gives the way out, by which nothing is lost";
}

/** The reason that a peer takes no entries of this node. */
export function leftOutText(origin: string): string {
  return `it takes no entries of ${origin}, because it has met other ones under the same numbers: ${CAUSE}. What this ` +
    "node stores does not go there; chat-server status at that node says which nodes hold which entries, and the way out";
}

/** A fork that a node of version 1.0 is part of, which cannot look for the branching. */
export function unsearchedText({ origin, seq }: Place): string {
  return `entry ${seq} of ${origin} is not the same at two nodes: ${CAUSE}. Keep all data folders. Nodes of ` +
    "version 1.0 cannot look for the entry after which they part: upgrade all nodes, and start this one again: it " +
    "looks, and then gives the way out, by which nothing is lost";
}
