/**
 * Percentiles, medians and spreads.
 *
 * @module
 */

/**
 * Percentiles by nearest rank.
 *
 * @param shares from 0 to 1: 0.99 for the 99th percentile
 * @returns one value for each share; NaN of nothing
 */
export function percentiles(values: ArrayLike<number>, shares: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  return shares.map((share) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN);
}

/** Median; of an even count, the mean of the two values in the middle. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? NaN) + upper) / 2 : upper;
}

/** Median of the 99th percentiles of spells: a stall of a shared machine is in a few of them. */
export function spellsP99(spells: readonly (readonly number[])[]): number {
  return median(spells.map((times) => percentiles(times, [0.99])[0] ?? NaN));
}

/** Median, least and greatest value. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Spread of some values. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}
