/**
 * The number of disks that hold a message acknowledged at this moment: the reply to NODE_STATUS (client
 * protocol, section 4), and its wording for people.
 *
 * @module
 */

import { dictionary } from "./dictionary.ts";
import { integer, listOf, oneOf, text, type TypeOf } from "./shape.ts";

/** The cluster as one node sees it. */
export const clusterStatus = dictionary({
  node: text,
  copies: integer,
  nodes: integer,
  peers: listOf(dictionary({
    name: text,
    state: oneOf("in sync", "behind", "unreachable", "refused"),
    behind: integer,
  })),
});

/** Value of `clusterStatus`. */
export type ClusterStatus = TypeOf<typeof clusterStatus>;

/** Progress of one peer. `behind` counts the entries of the node that the peer has not acknowledged. */
type PeerProgress = Pick<ClusterStatus["peers"][number], "state" | "behind">;

/** Progress of a peer for people: `in sync`, `behind by 1,204 entries`, `unreachable, behind by 1 entry`. */
export function peerStateText({ state, behind }: PeerProgress): string {
  // A peer in sync may still have to acknowledge the latest entries.
  if (state === "in sync" || behind === 0) return state;
  const entries = `by ${grouped(behind)} ${behind === 1 ? "entry" : "entries"}`;
  return state === "behind" ? `behind ${entries}` : `${state}, behind ${entries}`;
}

/** One sentence: the number of nodes that may be lost without losing a message acknowledged now. */
export function guaranteeText({ copies, nodes }: Pick<ClusterStatus, "copies" | "nodes">): string {
  if (nodes === 1) {
    return "a message that is stored now is on one disk, as there is one node: it is lost with it";
  }
  const where = `a message that is stored now is on ${copies} of ${nodes} disks`;
  if (copies === 1) return `${where}, that of this node: it is lost if that one is`;
  const others = copies - 1;
  return `${where}: any ${others === 1 ? "one node" : `${others} nodes`} may be lost`;
}

/** A count with a comma between groups of three digits: `1,204`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
