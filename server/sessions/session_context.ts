/**
 * Everything that the sessions of one node share.
 *
 * @module
 */

import type { Node } from "../node/node.ts";
import type { AccountBuckets } from "./account_buckets.ts";
import type { HeldDeletions } from "./held_deletions.ts";
import type { ListContext } from "./list_work.ts";
import type { LoginThrottle } from "./login_throttle.ts";
import type { RequestTable } from "./request_row.ts";
import type { SessionCensus } from "./session_census.ts";
import type { SessionPorts } from "./session_ports.ts";

/** Shared by all sessions, which are of this type. */
export interface SessionContext<Session> extends ListContext {
  readonly node: Node;
  readonly ports: SessionPorts;
  readonly throttle: LoginThrottle;
  readonly heldDeletions: HeldDeletions;
  /** Messages of each account in the original dialect. */
  readonly originalMessages: AccountBuckets;
  readonly requests: RequestTable<Session>;
  readonly census: SessionCensus;
}
