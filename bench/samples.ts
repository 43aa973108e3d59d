/**
 * A growing list of measured times.
 *
 * @module
 */

import { percentiles } from "./statistics.ts";

/** Unboxed numbers that grow by doubling: an array of boxed ones would slow the load generator down. */
export class Samples {
  #values = new Float64Array(16_384);
  #count = 0;

  /** Number of samples. */
  get count(): number {
    return this.#count;
  }

  /** Adds a sample. */
  add(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#count * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = value;
  }

  /** Percentiles of all samples, one for each share from 0 to 1. */
  percentiles(...shares: readonly number[]): number[] {
    return percentiles(this.#values.subarray(0, this.#count), shares);
  }
}
