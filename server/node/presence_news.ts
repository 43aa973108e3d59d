/**
 * Presence, told at a bounded rate: a change leaves at once, further ones of the same account are told together
 * when the interval is over, and then only the last one counts.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";

/** Least time between two changes of one account that are told, ms. */
export const PRESENCE_MS = 2_000;

/** The last change of an account that was told. */
interface Told {
  /** Monotonic time of it, ms. */
  readonly ms: number;
  /** True once a further change waits. */
  isOutdated: boolean;
}

/** Accounts whose presence was told within the interval. */
export class PresenceNews {
  /** In the order of their times. */
  readonly #told = new Map<Account, Told>();
  readonly #tell: (account: Account) => void;

  /** @param tell tells the presence that an account has at the moment of the call */
  constructor(tell: (account: Account) => void) {
    this.#tell = tell;
  }

  /** The presence of an account has changed; it is told at once if none was within the interval. */
  changed(account: Account, nowMs: number): void {
    this.look(nowMs);
    const told = this.#told.get(account);
    if (told === undefined) this.#tellNow(account, nowMs);
    else told.isOutdated = true;
  }

  /** Tells the changes that had to wait; to be called about ten times a second. */
  look(nowMs: number): void {
    for (const [account, { ms, isOutdated }] of this.#told) {
      if (nowMs - ms < PRESENCE_MS) return;
      this.#told.delete(account);
      // Told even if it is as before: a list may have shown the state in between.
      if (isOutdated) this.#tellNow(account, nowMs);
    }
  }

  #tellNow(account: Account, nowMs: number): void {
    this.#told.set(account, { ms: nowMs, isOutdated: false });
    this.#tell(account);
  }
}
