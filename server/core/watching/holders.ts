/**
 * Sets of holders by key, small where there are many keys.
 *
 * @module
 */

/** The holders of each key. Most keys have one, which is kept without a set around it. */
export class Holders<Holder extends object> {
  readonly #byKey = new Map<string, Holder | Set<Holder>>();

  /** Adds a holder of a key; nothing happens if it is there. */
  add(key: string, holder: Holder): void {
    const known = this.#byKey.get(key);
    if (known === undefined) this.#byKey.set(key, holder);
    else if (known instanceof Set) known.add(holder);
    else if (known !== holder) this.#byKey.set(key, new Set([known, holder]));
  }

  /** Removes a holder of a key; nothing happens if it is not there. */
  remove(key: string, holder: Holder): void {
    const known = this.#byKey.get(key);
    if (known === holder) this.#byKey.delete(key);
    if (!(known instanceof Set)) return;
    known.delete(holder);
    if (known.size === 0) this.#byKey.delete(key);
  }

  /** True if a key has this holder. */
  has(key: string, holder: Holder): boolean {
    const known = this.#byKey.get(key);
    return known instanceof Set ? known.has(holder) : known === holder;
  }

  /** The holders of a key. The iteration ends before the key changes. */
  of(key: string): Iterable<Holder> {
    const known = this.#byKey.get(key);
    if (known === undefined) return [];
    return known instanceof Set ? known : [known];
  }
}
