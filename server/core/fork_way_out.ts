/**
 * The way out of a fork, in the same words in every message and in `docs/install.md`.
 *
 * @module
 */

import { nodeOf } from "./entry.ts";

/** The command that gives a branch an origin of its own. */
const COMMAND = "chat-server log repair --data=FOLDER --as-new-origin";

/** The steps that bring the entries of all branches of an origin to all nodes. */
export function forkWayOut(origin: string): string {
  const node = nodeOf(origin);
  return "Nothing needs to be lost; do this, as root or as the owner of the folders: (1) stop all nodes. " +
    `(2) For each data folder of each node, and for both of ${node}, the original and the copy or backup, run ` +
    `${COMMAND}. A folder without a fork is left as it is. (3) Start all nodes, ${node} on one of its folders. If it ` +
    `has two, wait until chat-server status at another node shows ${node} in sync, stop ${node}, and start it on the ` +
    "other folder, which stays. As soon as chat-server status shows forks after a start, do the same again " +
    "(docs/install.md, Data and backup)";
}
