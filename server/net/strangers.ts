/**
 * The connections without a login, by the address that they come from.
 *
 * @module
 */

/** Guests in the order of their arrival, each in the group of its address. Every step takes constant time. */
export class Strangers<G> {
  readonly #groupOf = new Map<G, string>();
  readonly #groups = new Map<string, Set<G>>();
  /** Number of groups of each size. */
  readonly #groupsOfSize: number[] = [];
  #largest = 0;

  /** Number of all strangers. */
  get size(): number {
    return this.#groupOf.size;
  }

  /** All groups, with their members, oldest first. */
  get groups(): ReadonlyMap<string, ReadonlySet<G>> {
    return this.#groups;
  }

  /** Adds a guest behind all others, unless it is there. */
  add(guest: G, group: string): void {
    if (this.#groupOf.has(guest)) return;
    this.#groupOf.set(guest, group);
    const members = this.#groups.get(group) ?? new Set();
    this.#groups.set(group, members.add(guest));
    this.#resize(members.size - 1, members.size);
  }

  /** Removes a guest, if it is there. */
  delete(guest: G): void {
    const group = this.#groupOf.get(guest);
    const members = group === undefined ? undefined : this.#groups.get(group);
    if (group === undefined || members === undefined) return;
    this.#groupOf.delete(guest);
    members.delete(guest);
    if (members.size === 0) this.#groups.delete(group);
    this.#resize(members.size + 1, members.size);
  }

  /** The members of the largest group, oldest first; of all largest groups, if there are several. */
  *ofLargest(): Generator<G> {
    for (const [guest, group] of this.#groupOf) {
      if (this.#groups.get(group)?.size === this.#largest) yield guest;
    }
  }

  /** All guests, oldest first. */
  [Symbol.iterator](): Iterator<G> {
    return this.#groupOf.keys();
  }

  #resize(from: number, to: number): void {
    this.#groupsOfSize[from] = (this.#groupsOfSize[from] ?? 0) - 1;
    this.#groupsOfSize[to] = (this.#groupsOfSize[to] ?? 0) + 1;
    this.#largest = Math.max(this.#largest, to);
    while (this.#largest > 0 && (this.#groupsOfSize[this.#largest] ?? 0) === 0) this.#largest--;
  }
}
