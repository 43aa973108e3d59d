/**
 * The clock of one machine: it can be wrong, drift and jump.
 *
 * @module
 */

import type { Clock } from "../../server/ports/outside.ts";

/** The moment at which every world begins, ms since the Unix epoch. */
export const START_MS = 1_700_000_000_000;

/** Error from which on a clock counts as far off, ms: an hour, which drift does not reach. */
const FAR_OFF_MS = 3_600_000;

/** Smallest jump that a node must notice, ms, and the least time since the jump before. */
const JUMP_MS = 61_000;
const ALONE_MS = 1_000;

/** Wall clock and monotonic clock of a machine, derived from virtual time. */
export class MachineClock implements Clock {
  /** True if the wall clock was ever more than an hour off. */
  wasFarOff = false;
  #offsetMs = 0;
  #drift = 0;
  #setMs = -Infinity;
  #jumpedMs = -Infinity;
  #heals = 0;
  readonly #nowMs: () => number;

  /** @param nowMs virtual time of the world, ms */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  wallMs(): number {
    return Math.floor(START_MS + this.#nowMs() * (1 + this.#drift) + this.#offsetMs);
  }

  /** Monotonic time does not jump, and its drift is negligible over the intervals measured with it. */
  monotonicMs(): number {
    return this.#nowMs();
  }

  /** The last jump, ms of virtual time. */
  get setMs(): number {
    return this.#setMs;
  }

  /** The last jump of over a minute that was not one of several, ms of virtual time. */
  get jumpedMs(): number {
    return this.#jumpedMs;
  }

  /** Lets the wall clock jump; returns a call that takes the jump back, unless the clock was set right since. */
  jump(ms: number): () => void {
    const heals = this.#heals;
    const nowMs = this.#nowMs();
    this.#offsetMs += ms;
    this.wasFarOff ||= Math.abs(this.#offsetMs) > FAR_OFF_MS;
    if (Math.abs(ms) >= JUMP_MS && nowMs - this.#setMs >= ALONE_MS) this.#jumpedMs = nowMs;
    this.#setMs = nowMs;
    return () => void (this.#heals === heals && this.jump(-ms));
  }

  /** Sets the drift of the wall clock from now on: the part by which it is fast, or slow if negative. */
  drift(part: number): void {
    const before = this.#nowMs() * this.#drift;
    this.#drift = part;
    this.#offsetMs += before - this.#nowMs() * part;
  }

  /** Sets the clock right. */
  heal(): void {
    this.jump(-(this.#offsetMs + this.#nowMs() * this.#drift));
    this.#offsetMs = 0;
    this.#drift = 0;
    this.#heals++;
  }
}

/** The same clock with a faster monotonic time. */
export function faster(clock: Clock, speed: number): Clock {
  return { wallMs: () => clock.wallMs(), monotonicMs: () => clock.monotonicMs() * speed };
}
