/**
 * The failures of an archive, one after the other: how many there were in a row decides when the next attempt is due.
 *
 * @module
 */

import { CALM_MS, type Failure, type Remedy, retryMs } from "./remedy.ts";

/** Least and longest time that is named to somebody who may try again, s. */
const RETRY_AFTER_SECONDS = 5;
const RETRY_AFTER_SECONDS_MAX = 60;

/** The failures of one archive. Times are monotonic, ms. */
export class Failures {
  #last: Failure | undefined;
  #failedMs = 0;
  #retryAtMs = 0;

  /** The last one; `undefined` if there was none. */
  get last(): Failure | undefined {
    return this.#last;
  }

  /** Adds a failure, and returns it. */
  add(remedy: Remedy, wasBuilding: boolean, nowMs: number): Failure {
    const before = nowMs - this.#failedMs < CALM_MS ? this.#last?.count ?? 0 : 0;
    const failure = { remedy, count: before + 1, wasBuilding };
    this.#last = failure;
    this.#failedMs = nowMs;
    this.#retryAtMs = nowMs + retryMs(failure);
    return failure;
  }

  /** True once the next attempt is due. */
  mayRetry(nowMs: number): boolean {
    return nowMs >= this.#retryAtMs;
  }

  /** Time after which somebody may try again, s. */
  retryAfterSeconds(nowMs: number): number {
    const leftSeconds = Math.ceil((this.#retryAtMs - nowMs) / 1_000);
    return Math.min(RETRY_AFTER_SECONDS_MAX, Math.max(RETRY_AFTER_SECONDS, leftSeconds));
  }
}
