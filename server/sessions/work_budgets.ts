/**
 * The work that each account may ask for, over all its sessions.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import type { Account } from "../core/accounts/account.ts";
import { TokenBucket } from "./token_bucket.ts";

/** Budgets by account. */
export class WorkBudgets {
  readonly #byAccount = new Map<Account, TokenBucket>();
  readonly #limits: Pick<Limits, "workPerSecond" | "workBurst">;

  constructor(limits: Pick<Limits, "workPerSecond" | "workBurst">) {
    this.#limits = limits;
  }

  /** The budget of an account. */
  of(account: Account, nowMs: number): TokenBucket {
    const known = this.#byAccount.get(account);
    if (known !== undefined) return known;
    const budget = new TokenBucket(this.#limits.workPerSecond, this.#limits.workBurst, nowMs);
    this.#byAccount.set(account, budget);
    return budget;
  }

  /** Forgets the budgets that are untouched or full again. */
  prune(nowMs: number): void {
    for (const [account, budget] of this.#byAccount) {
      if (budget.isFull(nowMs)) this.#byAccount.delete(account);
    }
  }
}
