/**
 * The presence of the people who are looked at by name.
 *
 * @module
 */

/** The presence of whoever has a name. */
interface Known {
  readonly name: string;
  /** True if somebody with that name is logged in; `undefined` until a node has told, and if nobody has the name. */
  readonly online: boolean | undefined;
  /** Id of the account that has the name, once a node has told it. */
  readonly account: string | undefined;
  /** True if the present node has told it. */
  readonly isCurrent: boolean;
  /** True if the present node is to be asked. */
  readonly isDue: boolean;
}

/** A name, and the presence that the person has seen before; `undefined` if none. */
export interface SeenName {
  readonly name: string;
  readonly online: boolean | undefined;
}

/** Presence by name, in any case. */
export class Presence {
  readonly #known = new Map<string, Known>();
  #revision = 0;

  /** Number of changes. */
  get revision(): number {
    return this.#revision;
  }

  /** These names, and no others, are looked at from now on. */
  look(names: readonly SeenName[]): void {
    const keys = new Set(names.map(({ name }) => keyOf(name)));
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key);
    for (const { name, online } of names) {
      if (this.#known.has(keyOf(name))) continue;
      this.#set({ name, online, account: undefined, isCurrent: false, isDue: true });
    }
    this.#revision++;
  }

  /** The presence of a name that is looked at. */
  get(name: string): Known | undefined {
    return this.#known.get(keyOf(name));
  }

  /** The presence of an account under a name, as the present node has told it; `undefined` if it is unknown. */
  of(name: string, account: string | undefined): boolean | undefined {
    const known = this.get(name);
    if (known === undefined || !known.isCurrent) return undefined;
    const isOther = known.account !== undefined && account !== undefined && known.account !== account;
    return isOther ? undefined : known.online;
  }

  /** The present node has told the presence of a name that is looked at; `undefined` if nobody has it. */
  see(name: string, online: boolean | undefined, account: string | undefined): void {
    const known = this.get(name);
    if (known === undefined) return;
    this.#set({ ...known, online, account, isCurrent: true });
  }

  /** Names that the present node is to be asked about, so many at most: they count as asked from here on. */
  takeDue(count: number): readonly string[] {
    const due = [...this.#known.values()].filter(({ isDue }) => isDue).slice(0, count);
    for (const each of due) this.#set({ ...each, isDue: false });
    return due.map(({ name }) => name);
  }

  /** True if the present node is to be asked about a name. */
  get hasDue(): boolean {
    return [...this.#known.values()].some(({ isDue }) => isDue);
  }

  /** The present node is to be asked about every name again. */
  doubt(): void {
    for (const each of this.#known.values()) this.#set({ ...each, isDue: true });
  }

  /** The connection broke: another node says for itself. */
  lose(): void {
    for (const each of this.#known.values()) this.#set({ ...each, isCurrent: false, isDue: true });
  }

  /** Nobody is looked at any more. */
  clear(): void {
    this.#known.clear();
    this.#revision++;
  }

  #set(known: Known): void {
    this.#known.set(keyOf(known.name), known);
    this.#revision++;
  }
}

function keyOf(name: string): string {
  return name.toLowerCase();
}
