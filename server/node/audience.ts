/**
 * The audience of a node: the sessions that are logged in to it, as far as the node knows them.
 *
 * @module
 */

import type { Account, Token } from "../core/accounts/account.ts";
import { addressGroup } from "../core/address.ts";
import type { Change } from "../core/change.ts";
import type { Outlet } from "./turn.ts";

/** A session that is logged in. */
export interface Subscriber {
  /** IP address of the other end. */
  readonly address: string;
  /** Login token of the session; `undefined` in the original dialect, and after a login on a full disk. */
  readonly token: Token | undefined;
  /** True in the confirmed dialect; the original one has no pushes. */
  readonly takesPushes: boolean;
  /** Outlet of the session's connection. */
  readonly outlet: Outlet;
  /** Logs the session out and closes its connection once everything said before has left. */
  end(): void;
}

const NOBODY: readonly Subscriber[] = [];

/** Sessions by account, and their number by address. */
export class Audience {
  readonly #byAccount = new Map<Account, Subscriber[]>();
  readonly #byAddress = new Map<string, number>();

  /** True if nobody is logged in. */
  get isEmpty(): boolean {
    return this.#byAccount.size === 0;
  }

  /** Number of sessions. */
  get size(): number {
    return this.#byAccount.values().reduce((sum, subscribers) => sum + subscribers.length, 0);
  }

  /** Sessions of an account, oldest login first. */
  of(account: Account): readonly Subscriber[] {
    return this.#byAccount.get(account) ?? NOBODY;
  }

  /** Number of sessions from an address, or for IPv6 from its /64. */
  atAddress(address: string): number {
    return this.#byAddress.get(addressGroup(address)) ?? 0;
  }

  /** Adds a session that has just logged in; one that was there becomes the newest. */
  add(account: Account, subscriber: Subscriber): void {
    this.remove(account, subscriber);
    const subscribers = this.#byAccount.get(account);
    if (subscribers) subscribers.push(subscriber);
    else this.#byAccount.set(account, [subscriber]);
    this.#count(subscriber, 1);
  }

  /** Removes a session; nothing happens if it is not there. */
  remove(account: Account, subscriber: Subscriber): void {
    const before = this.of(account);
    const rest = before.filter((each) => each !== subscriber);
    if (rest.length === before.length) return;
    if (rest.length > 0) this.#byAccount.set(account, rest);
    else this.#byAccount.delete(account);
    this.#count(subscriber, -1);
  }

  /** The sessions that a change leaves without a right to be there. */
  endedBy(change: Change): readonly Subscriber[] {
    switch (change.type) {
      case "accountGone":
      case "passwordSet":
        return this.of(change.account);
      case "tokenVoid":
        return this.of(change.token.account).filter(({ token }) => token === change.token);
      default:
        return NOBODY;
    }
  }

  /** Every session. */
  *all(): Generator<Subscriber> {
    for (const subscribers of this.#byAccount.values()) yield* subscribers;
  }

  #count(subscriber: Subscriber, change: number): void {
    const group = addressGroup(subscriber.address);
    const count = (this.#byAddress.get(group) ?? 0) + change;
    if (count > 0) this.#byAddress.set(group, count);
    else this.#byAddress.delete(group);
  }
}
