/**
 * The clock of one machine: it can be wrong, run too fast or too slow, and jump.
 *
 * @module
 */

import type { Clock } from "../../server/ports/outside.ts";

/** The moment at which every world begins, ms since the Unix epoch. */
export const START_MS = 1_700_000_000_000;

/** See the module. */
export class MachineClock implements Clock {
  #offsetMs = 0;
  #drift = 0;
  readonly #nowMs: () => number;

  /** @param nowMs virtual time of the world, ms */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  wallMs(): number {
    return Math.floor(START_MS + this.#nowMs() * (1 + this.#drift) + this.#offsetMs);
  }

  /** Hardware does not jump, and what it drifts by is nothing to what is measured with it. */
  monotonicMs(): number {
    return this.#nowMs();
  }

  /** The wall clock jumps. */
  jump(ms: number): void {
    this.#offsetMs += ms;
  }

  /** The wall clock is too fast by this part from now on, or too slow if it is negative. */
  drift(part: number): void {
    const before = this.#nowMs() * this.#drift;
    this.#drift = part;
    this.#offsetMs += before - this.#nowMs() * part;
  }

  /** Somebody sets the clock right. */
  heal(): void {
    this.#offsetMs = 0;
    this.#drift = 0;
  }
}

/** The same clock, on which monotonic time passes faster. */
export function faster(clock: Clock, speed: number): Clock {
  return { wallMs: () => clock.wallMs(), monotonicMs: () => clock.monotonicMs() * speed };
}
