/**
 * Times that were measured, as many as there are.
 *
 * @module
 */

import { percentiles } from "./statistics.ts";

/** Grows by doubling: an array of boxed numbers would make the load generator slower. */
export class Samples {
  #values = new Float64Array(16_384);
  #count = 0;

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** One more. */
  add(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#count * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = value;
  }

  /** See `percentiles` in statistics.ts. */
  percentiles(...shares: readonly number[]): number[] {
    return percentiles(this.#values.subarray(0, this.#count), shares);
  }
}
