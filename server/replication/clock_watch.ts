/**
 * Watches the wall clock of this node for jumps.
 *
 * @module
 */

import type { Clock } from "../ports/outside.ts";

/** Smallest jump, ms: beyond, other nodes refuse this one. */
const JUMP_MS = 60_000;

/** Time within which several smaller steps count as one jump, ms. */
const WINDOW_MS = 5_000;

/** Longest time between two readings of one look, or two looks, ms: after a longer one, the process was held up. */
const READING_MS = 1_000;

/** Age at which a jump is forgotten, ms: a day. */
const REMEMBERED_MS = 86_400_000;

/** A jump of the wall clock. */
export interface ClockJump {
  /** Ahead, or back if negative, ms. */
  readonly byMs: number;
  /** Time since then, ms. */
  readonly agoMs: number;
}

/** Finds jumps of the wall clock by the monotonic one. */
export class ClockWatch {
  /** Wall clock minus monotonic clock, ms: at the last look, and at the beginning of the window. */
  #lastMs: number | undefined;
  #firstMs = 0;
  #windowMs = 0;
  #byMs = 0;
  #jumpedMs = -Infinity;
  #lookedMs = Infinity;

  /**
   * Reads both clocks; to be called several times a second.
   *
   * @returns the jump since the last look, ms: ahead, or back if negative; `undefined` if there was none
   */
  look(clock: Clock): number | undefined {
    const nowMs = clock.monotonicMs();
    this.#lookedMs = nowMs;
    const offsetMs = clock.wallMs() - nowMs;
    if (clock.monotonicMs() - nowMs > READING_MS) return undefined;
    const atOnceMs = Math.round(offsetMs - (this.#lastMs ?? offsetMs));
    const byMs = Math.abs(atOnceMs) > JUMP_MS ? atOnceMs : Math.round(offsetMs - this.#firstMs);
    const hasJumped = this.#lastMs !== undefined && Math.abs(byMs) > JUMP_MS;
    if (hasJumped || this.#lastMs === undefined || nowMs - this.#windowMs >= WINDOW_MS) {
      this.#firstMs = offsetMs;
      this.#windowMs = nowMs;
    }
    this.#lastMs = offsetMs;
    if (!hasJumped) return undefined;
    this.#byMs = byMs;
    this.#jumpedMs = nowMs;
    return byMs;
  }

  /** True if the last look was over a second ago: the process was frozen meanwhile. */
  isOverdue(nowMs: number): boolean {
    return nowMs - this.#lookedMs > READING_MS;
  }

  /** The last jump; `undefined` if there was none within a day. */
  jump(nowMs: number): ClockJump | undefined {
    const agoMs = Math.round(nowMs - this.#jumpedMs);
    return agoMs > REMEMBERED_MS ? undefined : { byMs: this.#byMs, agoMs };
  }
}
