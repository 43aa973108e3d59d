/**
 * Waiting for entries on their way: a busy machine may be later than the copies that an acknowledgement counts.
 *
 * @module
 */

import type { ClusterNode } from "./cluster_node.ts";
import { eventually } from "./eventually.ts";

/** Waits until peers of a node have everything that it has. */
export async function heldBy(node: ClusterNode, ...peers: readonly string[]): Promise<void> {
  await eventually(`${peers.join(" and ")} have everything of ${node.name}`, async () => {
    const known = (await node.status())?.peers ?? [];
    return peers.every((name) =>
      known.some((peer) => peer.name === name && peer.state === "in sync" && peer.entriesBehind === 0)
    );
  });
}
