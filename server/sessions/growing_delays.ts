/**
 * Delays after failures, longer with each further one.
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

/**
 * Delays by key: begun by too many failures within a minute, and doubled by each one after; and a long one after as
 * many failures within the window as an address may have. All times are monotonic.
 */
export class GrowingDelays {
  readonly #failures = new WindowCounter(MINUTE_MS);
  readonly #delays = new Map<string, Delay>();
  readonly #slowFailures: WindowCounter;
  /** Ends of the long delays. */
  readonly #blocks = new Map<string, number>();

  /** @param limits first and longest delay, and the failures before it */
  constructor(readonly limits: Limits) {
    this.#slowFailures = new WindowCounter(limits.loginFailuresWindowMs);
  }

  /** Time to wait before the next attempt, ms; 0 or less if there is none. */
  waitMs(key: string, nowMs: number): number {
    return Math.max(this.#delays.get(key)?.untilMs ?? 0, this.#blocks.get(key) ?? 0) - nowMs;
  }

  /** Counts a failure. @param isExempt true if nothing counts within the window */
  failed(key: string, nowMs: number, isExempt: boolean): void {
    this.#failures.add(key, nowMs);
    const { loginFailuresPerMinute } = this.limits;
    const tooMany = this.#failures.count(key, nowMs) >= loginFailuresPerMinute;
    const last = this.#remembered(key, nowMs);
    if (loginFailuresPerMinute > 0 && (tooMany || last)) this.#delays.set(key, this.#next(last, nowMs));
    if (!isExempt) this.#countSlowly(key, nowMs);
  }

  #countSlowly(key: string, nowMs: number): void {
    const { loginFailuresPerAddress, loginFailuresWindowMs } = this.limits;
    if (loginFailuresPerAddress === 0) return;
    this.#slowFailures.add(key, nowMs);
    if (this.#slowFailures.count(key, nowMs) < loginFailuresPerAddress) return;
    this.#blocks.set(key, nowMs + loginFailuresWindowMs);
  }

  /** Ends the delay after a success. */
  succeeded(key: string): void {
    this.#delays.delete(key);
  }

  /** Forgets everything that has expired. */
  prune(nowMs: number): void {
    this.#failures.prune(nowMs);
    this.#slowFailures.prune(nowMs);
    for (const [key, untilMs] of this.#blocks) if (untilMs < nowMs) this.#blocks.delete(key);
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
