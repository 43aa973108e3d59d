/**
 * Who is logged in on this node.
 *
 * @module
 */

import { addressGroup } from "../core/address.ts";
import type { Account } from "../core/accounts/account.ts";
import type { Session } from "../sessions/session.ts";

const NOBODY: readonly Session[] = [];

/** The sessions of every account, and how many there are at every address. */
export class SessionRegistry {
  readonly #byAccount = new Map<Account, Session[]>();
  readonly #byAddress = new Map<string, number>();

  /** Whether nobody is logged in. */
  get isEmpty(): boolean {
    return this.#byAccount.size === 0;
  }

  /** How many sessions there are. */
  get size(): number {
    return this.#byAccount.values().reduce((sum, sessions) => sum + sessions.length, 0);
  }

  /** The sessions of an account, oldest first. */
  of(account: Account): readonly Session[] {
    return this.#byAccount.get(account) ?? NOBODY;
  }

  /** How many sessions are logged in from the place that an address belongs to. */
  atAddress(address: string): number {
    return this.#byAddress.get(addressGroup(address)) ?? 0;
  }

  /** A session is logged in. */
  add(account: Account, session: Session): void {
    const sessions = this.#byAccount.get(account);
    if (sessions) sessions.push(session);
    else this.#byAccount.set(account, [session]);
    this.#count(session, 1);
  }

  /** A session is not logged in any more. */
  remove(account: Account, session: Session): void {
    const rest = this.of(account).filter((each) => each !== session);
    if (rest.length > 0) this.#byAccount.set(account, rest);
    else this.#byAccount.delete(account);
    this.#count(session, -1);
  }

  /** Every session that is logged in. */
  *all(): Generator<Session> {
    for (const sessions of this.#byAccount.values()) yield* sessions;
  }

  #count(session: Session, change: number): void {
    const group = addressGroup(session.link.address);
    const count = (this.#byAddress.get(group) ?? 0) + change;
    if (count > 0) this.#byAddress.set(group, count);
    else this.#byAddress.delete(group);
  }
}
