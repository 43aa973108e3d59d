/**
 * Forks in the status of a node.
 *
 * @module
 */

import type { ForkStatus } from "../ports/node.ts";

/**
 * A forked origin: the holders of its branches, and the way out.
 *
 * @param node name of the node whose status it is
 */
export function forkReport(node: string, { origin, after, same, other }: ForkStatus): string {
  const place = after === null ? "" : ` after entry ${after}`;
  const holders = `${listText([node, ...same])} ${same.length > 0 ? "hold" : "holds"} one, ${
    listText(other)
  } the other`;
  return `${origin} has two branches${place}: ${holders}. Nodes take no more of it. Stop the nodes of one ` +
    "branch, run chat-server log repair --data=FOLDER --as-new-origin at each, and start them";
}

function listText(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
