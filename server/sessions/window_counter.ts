/**
 * Counts of recent events.
 *
 * @module
 */

/** Counts per key within a sliding window of time. */
export class WindowCounter {
  readonly #times = new Map<string, number[]>();

  /** @param windowMs time for which an event counts */
  constructor(readonly windowMs: number) {}

  /** Number of events of a key within the window. */
  count(key: string, nowMs: number): number {
    return this.#recent(key, nowMs).length;
  }

  /** Counts an event. */
  add(key: string, nowMs: number): void {
    const times = this.#recent(key, nowMs);
    times.push(nowMs);
    this.#times.set(key, times);
  }

  /** Time until the oldest of the last `max` events leaves the window, ms. */
  roomInMs(key: string, max: number, nowMs: number): number {
    const times = this.#recent(key, nowMs);
    const blocking = times[times.length - max];
    return blocking === undefined ? 0 : blocking + this.windowMs - nowMs;
  }

  /** Forgets keys without an event in the window. */
  prune(nowMs: number): void {
    for (const key of this.#times.keys()) {
      if (this.#recent(key, nowMs).length === 0) this.#times.delete(key);
    }
  }

  #recent(key: string, nowMs: number): number[] {
    const times = this.#times.get(key);
    if (times === undefined) return [];
    const expired = times.findIndex((time) => time > nowMs - this.windowMs);
    if (expired < 0) times.length = 0;
    else if (expired > 0) times.splice(0, expired);
    return times;
  }
}
