/**
 * Reading the log in slices, so that a start with a long log can show its progress and be called off.
 *
 * @module
 */

/**
 * A reading of the log that gives way after each chunk of a file. It yields the length of the chunk, bytes, and
 * returns its result. Whoever stops it calls `return`, which closes the file.
 */
export type LogSlices<Result> = Generator<number, Result, void>;

/** Reads in one go; returns the result. */
export function atOnce<Result>(slices: LogSlices<Result>): Result {
  for (;;) {
    const { done, value } = slices.next();
    if (done) return value;
  }
}
