/**
 * The surroundings of a connection.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import type { ClientLink, ClientSession, MinuteCharge } from "../ports/clients.ts";
import type { Clock, Logger } from "../ports/outside.ts";
import type { ConnectionCounts } from "./connection_counts.ts";
import type { OutboundTotal } from "./outbound_queue.ts";
import type { Outbox } from "./outbox.ts";
import type { Rounds } from "./rounds.ts";

/** Settings and callbacks that all connections of a server share. */
export interface ConnectionContext<Connection> {
  readonly limits: Limits;
  /** True for a connection that is refused: its handshake has no more time than any other's. */
  readonly isRefused?: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Sum of the bytes that wait in all outboxes. */
  readonly outboundTotal: OutboundTotal<Outbox>;
  /** Counts of all connections. */
  readonly counts: ConnectionCounts;
  /** The rounds in which the connections work in turn. */
  readonly rounds: Rounds;
  /** Makes the session of a link; called as soon as bytes can be exchanged. */
  openSession(link: ClientLink): ClientSession;
  /** Charges the connection to the minute of its address. */
  charge(connection: Connection): MinuteCharge;
  /** Takes an error that a session threw: a defect, which the process must not survive. Must not throw. */
  onFault(error: unknown): void;
  /** The connection has ended; its socket is closed. */
  onEnd(connection: Connection): void;
}
