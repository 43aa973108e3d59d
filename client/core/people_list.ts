/**
 * The part of the list of all people that somebody looks at, kept right while people come and go (client protocol,
 * WATCH).
 *
 * @module
 */

import { wildcardMatches } from "../../common/wildcard.ts";
import type { Revisions } from "./revisions.ts";

/** A part of the list: the first `count` people whose names match and come after `after`. */
export interface PeopleRange {
  /** As in LIST_USERS: `*` stands for anything, `?` for one character. Everybody matches without it. */
  readonly match?: string | undefined;
  /** A name, which nobody needs to have. */
  readonly after?: string | undefined;
  readonly count: number;
}

/** Somebody with an account. */
export interface Person {
  readonly name: string;
  /** Id of the account; `undefined` if the node is of an earlier version. */
  readonly account: string | undefined;
  readonly online: boolean;
  /** Messages from this person that are not read. */
  readonly unread: number;
  /** Number of the last change. */
  readonly revision: number;
}

/** A person as a node tells of them. */
export type ToldPerson = Omit<Person, "revision">;

/** Everything about the list but its rows and its revision. */
interface Extent {
  readonly more: boolean;
  readonly told: boolean;
}

const EMPTY: Extent = { more: false, told: false };

/** The people of the range that is looked at. */
export class PeopleList {
  readonly #revisions: Revisions;
  #range: PeopleRange | undefined;
  #rows: readonly Person[] = [];
  #extent = EMPTY;
  #revision = 0;

  constructor(revisions: Revisions) {
    this.#revisions = revisions;
  }

  /** The people, by name. An unchanged list is the same object. */
  get rows(): readonly Person[] {
    return this.#rows;
  }

  /** True if more people follow, or if some may. */
  get more(): boolean {
    return this.#extent.more;
  }

  /** True once a node has told this range; until then, some of its people may be missing. */
  get told(): boolean {
    return this.#extent.told;
  }

  /** Number of the last change of the list. */
  get revision(): number {
    return this.#revision;
  }

  /** Somebody looks at another range: of the people who are known, those who belong there stay. */
  look(range: PeopleRange | undefined): void {
    this.#range = range;
    const rows = this.#cut(this.#rows.filter(({ name }) => this.#belongs(name)));
    const more = range !== undefined && (this.more || rows.length < this.#rows.length);
    this.#become(rows, { more, told: false });
  }

  /**
   * A node has told a page.
   *
   * @param isWhole true if it is a page of the present range
   */
  takePage(people: readonly ToldPerson[], more: boolean, isWhole: boolean): void {
    const known = new Map(this.#rows.map((each) => [keyOf(each), each]));
    const told = this.#cut(people.filter(({ name }) => this.#belongs(name)));
    const rows = told.map((each) => this.#row(each, known.get(keyOf(each))));
    this.#become(rows, { more: more || !isWhole, told: isWhole });
  }

  /** Somebody is there, under this name, from now on. */
  put(person: ToldPerson): void {
    if (!this.#belongs(person.name)) return;
    const known = this.#rows.find((each) => isSame(each, person));
    const others = this.#rows.filter((each) => each !== known && keyOf(each) !== keyOf(person));
    const unread = known?.unread ?? person.unread;
    const rows = [...others, this.#row({ ...person, unread }, known)].sort(byName);
    const cut = this.#cut(rows);
    this.#become(cut, { ...this.#extent, more: this.more || cut.length < rows.length });
  }

  /** Somebody is gone, or has another name. */
  remove(account: string): void {
    this.#become(this.#rows.filter((each) => each.account !== account), this.#extent);
  }

  /** Takes over the counts of unread messages; `undefined` leaves one as it is. */
  count(unreadOf: (person: Person) => number | undefined): void {
    const rows = this.#rows.map((each) =>
      this.#row({ ...each, unread: unreadOf(each) ?? each.unread }, each)
    );
    this.#become(rows, this.#extent);
  }

  /** Nobody looks any more, and nobody is known. */
  clear(): void {
    this.#range = undefined;
    this.#become([], EMPTY);
  }

  #belongs(name: string): boolean {
    if (this.#range === undefined) return false;
    const { match = "*", after = "" } = this.#range;
    const key = name.toLowerCase();
    return key > after.toLowerCase() && wildcardMatches(match.toLowerCase(), key);
  }

  #cut<Row>(rows: readonly Row[]): readonly Row[] {
    return rows.slice(0, this.#range?.count ?? 0);
  }

  /** The row of a person: the `known` one if nothing is new. */
  #row({ name, account, online, unread }: ToldPerson, known: Person | undefined): Person {
    const isKnown = known?.name === name && known.account === account && known.online === online &&
      known.unread === unread;
    return isKnown ? known : { name, account, online, unread, revision: this.#revisions.next() };
  }

  #become(rows: readonly Person[], extent: Extent): void {
    const sameRows = rows.length === this.#rows.length && rows.every((each, i) => each === this.#rows[i]);
    if (sameRows && extent.more === this.more && extent.told === this.told) return;
    if (!sameRows) this.#rows = rows;
    this.#extent = extent;
    this.#revision = this.#revisions.next();
  }
}

/** A node of an earlier version tells no accounts; then the name has to do. */
function isSame(one: Pick<Person, "name" | "account">, other: Pick<Person, "name" | "account">): boolean {
  return one.account === other.account && (one.account !== undefined || keyOf(one) === keyOf(other));
}

function keyOf({ name }: { readonly name: string }): string {
  return name.toLowerCase();
}

function byName(one: Person, other: Person): number {
  return keyOf(one) < keyOf(other) ? -1 : 1;
}
