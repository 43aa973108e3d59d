/**
 * Changes of presence for each receiver: a bounded number a second, however many partners come and go. More wait, the
 * oldest first, and only the last one of each account counts.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";

/** Most changes of presence that a receiver is told in a second: 1,000 partners come back within five. */
export const CHANGES_PER_SECOND = 200;

const WINDOW_MS = 1_000;

/** A receiver who was told something within the last second, or has something waiting. */
interface Receiver {
  /** Beginning of its second; monotonic, ms. */
  sinceMs: number;
  /** Number of changes that were told in this second. */
  told: number;
  /** Accounts whose changes wait, in the order of the first of them. */
  readonly waiting: Set<Account>;
}

/** The receivers of one node. */
export class PresenceReceivers {
  /** In the order of their seconds. */
  readonly #receivers = new Map<Account, Receiver>();
  readonly #tell: (account: Account, receivers: readonly Account[]) => void;

  /** @param tell tells receivers the presence that an account has at the moment of the call */
  constructor(tell: (account: Account, receivers: readonly Account[]) => void) {
    this.#tell = tell;
  }

  /** Tells receivers of a change, now or later. */
  changed(account: Account, receivers: readonly Account[], nowMs: number): void {
    const now = receivers.filter((receiver) => this.#mayTell(receiver, account, nowMs));
    if (now.length > 0) this.#tell(account, now);
  }

  #mayTell(to: Account, account: Account, nowMs: number): boolean {
    const receiver = this.#receivers.get(to) ?? this.#begin(to, nowMs);
    if (receiver.told < CHANGES_PER_SECOND && !receiver.waiting.has(account)) {
      receiver.told++;
      return true;
    }
    receiver.waiting.add(account);
    return false;
  }

  #begin(to: Account, nowMs: number): Receiver {
    const receiver = { sinceMs: nowMs, told: 0, waiting: new Set<Account>() };
    this.#receivers.set(to, receiver);
    return receiver;
  }

  /** Tells what had to wait; to be called about ten times a second. */
  look(nowMs: number): void {
    for (const [to, receiver] of this.#receivers) {
      if (nowMs - receiver.sinceMs < WINDOW_MS) return;
      this.#receivers.delete(to);
      if (receiver.waiting.size === 0) continue;
      receiver.sinceMs = nowMs;
      receiver.told = 0;
      this.#receivers.set(to, receiver);
      this.#tellWaiting(to, receiver);
    }
  }

  #tellWaiting(to: Account, receiver: Receiver): void {
    for (const account of receiver.waiting) {
      if (receiver.told === CHANGES_PER_SECOND) return;
      receiver.waiting.delete(account);
      receiver.told++;
      this.#tell(account, [to]);
    }
  }
}
