/**
 * Presence, told at a bounded rate: the first changes of an account leave at once, further ones are told together when the
 * interval is over, and then only the last one counts.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";

/** Interval that begins with a change, ms. */
export const PRESENCE_MS = 4_000;

/** Changes of one account that are told at once in an interval: somebody comes and goes, or loads the page anew. */
export const PRESENCE_AT_ONCE = 2;

/** The interval of an account. */
interface Interval {
  /** Monotonic time of its beginning, ms. */
  readonly sinceMs: number;
  /** Number of changes that were told. */
  told: number;
  /** True once a further change waits. */
  isOutdated: boolean;
}

/** Accounts whose presence was told within the interval. */
export class PresenceNews {
  /** In the order of their beginnings. */
  readonly #intervals = new Map<Account, Interval>();
  readonly #tell: (account: Account) => void;

  /** @param tell tells the presence that an account has at the moment of the call */
  constructor(tell: (account: Account) => void) {
    this.#tell = tell;
  }

  /** The presence of an account has changed; it is told at once unless the account flaps. */
  changed(account: Account, nowMs: number): void {
    this.look(nowMs);
    const interval = this.#intervals.get(account);
    if (interval === undefined) this.#begin(account, nowMs);
    else if (interval.told === PRESENCE_AT_ONCE) interval.isOutdated = true;
    else {
      interval.told++;
      this.#tell(account);
    }
  }

  /** Tells the changes that had to wait; to be called about ten times a second. */
  look(nowMs: number): void {
    for (const [account, { sinceMs, isOutdated }] of this.#intervals) {
      if (nowMs - sinceMs < PRESENCE_MS) return;
      this.#intervals.delete(account);
      // Told even if it is as before: a list may have shown the state in between.
      if (isOutdated) this.#begin(account, nowMs);
    }
  }

  #begin(account: Account, nowMs: number): void {
    this.#intervals.set(account, { sinceMs: nowMs, told: 1, isOutdated: false });
    this.#tell(account);
  }
}
