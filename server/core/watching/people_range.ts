/**
 * A range of the list of people: the page that LIST_USERS shows for the same arguments, kept as it is at each moment.
 *
 * @module
 */

import { firstNotBefore } from "../accounts/sorted_names.ts";
import { SLICE_WORK, workOfBytes } from "../slices.ts";
import { wildcardMatches, wildcardPrefix } from "../../../common/wildcard.ts";

/** Comes after every name with a prefix. */
const LAST_CHARACTER = "\uffff";

/** The listed names, as a range needs them (`Directory`). */
interface ListedNames {
  /** See `Directory.names`. */
  names(prefix: string, after: string): Iterable<readonly string[]>;
}

/** The arguments of a range. */
export interface RangeArguments {
  /** Wildcard in lower case. */
  readonly pattern: string;
  /** Name in lower case that the range lies behind. */
  readonly after: string;
  /** Maximum number of people. */
  readonly limit: number;
}

/**
 * The first `limit` names that match and come after `after`. All names up to `high` are looked at; `fill` looks at
 * further ones while there is room.
 */
export class PeopleRange<Watcher = unknown> {
  /** The first name that may be in it. */
  readonly low: string;
  /** The last name that has been looked at. */
  high: string;
  readonly watchers = new Set<Watcher>();
  readonly limit: number;
  readonly #pattern: string;
  readonly #prefix: string;
  /** Comes after the last name that may be in it. */
  readonly #end: string;
  /** In order. */
  readonly #members: string[] = [];

  /** @param key the same for ranges with the same arguments */
  constructor({ pattern, after, limit }: RangeArguments, readonly key: string) {
    this.#pattern = pattern;
    this.#prefix = wildcardPrefix(pattern);
    this.#end = this.#prefix + LAST_CHARACTER;
    this.low = after < this.#prefix ? this.#prefix : `${after}\0`;
    this.high = after;
    this.limit = limit;
  }

  /** Names in it, in order and in lower case. */
  get members(): readonly string[] {
    return this.#members;
  }

  /** True while it may lack people although it has room. */
  get isUnfilled(): boolean {
    return this.#members.length < this.limit && this.high < this.#end;
  }

  /**
   * Takes a name that is listed by now.
   *
   * @returns the names that came in and went out: none if it does not belong here
   */
  add(name: string): { readonly entered: boolean; readonly left: string | undefined } {
    if (name < this.low || name > this.high || !wildcardMatches(this.#pattern, name)) return NOTHING_MOVED;
    const i = firstNotBefore(this.#members, name);
    if (this.#members[i] === name) return NOTHING_MOVED;
    this.#members.splice(i, 0, name);
    if (this.#members.length <= this.limit) return { entered: true, left: undefined };
    const left = this.#members.pop();
    this.high = this.#members.at(-1) ?? this.high;
    return left === name ? NOTHING_MOVED : { entered: true, left };
  }

  /** Removes a name that is listed no more. */
  remove(name: string): void {
    const i = firstNotBefore(this.#members, name);
    if (this.#members[i] === name) this.#members.splice(i, 1);
  }

  /**
   * Looks at further names, as many as fit into one slice of work.
   *
   * @param entered called for each name that comes in
   * @returns units of work
   */
  fill(listed: ListedNames, entered: (name: string) => void): number {
    let work = 1;
    for (const names of listed.names(this.#prefix, this.high)) {
      for (const name of names) {
        if (!this.isUnfilled || work >= SLICE_WORK) return work;
        this.high = name;
        work += 1 + workOfBytes(this.#pattern.length);
        if (!wildcardMatches(this.#pattern, name)) continue;
        this.#members.push(name);
        entered(name);
      }
    }
    if (this.isUnfilled) this.high = this.#end;
    return work;
  }
}

const NOTHING_MOVED = { entered: false, left: undefined };
