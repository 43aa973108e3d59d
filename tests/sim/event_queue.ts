/**
 * The queue of future events: one heap, ordered by virtual time and, within one moment, by a seeded
 * tie-break.
 *
 * @module
 */

/** An event of the simulated world. */
export type Act = () => void;

interface Due {
  readonly atMs: number;
  readonly tie: number;
  readonly act: Act;
}

/** A heap of events. */
export class EventQueue {
  readonly #heap: Due[] = [];

  /** Moment of the next event, ms of virtual time; `Infinity` if there is none. */
  get nextMs(): number {
    return this.#heap[0]?.atMs ?? Infinity;
  }

  /** Adds an event at a moment. */
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

  /** Removes and returns the next event. */
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
