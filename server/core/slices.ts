/**
 * Work in slices: a request that looks at many rows gives way now and then, so that nobody waits for all of it.
 *
 * A unit of work is about a tenth of a microsecond of one core.
 *
 * @module
 */

/**
 * A computation that gives way after each slice. It yields the work of the slice, in units, and returns its result.
 * The state may change between two slices.
 */
export type Slices<Result> = Generator<number, Result, void>;

/** Work after which a computation gives way, units: a slice takes about 0.1 ms. */
export const SLICE_WORK = 1_000;

/** Bytes that one unit of work reads or makes. */
const BYTES_PER_WORK = 16;

/** Work of any request beside that of its bytes, units. */
const FRAME_WORK = 30;

/** Work of taking a frame with a payload of that many bytes, units. */
export function workOfFrame(payloadBytes: number): number {
  return FRAME_WORK + workOfBytes(payloadBytes);
}

/** Work of reading or making that many bytes, units. */
export function workOfBytes(bytes: number): number {
  return bytes / BYTES_PER_WORK;
}
