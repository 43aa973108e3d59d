/**
 * Faults in the rules for full disks, removed nodes and slow disks.
 *
 * @module
 */

import type { PeerStatus, Replication } from "../../../server/ports/node.ts";
import type { Disturbance } from "../membership.ts";
import type { PlantedFault } from "../planted_faults.ts";
import { forwarding } from "./forwarding.ts";

/** A planted fault, and the disturbance in which it must be found. */
export interface MembershipFault extends PlantedFault {
  readonly disturbance: Disturbance;
}

/** Changes the states of the peers. */
function inStates(
  replication: Replication,
  change: (peers: readonly PeerStatus[]) => readonly PeerStatus[],
): Replication {
  return forwarding(replication, { status: () => change(replication.status()) });
}

/** Faults that `simulateMembership` must find. */
export const MEMBERSHIP_FAULTS: readonly MembershipFault[] = [
  {
    name: "a node with a full disk takes entries nevertheless",
    disturbance: "full",
    mutation: { host: (host) => forwarding(host, { full: undefined }) },
  },
  {
    name: "a node without memory takes entries nevertheless",
    disturbance: "out of memory",
    mutation: { host: (host) => forwarding(host, { full: undefined }) },
  },
  {
    name: "a peer with a full disk stays in sync",
    disturbance: "full",
    mutation: {
      replication: (replication) =>
        inStates(
          replication,
          (peers) => peers.map((peer) => peer.code === "read-only" ? { ...peer, state: "in sync" } : peer),
        ),
    },
  },
  {
    name: "a removed node goes on serving",
    disturbance: "removed",
    mutation: {
      host: (host) => forwarding(host, { dismissClients: () => {} }),
      replication: (replication) => forwarding(replication, { unavailable: undefined }),
    },
  },
  {
    name: "a peer does not say that it refuses a stranger",
    disturbance: "removed",
    mutation: {
      acceptedLink: (link) =>
        forwarding(link, {
          send: (message) => message.type === "refusal" ? link.close() : link.send(message),
        }),
    },
  },
  {
    name: "replies wait for a slow peer",
    disturbance: "slow",
    mutation: {
      replication: (replication) =>
        forwarding(replication, {
          isAwaited: (needed) => {
            const connected = replication.status().filter(({ state }) =>
              state === "in sync" || state === "slow"
            );
            return replication.copies(needed) < connected.length;
          },
        }),
    },
  },
  {
    name: "replies do not wait for a slow peer though no other is in sync",
    disturbance: "slow",
    mutation: {
      replication: (replication) =>
        forwarding(replication, {
          isAwaited: (needed) => {
            const inSync = replication.status().filter(({ state }) => state === "in sync");
            return inSync.length > 1 && replication.isAwaited(needed);
          },
        }),
    },
  },
];
