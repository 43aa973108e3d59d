/**
 * Who is who: the names in the files of the original, and the accounts here that they mean. Names pass from one person
 * to another, and the files say so only by their accounts: whoever is not among them was deleted, and a password of
 * the original never changes.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";
import { nameProblem } from "../core/accounts/register.ts";
import type { State } from "../core/state.ts";
import { proposedName } from "./proposed_names.ts";
import { renameFlag, type Renames } from "./renames.ts";

/** The names of one import. */
export class OriginalNames {
  readonly #state: State;
  readonly #renames: Renames;
  /** Hashes of the accounts in the files that are here now, by their names there. */
  readonly #hashes = new Map<string, unknown>();
  /** Names in the files by the account ids here. */
  readonly #holders = new Map<string, string>();
  /** Accounts in the files that cannot have their names. */
  readonly #refused = new Set<string>();
  /** Names of all accounts in the files, as they are or would be here, in lower case. */
  readonly #wanted = new Set<string>();
  readonly #renamed = new Set<string>();

  constructor(state: State, renames: Renames) {
    this.#state = state;
    this.#renames = renames;
  }

  /** True if there were accounts in the files. */
  get haveAccounts(): boolean {
    return this.#wanted.size > 0;
  }

  /** The name here. */
  here(name: string): string {
    const renamed = this.#renames.get(name);
    if (renamed !== undefined) this.#renamed.add(name);
    return renamed ?? name;
  }

  /** The hash of an account that was in the files before; `undefined` if there was none, or it was refused. */
  hashBefore(name: string): unknown {
    return this.#hashes.get(name);
  }

  /** The account of the files with that name is this one. */
  took(name: string, id: string, hash: unknown): void {
    this.#hashes.set(name, hash);
    this.#holders.set(id, name);
  }

  /** An account of the files has that name. */
  met(name: string): void {
    this.#wanted.add(this.here(name).toLowerCase());
  }

  /** The account of the files cannot have its name. */
  refuse(name: string): void {
    this.#refused.add(name);
  }

  /**
   * Tells if an account here is that of the files.
   *
   * @returns true, false, or "unknown" if its password was changed here
   */
  isSame(name: string, hash: unknown, { id, password }: Account): boolean | "unknown" {
    const holder = this.#holders.get(id) ?? name;
    if (holder !== name) return false;
    if (this.#isSaidToBeSame(name) || password?.hash === hash) return true;
    return password?.generation === 0 ? false : "unknown";
  }

  /** The reason why a message of that name is not one of the account that has it here; `undefined` if it may be. */
  strangeness(name: string): string | undefined {
    if (this.#refused.has(name)) return "the account of that name here is somebody else's";
    if (!this.haveAccounts || this.#hashes.has(name) || this.#isSaidToBeSame(name)) return undefined;
    return "it is not among the accounts in the files, so it was deleted, and the account of that name here is " +
      `somebody else's; give every user_accounts.json, or ${
        renameFlag(name, this.here(name))
      } if they are the same`;
  }

  /** A flag for each account whose name was refused, with a name that works. To be called after all accounts. */
  proposals(): string[] {
    return [...this.#refused].map((name) => {
      const proposed = proposedName(this.here(name), (each) => this.#isFree(each));
      this.#wanted.add(proposed.toLowerCase());
      return renameFlag(name, proposed);
    });
  }

  /** Renames of names that are not in the files. To be called at the end. */
  get unused(): string[] {
    return [...this.#renames].filter(([old]) => !this.#renamed.has(old)).map(([old, name]) =>
      renameFlag(old, name)
    );
  }

  #isSaidToBeSame(name: string): boolean {
    return this.#renames.get(name) === name;
  }

  #isFree(name: string): boolean {
    const { directory } = this.#state;
    return nameProblem(name) === undefined && !this.#wanted.has(name.toLowerCase()) &&
      directory.find(name) === undefined && directory.namesakes(name).length === 0;
  }
}
