/**
 * Seeded randomness of a simulated world. Each part of the world has its own generator, derived from the one
 * seed, so that leaving an operation out of a schedule does not change all draws after it.
 *
 * @module
 */

import { SeededNumbers } from "../testing/seeded_numbers.ts";

/** A seeded source of choices. */
export class Chance extends SeededNumbers {
  /** @param part name that separates the draws of the parts of one world */
  constructor(readonly seed: number, part = "") {
    super(mixed(seed, part));
  }

  /** True with this probability. */
  is(probability: number): boolean {
    return this.next() < probability;
  }

  /** A number from `low` up to, not including, `high`. */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** A duration: mostly up to `usualMs`, one in ten up to `longestMs`. */
  delay(usualMs: number, longestMs: number): number {
    return this.is(0.9) ? this.between(0, usualMs) : this.between(usualMs, longestMs);
  }

  /** Random bytes. */
  bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let i = 0; i < count; i++) bytes[i] = this.below(256);
    return bytes;
  }
}

function mixed(seed: number, part: string): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  for (let i = 0; i < part.length; i++) hash = Math.imul(hash ^ part.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
}
