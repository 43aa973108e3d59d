/**
 * The cluster as this node sees it, for its clients.
 *
 * @module
 */

import type { ClusterStatus } from "../../common/protocol/cluster_status.ts";
import type { PeerStatus } from "../ports/node.ts";

/**
 * What NODE_STATUS is answered with.
 *
 * @param clusterSize how many nodes are configured, this one included
 */
export function clusterStatus(
  node: string,
  clusterSize: number,
  peers: readonly PeerStatus[],
): ClusterStatus {
  return {
    node,
    copies: copiesNow(peers),
    nodes: clusterSize,
    peers: peers.map(({ name, state, entriesBehind }) => ({ name, state, behind: entriesBehind })),
  };
}

/** On how many disks a message is that is acknowledged at this moment: here, and where replies are waited for. */
export function copiesNow(peers: readonly PeerStatus[]): number {
  return 1 + peers.filter(({ state }) => state === "in sync").length;
}
