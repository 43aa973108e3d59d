/**
 * Forks in words for people.
 *
 * @module
 */

import type { SharedEnd } from "./branching.ts";

const CAUSE = "a data folder was copied or restored, and both copies were used";

/** The reason that a node halts whose own origin has two branches, and the ways out. */
export function halvedText({ origin, after }: SharedEnd): string {
  return `entry ${
    after + 1
  } of ${origin} is not the same at two nodes: ${CAUSE}. The branches part after entry ` +
    `${after}. Nothing is lost: at one of the two copies run chat-server log repair --as-new-origin, which makes ` +
    "the entries behind it those of a new origin; then at the other chat-server log repair --keep-origin; " +
    "start both (docs/replication.md, Copies of a data folder)";
}

/** The same for a branching that could not be found in time. */
export function unfoundText(origin: string, seconds: number): string {
  return `entries of ${origin} are not the same at two nodes: ${CAUSE}. The entry after which they part was not ` +
    `found within ${seconds} s; start this node again while the others can be reached, to look for it once more ` +
    "(docs/replication.md, Copies of a data folder)";
}
