/**
 * The node, as replication needs it.
 *
 * @module
 */

import type { EncodedEntry } from "../core/encoded_entry.ts";
import type { EntryHistory } from "../ports/history.ts";
import type { Full } from "../ports/node.ts";
import type { Clock, Logger, Random } from "../ports/outside.ts";
import type { PeerNetwork, ProvenPeers } from "../ports/peers.ts";
import type { ForkHost } from "./fork_host.ts";
import type { Forks } from "./forks.ts";
import type { Identity } from "./handshake.ts";

/** The node, as replication sees it. */
export interface MeshHost extends ForkHost {
  /** The full one, while disk or memory is full: nothing may be absorbed. */
  readonly full: Full | undefined;
  /** Makes entries of other nodes happen here; `durable` is called once they are on the disk. */
  absorb(entries: readonly EncodedEntry[], durable: () => void): void;
  /**
   * Prepares for entries of other nodes: what they say again may have left memory.
   *
   * @param then called when they can be absorbed, perhaps before this returns
   */
  prepare(entries: readonly EncodedEntry[], then: () => void): void;
  /** The stamp that an entry made now would have. */
  stamp(): number;
  /** True if a name, or a use of an invitation, cannot be given to a new account any more. */
  isTaken(name: string): boolean;
  /** An account (by id) has come online at other nodes, or is at none of them any more. */
  presenceChanged(account: string, online: boolean): void;
  /** This node has everything that its peers had, or nobody has anything: it serves from now on. */
  filled(): void;
  /** Peers have told their versions, or are gone, or time has passed. */
  replicated(): void;
  /** Peers have come into sync or fallen behind, or the reason to take nothing from others is another one. */
  clusterChanged(): void;
  /** No peer takes this node for a member any more: clients must go to other nodes. */
  dismissClients(reason: string): void;
}

/** The parts of replication. */
export interface MeshOptions extends Identity {
  readonly host: MeshHost;
  /** True if the disk is empty, or was when this node began to be filled. */
  readonly lacksAll: boolean;
  /** True if this node serves even if all its peers refuse it as a stranger. */
  readonly servesAlone?: boolean;
  /** The durable part of the log. */
  readonly history: EntryHistory;
  readonly network: PeerNetwork;
  /** Peers that must prove their names; without it, a name that is not proved counts too. */
  readonly provenPeers?: ProvenPeers;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The parts of a stream. */
export interface StreamOptions extends MeshOptions {
  readonly forks: Forks;
}
