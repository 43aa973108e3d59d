/**
 * The whole lists of the original dialect that are in the making: each takes memory for all of its bytes.
 *
 * @module
 */

/** Lets a few lists be made at the same time, in the order in which they were asked for. */
export class WholeLists {
  /** Lists in the making or waiting, oldest first. */
  readonly #lists = new Set<object>();
  readonly #max: number;

  /** @param max lists at the same time */
  constructor(max: number) {
    this.#max = max;
  }

  /** Puts a list in the queue, unless it is there; true if it may be made now. */
  enter(list: object): boolean {
    this.#lists.add(list);
    let place = 0;
    for (const each of this.#lists) {
      if (each === list) return true;
      if (++place === this.#max) return false;
    }
    return false;
  }

  /** Takes a list out, made or dropped. */
  leave(list: object): void {
    this.#lists.delete(list);
  }
}
