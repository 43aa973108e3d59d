/**
 * Accounts that are online at other nodes.
 *
 * @module
 */

import { ONLINE_ACCOUNTS_MAX } from "./replication_limits.ts";

/** The accounts, by id, that are online at this node and at the others. */
export class Presence {
  /** At this node. */
  readonly own = new Set<string>();
  readonly #byNode = new Map<string, Set<string>>();
  readonly #counts = new Map<string, number>();
  readonly #onChange: (account: string, online: boolean) => void;

  /** @param onChange an account is online at another node, or is at none of them any more */
  constructor(onChange: (account: string, online: boolean) => void) {
    this.#onChange = onChange;
  }

  /** True if an account is online at another node. */
  isElsewhere(account: string): boolean {
    return this.#counts.has(account);
  }

  /** Another node has told its changes; returns false if more accounts would be online there than can be. */
  update(node: string, online: readonly string[], offline: readonly string[]): boolean {
    const known = this.#byNode.get(node) ?? new Set();
    this.#byNode.set(node, known);
    if (known.size + online.length > ONLINE_ACCOUNTS_MAX) return false;
    for (const account of online) if (!known.has(account)) this.#add(known, account);
    for (const account of offline) if (known.has(account)) this.#remove(known, account);
    return true;
  }

  /** Nothing is known of another node any more. */
  forget(node: string): void {
    const known = this.#byNode.get(node) ?? new Set();
    for (const account of [...known]) this.#remove(known, account);
  }

  #add(known: Set<string>, account: string): void {
    known.add(account);
    const count = (this.#counts.get(account) ?? 0) + 1;
    this.#counts.set(account, count);
    if (count === 1) this.#onChange(account, true);
  }

  #remove(known: Set<string>, account: string): void {
    known.delete(account);
    const count = (this.#counts.get(account) ?? 0) - 1;
    if (count > 0) return void this.#counts.set(account, count);
    this.#counts.delete(account);
    this.#onChange(account, false);
  }
}
