/**
 * Rates of accounts, over all their sessions.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";
import { TokenBucket } from "./token_bucket.ts";

/** One bucket for each account. */
export class AccountBuckets {
  readonly #byAccount = new Map<Account, TokenBucket>();

  /**
   * @param perSecond amount that an account gains in a second; 0 for no limit
   * @param burst largest amount at once
   */
  constructor(readonly perSecond: number, readonly burst: number) {}

  /** The bucket of an account. */
  of(account: Account, nowMs: number): TokenBucket {
    const known = this.#byAccount.get(account);
    if (known !== undefined) return known;
    const bucket = new TokenBucket(this.perSecond, this.burst, nowMs);
    this.#byAccount.set(account, bucket);
    return bucket;
  }

  /** Forgets the buckets that are untouched or full again. */
  prune(nowMs: number): void {
    for (const [account, bucket] of this.#byAccount) {
      if (bucket.isFull(nowMs)) this.#byAccount.delete(account);
    }
  }
}
