/**
 * Counts of the client connections of one node since its start.
 *
 * @module
 */

import type { BrokenLimit } from "./outbound_queue.ts";
import type { Transport } from "./socket.ts";

/** Why connections are turned away: a limit, by its name, or something that this node lacks. */
export type TurnedAwayBy =
  | BrokenLimit
  | "connections"
  | "unauthenticatedConnections"
  | "unauthenticatedPerAddress"
  | "newConnectionsPerMinute"
  | "memory"
  | "descriptors";

/** Plain numbers: counting allocates nothing. */
export class ConnectionCounts {
  /** Connections that were admitted. */
  readonly admitted: Record<Transport, number> = { tcp: 0, tls: 0, web: 0 };
  readonly turnedAway: Record<TurnedAwayBy, number> = {
    connections: 0,
    unauthenticatedConnections: 0,
    unauthenticatedPerAddress: 0,
    newConnectionsPerMinute: 0,
    outboundBytesHard: 0,
    outboundBytesTotal: 0,
    writeMs: 0,
    memory: 0,
    descriptors: 0,
  };
  /** Bytes of the client protocol, without those of TLS and WebSocket. */
  receivedBytes = 0;
}
