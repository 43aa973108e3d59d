/**
 * The people that sessions watch: by name, and as ranges of the list (client protocol, WATCH). Finds the watches of a
 * person without looking at the others.
 *
 * @module
 */

import type { Directory } from "../accounts/directory.ts";
import { Holders } from "./holders.ts";
import { PeopleRange, type RangeArguments } from "./people_range.ts";
import { RangeTree } from "./range_tree.ts";

/** The people that a session asks to watch. */
export interface WatchWish {
  /** Names in lower case; nobody needs to have them. */
  readonly names: ReadonlySet<string>;
  readonly range: RangeArguments | undefined;
}

/** The people that one session watches. */
export interface Watch {
  readonly names: ReadonlySet<string>;
  readonly range: PeopleRange<Watch> | undefined;
}

/** All watches of a node. */
export class WatchedPeople {
  readonly #directory: Pick<Directory, "named" | "names">;
  readonly #byName = new Holders<Watch>();
  readonly #byMember = new Holders<PeopleRange<Watch>>();
  readonly #tree = new RangeTree<PeopleRange<Watch>>();
  /** Watches of the same range share it. */
  readonly #ranges = new Map<string, PeopleRange<Watch>>();
  /** Ranges that may lack people who were behind their end. */
  readonly #unfilled = new Set<PeopleRange<Watch>>();
  #size = 0;

  constructor(directory: Pick<Directory, "named" | "names">) {
    this.#directory = directory;
  }

  /** Number of people that are watched, as far as they count for memory; a range that is shared counts once. */
  get size(): number {
    return this.#size;
  }

  /** Begins to watch. The people of a new range are not known before `fill` has found them. */
  add({ names, range: wanted }: WatchWish): Watch {
    const range = wanted && this.#rangeOf(wanted);
    const watch: Watch = { names, range };
    range?.watchers.add(watch);
    for (const name of names) this.#byName.add(name, watch);
    this.#size += names.size;
    return watch;
  }

  #rangeOf(wanted: RangeArguments): PeopleRange<Watch> {
    const key = keyOf(wanted);
    const known = this.#ranges.get(key);
    if (known) return known;
    const range = new PeopleRange<Watch>(wanted, key);
    this.#ranges.set(key, range);
    this.#tree.add(range);
    this.#size += range.limit;
    return range;
  }

  /** Ends a watch that `add` has begun. */
  remove(watch: Watch): void {
    for (const name of watch.names) this.#byName.remove(name, watch);
    this.#size -= watch.names.size;
    const { range } = watch;
    if (range === undefined || !range.watchers.delete(watch) || range.watchers.size > 0) return;
    this.#ranges.delete(range.key);
    this.#tree.remove(range);
    this.#unfilled.delete(range);
    for (const member of range.members) this.#byMember.remove(member, range);
    this.#size -= range.limit;
  }

  /**
   * Looks for more people of a range, for one slice of work.
   *
   * @param entered called for each name that has come into it
   * @returns units of work
   */
  fill(range: PeopleRange<Watch>, entered: (name: string) => void = () => {}): number {
    const work = range.fill(this.#directory, (name) => {
      this.#byMember.add(name, range);
      entered(name);
    });
    this.#tree.moved(range);
    if (!range.isUnfilled) this.#unfilled.delete(range);
    return work;
  }

  /**
   * Looks for people in the place of those who have left ranges.
   *
   * @param workMax units of work after which the rest waits for the next call
   * @param entered called for each watch of a range that somebody has come into
   */
  fillAll(workMax: number, entered: (name: string, watch: Watch) => void): void {
    let work = 0;
    for (const range of this.#unfilled) {
      while (range.isUnfilled) {
        if (work >= workMax) return;
        work += this.fill(range, (name) => {
          for (const watch of range.watchers) entered(name, watch);
        });
      }
      this.#unfilled.delete(range);
    }
  }

  /**
   * A name, in lower case, is listed by now, or is no more.
   *
   * @param left called for each watch of a range that the name has pushed somebody else out of
   */
  listed(name: string, left: (other: string, watch: Watch) => void = () => {}): void {
    if (this.#tree.size === 0) return;
    if (this.#directory.named(name) === undefined) return this.#unlisted(name);
    for (const range of this.#tree.around(name)) {
      const other = this.#addTo(range, name);
      if (other !== undefined) { for (const watch of range.watchers) left(other, watch); }
    }
  }

  #addTo(range: PeopleRange<Watch>, name: string): string | undefined {
    const { entered, left } = range.add(name);
    if (entered) this.#byMember.add(name, range);
    if (left !== undefined) this.#byMember.remove(left, range);
    this.#tree.moved(range);
    return left;
  }

  #unlisted(name: string): void {
    for (const range of [...this.#byMember.of(name)]) {
      range.remove(name);
      this.#byMember.remove(name, range);
      if (range.isUnfilled) this.#unfilled.add(range);
    }
  }

  /** The watches of a name in lower case, each of them once. */
  watchesOf(name: string): Watch[] {
    const watches = [...this.#byName.of(name)];
    for (const range of this.#byMember.of(name)) {
      for (const watch of range.watchers) if (!watch.names.has(name)) watches.push(watch);
    }
    return watches;
  }

  /** True if a watch includes a name in lower case. */
  includes({ names, range }: Watch, name: string): boolean {
    return names.has(name) || range !== undefined && this.#byMember.has(name, range);
  }
}

function keyOf({ pattern, after, limit }: RangeArguments): string {
  return JSON.stringify([pattern, after, limit]);
}
