/**
 * What is going to happen: one heap, ordered by virtual time and, of the same moment, by a seeded tie-break.
 *
 * @module
 */

/** Something that happens at its moment. */
export type Act = () => void;

interface Due {
  readonly atMs: number;
  readonly tie: number;
  readonly act: Act;
}

/** See the module. */
export class EventQueue {
  readonly #heap: Due[] = [];

  /** When the next one is due, ms of virtual time; `Infinity` if none is. */
  get nextMs(): number {
    return this.#heap[0]?.atMs ?? Infinity;
  }

  /** Lets something happen at a moment. */
  add(atMs: number, tie: number, act: Act): void {
    const heap = this.#heap;
    const due = { atMs, tie, act };
    let i = heap.length;
    heap.push(due);
    while (i > 0) {
      const parentAt = (i - 1) >> 1;
      const parent = heap[parentAt] as Due;
      if (!isBefore(due, parent)) break;
      heap[i] = parent;
      i = parentAt;
    }
    heap[i] = due;
  }

  /** Takes out what is due first. */
  take(): Act | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (heap.length > 0) this.#sink(last);
    return first.act;
  }

  #sink(due: Due): void {
    const heap = this.#heap;
    let i = 0;
    for (;;) {
      let childAt = 2 * i + 1;
      if (childAt >= heap.length) break;
      const right = heap[childAt + 1];
      if (right !== undefined && isBefore(right, heap[childAt] as Due)) childAt++;
      const child = heap[childAt] as Due;
      if (!isBefore(child, due)) break;
      heap[i] = child;
      i = childAt;
    }
    heap[i] = due;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.tie < b.tie);
}
