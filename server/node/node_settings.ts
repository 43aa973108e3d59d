/**
 * What a node is, and what it touches the outside through.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import type { NodeAddress } from "../../common/protocol/shapes.ts";
import type { EntryLog, PasswordHasher, Replication } from "../ports/node.ts";
import type { Clock, Digest, Logger, Random } from "../ports/outside.ts";

/** What a node is. */
export interface NodeSettings {
  readonly name: string;
  readonly cluster: string;
  /** Of the program, as WELCOME says it. */
  readonly version: string;
  /** Node name, `#`, incarnation. */
  readonly origin: string;
  /** The nodes that serve clients, this one included: what clients are told. */
  readonly nodes: readonly NodeAddress[];
  /** How many nodes are configured, this one included, whether they serve clients or not. */
  readonly clusterSize: number;
  readonly limits: Limits;
  /** bcrypt cost of new hashes. */
  readonly hashCost: number;
}

/** What a node touches the outside through. */
export interface NodePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: EntryLog;
  readonly replication: Replication;
  readonly hasher: PasswordHasher;
  readonly digest: Digest;
  readonly logger: Logger;
  /** Asks for `endTurn` to be called once what has arrived together was taken. */
  requestTurn(): void;
}
