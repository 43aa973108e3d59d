/**
 * Work in slices that leaves most of a processor to others.
 *
 * @module
 */

import type { LogSlices } from "../log/log_slices.ts";

/** Work between two pauses, ms. */
const WORK_MS = 20;

/** Pause for each millisecond of work, ms. */
const REST = 4;

/** Steps of work for `stepper`: each ends after some milliseconds with the pause that it has earned, in ms. */
export class PacedWork {
  readonly #slices: LogSlices<void>;
  readonly #nowMs: () => number;

  /** @param nowMs monotonic time, ms */
  constructor(slices: LogSlices<void>, nowMs: () => number) {
    this.#slices = slices;
    this.#nowMs = nowMs;
  }

  /**
   * Does a step.
   *
   * @param read gets the number of bytes that were read
   * @returns the pause until the next one, ms; `undefined` once everything is done
   * @throws {unknown} of the work
   */
  step(read: (bytes: number) => void): number | undefined {
    const sinceMs = this.#nowMs();
    let bytes = 0;
    for (;;) {
      const { done, value } = this.#slices.next();
      if (done) return undefined;
      bytes += value;
      const elapsedMs = this.#nowMs() - sinceMs;
      if (elapsedMs < WORK_MS) continue;
      read(bytes);
      return REST * elapsedMs;
    }
  }
}
