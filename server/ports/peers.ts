/**
 * The way to other nodes, as replication uses it.
 *
 * @module
 */

import type { PeerMessage } from "./peer_message.ts";

/** The address of a peer. */
export interface PeerAddress {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** One stream to or from a peer, as this node sees it. */
export interface PeerLink {
  /** The name that the peer's certificate proves; undefined where there are no certificates. */
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
  /** The stream has ended, or could not be opened. Called exactly once, whichever end closed it. */
  closed(reason: string): void;
}

/** The way to other nodes. */
export interface PeerNetwork {
  /** Opens a stream. `stream` hears of it after this has returned. */
  dial(peer: PeerAddress, stream: PeerStream): PeerLink;
}
