/**
 * Forks in words for people.
 *
 * @module
 */

import type { SharedEnd } from "./branching.ts";

const CAUSE = "a data folder was copied or restored, and both copies were used";

/** The reason that a node halts whose own origin has two branches, and the ways out. */
export function halvedText({ origin, after }: SharedEnd): string {
  const first = after + 1;
  return `entry ${first} of ${origin} is not the same at two nodes: ${CAUSE}. The branches part after entry ` +
    `${after}. Nothing needs to be lost: let one copy keep its entries as they are, with chat-server log repair ` +
    "--data=FOLDER --keep-origin, and give those of the other a new origin, with --as-new-origin " +
    "(docs/install.md, Data and backup)";
}

/** The same for a branching that could not be found in time. */
export function unfoundText(origin: string, seconds: number): string {
  return `entries of ${origin} are not the same at two nodes: ${CAUSE}. The entry after which they part was not ` +
    `found within ${seconds} s; start this node again while the others can be reached, to look for it once more ` +
    "(docs/install.md, Data and backup)";
}
