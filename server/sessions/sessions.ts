/**
 * The sessions of one node: opened here, with everything that they share.
 *
 * @module
 */

import type { Node } from "../node/node.ts";
import type { ClientLink } from "../ports/clients.ts";
import { AccountBuckets } from "./account_buckets.ts";
import { HeldDeletions } from "./held_deletions.ts";
import { LoginThrottle } from "./login_throttle.ts";
import type { RequestTable } from "./request_row.ts";
import { Session } from "./session.ts";
import { SessionCensus } from "./session_census.ts";
import type { SessionContext } from "./session_context.ts";
import type { SessionPorts } from "./session_ports.ts";
import { WholeLists } from "./whole_lists.ts";

/** Time between two clean-ups of the throttle, ms: a minute, in which a flood leaves some thousand counts. */
const PRUNE_MS = 60 * 1_000;

/** Opens sessions. */
export class Sessions implements SessionContext<Session> {
  readonly throttle: LoginThrottle;
  readonly workBudgets: AccountBuckets;
  readonly originalMessages: AccountBuckets;
  readonly wholeLists: WholeLists;
  readonly heldDeletions: HeldDeletions;
  readonly census = new SessionCensus();
  #pruneMs = PRUNE_MS;

  /** @param requests the handlers of all requests */
  constructor(
    readonly node: Node,
    readonly ports: SessionPorts,
    readonly requests: RequestTable<Session>,
  ) {
    this.throttle = new LoginThrottle(node.settings.limits);
    const { workPerSecond, workBurst, messagesPerSecond, originalMessagesBurst } = node.settings.limits;
    this.workBudgets = new AccountBuckets(workPerSecond, workBurst);
    this.originalMessages = new AccountBuckets(messagesPerSecond, originalMessagesBurst);
    this.wholeLists = new WholeLists(node.settings.limits.wholeListsAtOnce);
    this.heldDeletions = new HeldDeletions(node, ports);
  }

  /** Opens the session of a client that has connected. */
  open(link: ClientLink): Session {
    return new Session(this, link);
  }

  /**
   * Gives late answers, does what has waited for the archive, and forgets expired delays and blocks, and full
   * buckets, now and then; called about once a second.
   */
  tick(): void {
    const nowMs = this.node.ports.clock.monotonicMs();
    this.throttle.lateAnswers.look(nowMs);
    this.heldDeletions.look();
    if (nowMs < this.#pruneMs) return;
    this.#pruneMs = nowMs + PRUNE_MS;
    this.throttle.prune(nowMs);
    this.workBudgets.prune(nowMs);
    this.originalMessages.prune(nowMs);
  }
}
