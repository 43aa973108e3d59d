/**
 * Delays that double with each further failure.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { WindowCounter } from "./window_counter.ts";

const MINUTE_MS = 60_000;

interface Delay {
  readonly delayMs: number;
  readonly untilMs: number;
}

/** Delays by key: begun by too many failures within a minute, doubled by each one after. All times are monotonic. */
export class GrowingDelays {
  readonly #failures = new WindowCounter(MINUTE_MS);
  readonly #delays = new Map<string, Delay>();

  /** @param limits first and longest delay, and the failures before it */
  constructor(readonly limits: Limits) {}

  /** Time to wait before the next attempt, ms; 0 or less if there is none. */
  waitMs(key: string, nowMs: number): number {
    return (this.#delays.get(key)?.untilMs ?? 0) - nowMs;
  }

  /** Counts a failure. */
  failed(key: string, nowMs: number): void {
    this.#failures.add(key, nowMs);
    const { loginFailuresPerMinute } = this.limits;
    const tooMany = this.#failures.count(key, nowMs) >= loginFailuresPerMinute;
    const last = this.#remembered(key, nowMs);
    if (loginFailuresPerMinute > 0 && (tooMany || last)) this.#delays.set(key, this.#next(last, nowMs));
  }

  /** Ends the delay. */
  succeeded(key: string): void {
    this.#delays.delete(key);
  }

  /** Forgets everything that has expired. */
  prune(nowMs: number): void {
    this.#failures.prune(nowMs);
    for (const key of this.#delays.keys()) this.#remembered(key, nowMs);
  }

  /** A delay is remembered for its own length after its end, so that the next failure doubles it. */
  #remembered(key: string, nowMs: number): Delay | undefined {
    const delay = this.#delays.get(key);
    if (delay === undefined || delay.untilMs + Math.max(delay.delayMs, MINUTE_MS) >= nowMs) return delay;
    this.#delays.delete(key);
    return undefined;
  }

  #next(last: Delay | undefined, nowMs: number): Delay {
    const { loginDelayMs, loginDelayMsMax } = this.limits;
    const delayMs = last ? Math.min(last.delayMs * 2, loginDelayMsMax) : loginDelayMs;
    return { delayMs, untilMs: nowMs + delayMs };
  }
}
