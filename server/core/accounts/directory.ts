/**
 * The names of all accounts that live, to look up and to list.
 *
 * @module
 */

import type { Account } from "./account.ts";

/** Names whatever the case, and their order. */
export class Directory {
  readonly #byName = new Map<string, Account>();
  /** Everybody who ever registered a name, deleted ones included, by the name in lower case. */
  readonly #namesakes = new Map<string, Account[]>();
  #sorted: string[] = [];
  /** Names that came since the last listing: sorting at each would make a long replay slow. */
  #unsorted: string[] = [];

  /** How many accounts live. */
  get size(): number {
    return this.#byName.size;
  }

  /** The account that is shown under a name, whatever the case. */
  find(name: string): Account | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** Everybody who ever registered that name. */
  namesakes(name: string): readonly Account[] {
    return this.#namesakes.get(name.toLowerCase()) ?? [];
  }

  /** Remembers who registered a name. */
  addNamesake(name: string, account: Account): void {
    const key = name.toLowerCase();
    const namesakes = this.#namesakes.get(key);
    if (namesakes) namesakes.push(account);
    else this.#namesakes.set(key, [account]);
  }

  /** Shows an account under a name. */
  add(name: string, account: Account): void {
    const key = name.toLowerCase();
    if (!this.#byName.has(key)) this.#unsorted.push(key);
    this.#byName.set(key, account);
  }

  /** Shows nobody under a name. */
  remove(name: string): void {
    const key = name.toLowerCase();
    if (!this.#byName.delete(key)) return;
    this.#sort();
    this.#sorted.splice(firstNotBefore(this.#sorted, key), 1);
  }

  /** The accounts whose names in lower case start with `prefix`, from the first one behind `after` on. */
  *from(prefix: string, after: string): Generator<Account> {
    this.#sort();
    let i = firstNotBefore(this.#sorted, prefix);
    if (after >= prefix) i = Math.max(i, firstNotBefore(this.#sorted, `${after}\0`));
    for (; i < this.#sorted.length; i++) {
      const name = this.#sorted[i] ?? "";
      if (!name.startsWith(prefix)) return;
      const account = this.#byName.get(name);
      if (account) yield account;
    }
  }

  #sort(): void {
    if (this.#unsorted.length === 0) return;
    if (this.#unsorted.length > 16) {
      this.#sorted = this.#sorted.concat(this.#unsorted).sort();
    } else {
      for (const name of this.#unsorted) this.#sorted.splice(firstNotBefore(this.#sorted, name), 0, name);
    }
    this.#unsorted = [];
  }
}

/** Where `name` is, or would be, in sorted names. */
function firstNotBefore(sorted: readonly string[], name: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? "") < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
