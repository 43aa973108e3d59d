/**
 * Logs that the names of deleted accounts are forgotten. One entry tells all nodes, so each has the same names.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";
import { forgettableAccounts } from "../core/accounts/forgetting.ts";
import { nodeOf } from "../core/entry.ts";
import type { Event } from "../core/events.ts";
import type { State } from "../core/state.ts";
import type { Clock } from "../ports/outside.ts";
import type { NodePorts, NodeSettings } from "./node_settings.ts";

/** Interval of the looks, ms. */
const INTERVAL_MS = 60_000;

/** Time that the node which deleted an account has for its name before others forget it, ms. */
const PATIENCE_MS = 600_000;

/** Most names that are forgotten at once, so that no turn becomes long. */
const NAMES_MAX = 200;

/** The node, as far as forgetting needs it. */
interface ForgettingNode {
  readonly closing: boolean;
  readonly settings: Pick<NodeSettings, "name">;
  readonly ports: Pick<NodePorts, "log" | "replication">;
  readonly state: State;
  apply(events: readonly Event[]): unknown;
}

/** Forgets names at one node. `tick` is to be called about once a second. */
export class NameForgetting {
  #dueMs = 0;
  /** Monotonic times at which accounts were first found to be forgettable, ms. */
  #foundMs: ReadonlyMap<Account, number> = new Map();
  readonly #node: ForgettingNode;
  readonly #clock: Clock;

  constructor(node: ForgettingNode, clock: Clock) {
    this.#node = node;
    this.#clock = clock;
  }

  /** Logs the names to forget, once a minute. */
  tick(): void {
    const { closing, ports: { log } } = this.#node;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#dueMs || closing || log.readOnly) return;
    this.#dueMs = nowMs + INTERVAL_MS;
    const due = this.#due(nowMs).slice(0, NAMES_MAX);
    this.#node.apply(due.map(({ id }): Event => ({ type: "nameForgotten", account: id })));
  }

  /** Accounts that this node deleted, and those that another node should have forgotten by now. */
  #due(nowMs: number): Account[] {
    const { settings, ports: { replication }, state } = this.#node;
    const accounts = forgettableAccounts(state, replication.settled);
    const foundMs = new Map(accounts.map((account) => [account, this.#foundMs.get(account) ?? nowMs]));
    this.#foundMs = foundMs;
    return accounts.filter((account) =>
      nodeOf(account.deleted?.origin ?? "") === settings.name ||
      nowMs - (foundMs.get(account) ?? nowMs) >= PATIENCE_MS
    );
  }
}
