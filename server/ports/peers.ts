/**
 * The way to other nodes, as replication uses it.
 *
 * @module
 */

import type { PeerMessage, RefusalCode } from "./peer_message.ts";

/** The address of a peer. */
export interface PeerAddress {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** One stream to or from a peer, as this node sees it. */
export interface PeerLink {
  /** Name that the peer has proved, by its certificate or by the cluster key; undefined if it has proved none. */
  readonly provenName: string | undefined;
  /** Queues one message. Never blocks; nothing happens once the stream has ended. */
  send(message: PeerMessage): void;
  /** Ends the stream once the queue was sent. */
  close(): void;
}

/** This node's end of `PeerLink`, as the link sees it. */
export interface PeerStream {
  /** Takes one message. */
  received(message: PeerMessage): void;
  /**
   * The stream has ended, or could not be opened. Called exactly once, whichever end closed it.
   *
   * @param code given if this node refused the other end before the stream began
   */
  closed(reason: string, code?: RefusalCode): void;
}

/** The way to other nodes. */
export interface PeerNetwork {
  /** Opens a stream. `stream` hears of it after this has returned. */
  dial(peer: PeerAddress, stream: PeerStream): PeerLink;
}

/** The peers that have proved that they have the cluster key. */
export interface ProvenPeers {
  /** True if any peer is taken although it proves nothing. */
  readonly takesAny: boolean;
  /** True if a peer is taken although it proves nothing, as a node of an earlier version. It warns of that. */
  takesUnproven(name: string): boolean;
  /** A peer has proved itself: from now on it must. */
  proved(name: string): void;
}
