/**
 * People who are on a range no more, but whom a session may have on its list as long as it has not been told of those
 * who took their place.
 *
 * @module
 */

import { Holders } from "../core/watching/holders.ts";
import type { Watch } from "../core/watching/watched_people.ts";

/** Names by watch. Each is forgotten once nothing waits for its watch. */
export class LateDepartures {
  readonly #byName = new Holders<Watch>();
  readonly #names = new Map<Watch, Set<string>>();

  /** A name, in lower case, was pushed out of the range of a watch. */
  add(name: string, watch: Watch): void {
    const names = this.#names.get(watch) ?? new Set<string>();
    this.#names.set(watch, names);
    names.add(name);
    this.#byName.add(name, watch);
    // A list is no longer than its range: those who were pushed out first are gone from it.
    if (names.size > (watch.range?.limit ?? 0)) {
      this.#remove(watch, names, names.values().next().value ?? name);
    }
  }

  #remove(watch: Watch, names: Set<string>, name: string): void {
    names.delete(name);
    this.#byName.remove(name, watch);
  }

  /** The watches whose sessions may have a name, in lower case, on their lists. */
  of(name: string): Iterable<Watch> {
    return this.#byName.of(name);
  }

  /** Forgets the names of a watch. */
  leave(watch: Watch): void {
    const names = this.#names.get(watch) ?? [];
    for (const name of names) this.#byName.remove(name, watch);
    this.#names.delete(watch);
  }

  /** Forgets the names of those watches that have been told everything. */
  prune(isTold: (watch: Watch) => boolean): void {
    for (const watch of this.#names.keys()) if (isTold(watch)) this.leave(watch);
  }
}
