/**
 * The people that a client knows by WATCH and PERSON, kept right as `proto/client_protocol.md` says.
 *
 * @module
 */

import type { Push } from "../../common/protocol/pushes.ts";
import type { RequestPayload } from "../../common/protocol/requests.ts";
import { wildcardMatches } from "../../common/wildcard.ts";

/** Arguments of WATCH, if it is not null. */
export type Watched = NonNullable<RequestPayload<"watchPeople">>;

/** A person on a list. */
export interface KnownPerson {
  readonly name: string;
  readonly account: string;
  readonly online: boolean;
}

/** The list of a range, and the people who are watched by name. */
export class KnownPeople {
  /** In order. */
  #rows: KnownPerson[] = [];
  /** By the name in lower case. */
  readonly #named = new Map<string, KnownPerson>();
  readonly #names: ReadonlySet<string>;
  /** Number of PERSON pushes. */
  pushes = 0;

  constructor(readonly watched: Watched) {
    this.#names = new Set((watched.names ?? []).map((name) => name.toLowerCase()));
  }

  /** Takes a list of the range. */
  listRange(rows: readonly KnownPerson[]): void {
    this.#rows = [...rows];
  }

  /** Takes a list of those who have a name: one person, or none. */
  listName(name: string, [person]: readonly KnownPerson[]): void {
    const key = name.toLowerCase();
    if (person === undefined) this.#named.delete(key);
    else this.#named.set(key, person);
  }

  /** Takes a push. */
  take({ name: kind, payload }: Push): void {
    if (kind !== "person") return;
    const { name, account, change } = payload;
    this.pushes++;
    const key = name.toLowerCase();
    if (change === "deleted" || change === "renamed") {
      this.#rows = this.#rows.filter((row) => row.account !== account);
      if (this.#named.get(key)?.account === account) this.#named.delete(key);
      return;
    }
    const person = { name, account, online: change === "online" };
    if (this.#names.has(key)) this.#named.set(key, person);
    if (this.#belongs(key)) this.#insert(person);
  }

  #belongs(key: string): boolean {
    const { people } = this.watched;
    if (people === undefined) return false;
    const { match = "*", after = "" } = people;
    return key > after.toLowerCase() && wildcardMatches(match.toLowerCase(), key);
  }

  #insert(person: KnownPerson): void {
    const others = this.#rows.filter(({ account, name }) =>
      account !== person.account && name.toLowerCase() !== person.name.toLowerCase()
    );
    this.#rows = [...others, person].sort((a, b) => a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1);
    this.#rows.length = Math.min(this.#rows.length, this.watched.people?.limit ?? 0);
  }

  /** Everything that is known. */
  known(): readonly string[] {
    return peopleTexts(this.#rows, [...this.#named.values()]);
  }
}

/** Rows of a range in their order, and those of names in any, as texts to compare. */
export function peopleTexts(rows: readonly KnownPerson[], named: readonly KnownPerson[]): readonly string[] {
  return [...rows.map(textOf), "by name", ...[...new Set(named.map(textOf))].sort()];
}

function textOf({ name, account, online }: KnownPerson): string {
  return `${name} ${account} ${online}`;
}
