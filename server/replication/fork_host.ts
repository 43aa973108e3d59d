/**
 * The node, as the search for forks needs it.
 *
 * @module
 */

import type { Version } from "../core/version.ts";
import type { EntryHistory } from "../ports/history.ts";
import type { Clock, Logger } from "../ports/outside.ts";
import type { SharedEnd } from "./branching.ts";

/** A fork in the node's data folder that does not keep it from starting. */
export interface KeptFork extends SharedEnd {
  /** True if the node goes on with its branch, and the other one is given up. */
  readonly settled?: true;
}

/** The calls to the node. */
export interface ForkHost {
  /** Version of the state, durable or not. */
  readonly version: Version;
  /** This node must not serve any more: it tells its clients, and none of them gets another answer. */
  forsake(reason: string): void;
  /** Keeps durably where an origin branches; `isThird` is true if it is another node's. */
  forkFound(end: SharedEnd, isThird: boolean): void;
  /** The forks that were kept before the start: of other nodes' origins, and settled ones of its own or an earlier one. */
  keptForks(): readonly KeptFork[];
  /** No peer has another branch of another node's origin any more. */
  forkOver(origin: string): void;
  /** This node must not go on. */
  halt(error: Error): void;
}

/** The parts of the search. */
export interface ForkParts {
  /** Origin of the node's own entries. */
  readonly origin: string;
  readonly host: ForkHost;
  readonly history: EntryHistory;
  readonly clock: Clock;
  readonly logger: Logger;
}
