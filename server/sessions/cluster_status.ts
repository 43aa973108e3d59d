/**
 * The reply to NODE_STATUS: the cluster as this node sees it.
 *
 * @module
 */

import type { ClusterStatus } from "../../common/protocol/cluster_status.ts";
import { copiesNow } from "../node/copies_now.ts";
import type { PeerStatus } from "../ports/node.ts";

/**
 * Payload of the reply to NODE_STATUS.
 *
 * @param clusterSize number of configured nodes, this one included
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
    peers: peers.map(({ name, state, entriesBehind: behind }) => {
      // Published clients know four states.
      return { name, state: state === "slow" ? "behind" : state, behind };
    }),
  };
}
