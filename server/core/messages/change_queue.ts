/**
 * A queue of things that change: each stands at the place of its last change.
 *
 * @module
 */

interface Front<Key> {
  readonly key: Key;
  readonly position: number;
}

/** Things in the order of their last changes. */
export class ChangeQueue<Key> {
  /** Numbers of entries folded at the last changes; a `Map` iterates in the order of insertion. */
  readonly #positions = new Map<Key, number>();
  /** Stands before the oldest: a new iterator would pass over the places of all that have left. */
  #oldest = this.#positions.entries();
  /** What the iterator has passed, and nobody has taken. */
  #front: Front<Key> | undefined;

  has(key: Key): boolean {
    return this.#positions.has(key);
  }

  /** Something has changed: it goes to the end. */
  changed(key: Key, position: number): void {
    this.#positions.delete(key);
    this.#positions.set(key, position);
  }

  /** Removes something; returns false if it is not there. */
  remove(key: Key): boolean {
    return this.#positions.delete(key);
  }

  /** Takes the oldest, if it has not changed since this position. */
  take(position: number): Key | undefined {
    for (;;) {
      const front = this.#front ??= this.#next();
      if (front === undefined) return undefined;
      const isThere = this.#positions.get(front.key) === front.position;
      if (isThere && front.position > position) return undefined;
      this.#front = undefined;
      if (!isThere) continue;
      this.#positions.delete(front.key);
      return front.key;
    }
  }

  #next(): Front<Key> | undefined {
    if (this.#positions.size === 0) return undefined;
    for (;;) {
      const { value, done } = this.#oldest.next();
      if (!done) return { key: value[0], position: value[1] };
      // An iterator that was at the end stays there, whatever comes later.
      this.#oldest = this.#positions.entries();
    }
  }
}
