/**
 * Settings of a node, and the ports through which it touches the outside.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import type { NodeAddress } from "../../common/protocol/shapes.ts";
import type { Registration } from "../core/accounts/invite.ts";
import type { EntryLog, Replication } from "../ports/node.ts";
import type { Memory } from "../ports/memory.ts";
import type { Clock } from "../ports/outside.ts";

/** Settings of a node. */
export interface NodeSettings {
  readonly name: string;
  readonly cluster: string;
  /** Version of the program, as in WELCOME. */
  readonly version: string;
  /** Node name, `#`, incarnation. */
  readonly origin: string;
  /** Lead of the first stamp of this run (`firstLead`), microseconds. */
  readonly firstLead: number;
  /** Addresses of the nodes that serve clients, this one included, as in WELCOME. */
  readonly nodes: readonly NodeAddress[];
  /** Number of configured nodes, this one and those that serve no clients included. */
  readonly clusterSize: number;
  readonly limits: Limits;
  /** bcrypt cost of new hashes. */
  readonly hashCost: number;
  /** True if PING of the original dialect logs in without a password, from loopback addresses. */
  readonly originalReconnect?: boolean;
  /** Who can register at this node. */
  readonly registration: Registration;
}

/** The settings that change without a restart. */
export type ChangedSettings =
  & Pick<NodeSettings, "nodes" | "clusterSize">
  & Partial<Pick<NodeSettings, "registration">>;

/** Ports of a node. */
export interface NodePorts {
  readonly clock: Clock;
  readonly log: EntryLog;
  readonly replication: Replication;
  readonly memory: Memory;
  /** Asks for a call of `endTurn` once everything that has arrived together is taken. */
  requestTurn(): void;
}
