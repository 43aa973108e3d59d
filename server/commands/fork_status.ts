/**
 * Forks in the status of a node.
 *
 * @module
 */

import { forkWayOut } from "../core/fork_way_out.ts";
import type { ForkStatus } from "../ports/node.ts";

/**
 * A forked origin: the holders of its branches, and the way out.
 *
 * @param node name of the node whose status it is
 */
export function forkReport(node: string, { origin, after, same, other, unseen }: ForkStatus): string {
  const place = after === null ? "" : ` after entry ${after}`;
  const holders = `${listText([node, ...same])} ${same.length > 0 ? "hold" : "holds"} one`;
  if (other.length === 0) {
    const unsure = `the other may be at ${listText(unseen)}, not seen since`;
    return `${origin} had two branches${place}: ${holders}; ${unsure}. ${forkWayOut(origin)}`;
  }
  return `${origin} has two branches${place}: ${holders}, ${
    listText(other)
  } the other. Nodes take no more of it. ` +
    forkWayOut(origin);
}

function listText(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
