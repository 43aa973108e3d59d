/**
 * The directory: names of all living accounts, to look up and to list.
 *
 * @module
 */

import type { Account, NamedAccount } from "./account.ts";
import { SortedNames } from "./sorted_names.ts";

/** Living accounts by displayed name. Case is ignored: names are compared and sorted in lower case. */
export class Directory {
  readonly #byName = new Map<string, Account>();
  /** Every account registered under a name that is not forgotten, deleted ones included, by the name in lower case. */
  readonly #namesakes = new Map<string, NamedAccount[]>();
  /** The keys of `#byName`. */
  readonly #sorted = new SortedNames();

  /** Number of living accounts. */
  get size(): number {
    return this.#byName.size;
  }

  /** The account displayed under a name; `undefined` if there is none. */
  find(name: string): Account | undefined {
    return this.named(name.toLowerCase());
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
    this.#sorted.add(key);
    this.#byName.set(key, account);
  }

  /** Removes a displayed name; nothing happens if it is not listed. */
  remove(name: string): void {
    const key = name.toLowerCase();
    if (this.#byName.delete(key)) this.#sorted.remove(key);
  }

  /** The account listed under a name in lower case. */
  named(key: string): Account | undefined {
    return this.#byName.get(key);
  }

  /**
   * Listed names in order, in lower case, many at a time: those that start with `prefix` and come after `after`, both
   * in lower case. Names may be added and removed between two steps of the iteration: each that is listed all the time
   * comes once.
   */
  *names(prefix: string, after: string): Generator<readonly string[]> {
    for (const names of this.#sorted.from(after < prefix ? prefix : `${after}\0`)) {
      const other = names.findIndex((name) => !name.startsWith(prefix));
      yield other < 0 ? names : names.slice(0, other);
      if (other >= 0) return;
    }
  }

  /** Accounts of the same names, in the same order. */
  *from(prefix: string, after: string): Generator<Account> {
    for (const names of this.names(prefix, after)) {
      for (const name of names) {
        const account = this.#byName.get(name);
        if (account) yield account;
      }
    }
  }
}
