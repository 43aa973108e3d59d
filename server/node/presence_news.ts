/**
 * Presence, told at a bounded rate: a change of an account that has been quiet leaves at once, and so does the next one.
 * Those of an account that flaps are told together each interval, and then only the last one counts.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";

/** Interval at which an account that flaps is told, ms. */
export const PRESENCE_MS = 2_000;

/** The last change of an account that was told, or the end of an interval without one. */
interface Told {
  /** Monotonic time of it, ms. */
  readonly ms: number;
  /** True if one more change may leave before the interval is over: somebody comes and goes, or loads the page anew. */
  readonly hasSpare: boolean;
  /** True once a further change waits. */
  isOutdated: boolean;
}

/** Accounts whose presence was told lately. */
export class PresenceNews {
  /** In the order of their times. */
  readonly #told = new Map<Account, Told>();
  readonly #tell: (account: Account) => void;

  /** @param tell tells the presence that an account has at the moment of the call */
  constructor(tell: (account: Account) => void) {
    this.#tell = tell;
  }

  /** The presence of an account has changed; it is told at once unless the account flaps. */
  changed(account: Account, nowMs: number): void {
    this.look(nowMs);
    const told = this.#told.get(account);
    if (told !== undefined && !told.hasSpare) {
      told.isOutdated = true;
      return;
    }
    this.#note(account, nowMs, told === undefined);
    this.#tell(account);
  }

  /** Tells the changes that had to wait; to be called about ten times a second. */
  look(nowMs: number): void {
    for (const [account, { ms, hasSpare, isOutdated }] of this.#told) {
      if (nowMs - ms < PRESENCE_MS) return;
      // Whoever was told twice at once has to be quiet for two intervals before that happens again.
      if (hasSpare) this.#told.delete(account);
      else this.#note(account, nowMs, !isOutdated);
      // Told even if it is as before: a list may have shown the state in between.
      if (isOutdated) this.#tell(account);
    }
  }

  #note(account: Account, ms: number, hasSpare: boolean): void {
    this.#told.delete(account);
    this.#told.set(account, { ms, hasSpare, isOutdated: false });
  }
}
