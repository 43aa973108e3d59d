/**
 * Timers in virtual time.
 *
 * @module
 */

/** Timers that run when `pass` moves the time. */
export class VirtualTimers {
  nowMs = 0;
  readonly #timers = new Map<number, { readonly atMs: number; readonly callback: () => void }>();
  #last = 0;

  get size(): number {
    return this.#timers.size;
  }

  set = (callback: () => void, ms: number): number => {
    this.#timers.set(++this.#last, { atMs: this.nowMs + ms, callback });
    return this.#last;
  };

  clear = (id: number | undefined): void => void this.#timers.delete(id ?? 0);

  pass(ms: number): void {
    this.nowMs += ms;
    for (const [id, timer] of this.#timers) {
      if (timer.atMs <= this.nowMs && this.#timers.delete(id)) timer.callback();
    }
  }
}
