/**
 * How often something happened of late.
 *
 * @module
 */

/** Counts per key within a sliding window of time. */
export class WindowCounter {
  readonly #times = new Map<string, number[]>();

  /** @param windowMs how long an event counts */
  constructor(readonly windowMs: number) {}

  /** How many events of the key count at this moment. */
  count(key: string, nowMs: number): number {
    return this.#recent(key, nowMs).length;
  }

  /** One more. */
  add(key: string, nowMs: number): void {
    const times = this.#recent(key, nowMs);
    times.push(nowMs);
    this.#times.set(key, times);
  }

  /** When the oldest of the last `max` events stops counting: how long to wait for room, ms. */
  roomInMs(key: string, max: number, nowMs: number): number {
    const times = this.#recent(key, nowMs);
    const blocking = times[times.length - max];
    return blocking === undefined ? 0 : blocking + this.windowMs - nowMs;
  }

  /** Forgets keys of which nothing counts any more. */
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
