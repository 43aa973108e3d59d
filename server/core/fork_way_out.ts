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
  return "Nothing needs to be lost; do this, as root or as the owner of the folders: " +
    `(1) stop ${node}, and for each data folder that ${node} has run on, the original and the copy or backup, run ` +
    `${COMMAND}. (2) Start ${node} on one of these folders, and leave the other nodes running. If there are two, ` +
    `wait until chat-server status at another node shows ${node} in sync, stop ${node}, and start it on the other ` +
    "folder, which stays. (3) If chat-server status at any node then shows forks, stop all nodes that hold one of " +
    "the two branches, run the same command for the data folder of each, and start them " +
    "(docs/install.md, Data and backup)";
}
