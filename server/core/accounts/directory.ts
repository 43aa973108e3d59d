/**
 * The directory: names of all living accounts, to look up and to list.
 *
 * @module
 */

import type { Account, NamedAccount } from "./account.ts";

/** Living accounts by displayed name. Case is ignored: names are compared and sorted in lower case. */
export class Directory {
  readonly #byName = new Map<string, Account>();
  /** Every account registered under a name that is not forgotten, deleted ones included, by the name in lower case. */
  readonly #namesakes = new Map<string, NamedAccount[]>();
  #sorted: string[] = [];
  /** Names added since the last listing, unsorted: sorting after each would slow down a long replay. */
  #unsorted: string[] = [];

  /** Number of living accounts. */
  get size(): number {
    return this.#byName.size;
  }

  /** The account displayed under a name; `undefined` if there is none. */
  find(name: string): Account | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** Every account registered under a name, deleted ones included until their names are forgotten. */
  namesakes(name: string): readonly NamedAccount[] {
    return this.#namesakes.get(name.toLowerCase()) ?? [];
  }

  /** Records an account under the name that it was registered with. */
  addNamesake(account: NamedAccount): void {
    const key = account.registeredName.toLowerCase();
    const namesakes = this.#namesakes.get(key);
    if (namesakes) namesakes.push(account);
    else this.#namesakes.set(key, [account]);
  }

  /** Removes an account from those registered under a name. */
  removeNamesake(account: Account, name: string): void {
    const key = name.toLowerCase();
    const left = this.namesakes(key).filter((each) => each !== account);
    if (left.length > 0) this.#namesakes.set(key, left);
    else this.#namesakes.delete(key);
  }

  /** Lists an account under a displayed name. */
  add(name: string, account: Account): void {
    const key = name.toLowerCase();
    if (!this.#byName.has(key)) this.#unsorted.push(key);
    this.#byName.set(key, account);
  }

  /** Removes a displayed name; nothing happens if it is not listed. */
  remove(name: string): void {
    const key = name.toLowerCase();
    if (!this.#byName.delete(key)) return;
    this.#sort();
    this.#sorted.splice(firstNotBefore(this.#sorted, key), 1);
  }

  /** Accounts in order of name: those that start with `prefix` and come after `after`, both in lower case. */
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
