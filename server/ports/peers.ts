/**
 * The way to other nodes, as replication uses it.
 *
 * @module
 */

import type { PeerMessage } from "./peer_message.ts";

/** Where a peer can be reached. */
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
  /** Ends the stream once what is queued was sent. */
  close(): void;
}

/** What is said over one stream, as the link sees it: this node's end of `PeerLink`. */
export interface PeerStream {
  /** Takes one message. */
  received(message: PeerMessage): void;
  /** The stream has ended, or could not be opened. Called exactly once, whoever ended it. */
  closed(reason: string): void;
}

/** The way to other nodes. */
export interface PeerNetwork {
  /** Opens a stream. `stream` hears of it after this has returned. */
  dial(peer: PeerAddress, stream: PeerStream): PeerLink;
}
