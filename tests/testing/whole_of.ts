/**
 * Runs slices in one go.
 *
 * @module
 */

import type { Slices } from "../../server/core/slices.ts";

/** The result of a computation that nothing interrupts. */
export function wholeOf<Result>(slices: Slices<Result>): Result {
  for (;;) {
    const { done, value } = slices.next();
    if (done) return value;
  }
}
