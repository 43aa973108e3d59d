/**
 * The meaning of an acknowledgement at this moment.
 *
 * @module
 */

import type { PeerStatus } from "../ports/node.ts";

/** Copies of a message that is acknowledged at this moment: one here, and one at every peer in sync. */
export function copiesNow(peers: readonly PeerStatus[]): number {
  return 1 + peers.filter(({ state }) => state === "in sync").length;
}
