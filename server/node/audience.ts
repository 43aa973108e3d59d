/**
 * The audience of a node: the sessions that are logged in to it, as far as the node knows them.
 *
 * @module
 */

import type { Account, Token } from "../core/accounts/account.ts";
import { addressGroup } from "../core/address.ts";
import type { Change } from "../core/change.ts";
import type { Refusal } from "../core/decision.ts";
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
  /**
   * Logs the session out and closes its connection once everything said before has left.
   *
   * @param word says why. A client of the original dialect, which would take it for the reply to its next request,
   * does not get it
   */
  end(word?: Refusal): void;
  /**
   * Takes no further request, and ends once those under way are answered.
   *
   * @param farewell reason to go on with another node. A client that takes pushes leaves as soon as it is told: the
   * last answer goes before it
   */
  finished(farewell: string): void;
}

/** A login to this node that lasts. */
interface Login {
  /** Counts the logins to this process, from 1 on. */
  readonly id: number;
  readonly account: Account;
  readonly subscriber: Subscriber;
  /** Wall clock, milliseconds since the Unix epoch. */
  readonly sinceMs: number;
}

const NOBODY: readonly Subscriber[] = [];

/** Sessions by account, and their number by address. */
export class Audience {
  readonly #byAccount = new Map<Account, Subscriber[]>();
  readonly #byAddress = new Map<string, number>();
  /** In the order of their ids. */
  readonly #logins = new Map<Subscriber, Login>();
  #lastId = 0;

  /** True if nobody is logged in. */
  get isEmpty(): boolean {
    return this.#byAccount.size === 0;
  }

  /** Number of sessions. */
  get size(): number {
    return this.#logins.size;
  }

  /** Logins in the order of their ids. */
  logins(): IterableIterator<Login> {
    return this.#logins.values();
  }

  /** The login with this id; `undefined` if there is none any more. */
  login(id: number): Login | undefined {
    return this.#logins.values().find((login) => login.id === id);
  }

  /** Sessions of an account, oldest login first. */
  of(account: Account): readonly Subscriber[] {
    return this.#byAccount.get(account) ?? NOBODY;
  }

  /** Number of sessions from an address, or for IPv6 from its /64. */
  atAddress(address: string): number {
    return this.#byAddress.get(addressGroup(address)) ?? 0;
  }

  /**
   * Adds a session that has just logged in; one that was there becomes the newest.
   *
   * @param sinceMs wall clock, milliseconds since the Unix epoch
   */
  add(account: Account, subscriber: Subscriber, sinceMs: number): void {
    this.remove(account, subscriber);
    this.#logins.set(subscriber, { id: ++this.#lastId, account, subscriber, sinceMs });
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
    this.#logins.delete(subscriber);
    if (rest.length > 0) this.#byAccount.set(account, rest);
    else this.#byAccount.delete(account);
    this.#count(subscriber, -1);
  }

  /** The sessions that a change leaves without a right to be there. */
  endedBy(change: Change): readonly Subscriber[] {
    switch (change.type) {
      case "accountDisabled":
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
