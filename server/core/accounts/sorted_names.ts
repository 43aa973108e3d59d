/**
 * A sorted set of names that costs the logarithm of its size for each change and each search.
 *
 * @module
 */

/** Names in one part, at most: a change moves no more than that. */
const PART_MAX = 512;

/** Names in order of their UTF-16 units, in parts; the last name of each part comes before the next part. */
export class SortedNames {
  readonly #parts: string[][] = [];
  #size = 0;

  /** Number of names. */
  get size(): number {
    return this.#size;
  }

  /** Adds a name; nothing happens if it is there. */
  add(name: string): void {
    const at = Math.min(this.#partOf(name), Math.max(0, this.#parts.length - 1));
    const part = this.#parts[at];
    if (part === undefined) {
      this.#parts.push([name]);
    } else {
      const i = firstNotBefore(part, name);
      if (part[i] === name) return;
      part.splice(i, 0, name);
      if (part.length > PART_MAX) this.#parts.splice(at + 1, 0, part.splice(PART_MAX / 2));
    }
    this.#size++;
  }

  /** Removes a name; nothing happens if it is not there. */
  remove(name: string): void {
    const at = this.#partOf(name);
    const part = this.#parts[at];
    if (part === undefined) return;
    const i = firstNotBefore(part, name);
    if (part[i] !== name) return;
    part.splice(i, 1);
    this.#size--;
    this.#join(at, part);
  }

  /** Joins a part that has become small with the next one. */
  #join(at: number, part: string[]): void {
    const next = this.#parts[at + 1];
    if (next !== undefined && part.length + next.length <= PART_MAX / 2) {
      part.push(...next);
      this.#parts.splice(at + 1, 1);
    } else if (part.length === 0) {
      this.#parts.splice(at, 1);
    }
  }

  /**
   * Names from `first` on, in order, many at a time. The set may change between two steps of the iteration: each name
   * that is there all the time comes once.
   */
  *from(first: string): Generator<readonly string[]> {
    for (let next = first;;) {
      const part = this.#parts[this.#partOf(next)];
      if (part === undefined) return;
      const names = part.slice(firstNotBefore(part, next));
      yield names;
      next = `${names.at(-1)}\0`;
    }
  }

  /** Index of the first part whose last name does not come before `name`; the number of parts if there is none. */
  #partOf(name: string): number {
    let low = 0;
    let high = this.#parts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#parts[middle]?.at(-1) ?? "") < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Index of the first name that is not before another, in a sorted list; its length if there is none. */
export function firstNotBefore(sorted: readonly string[], name: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? "") < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
