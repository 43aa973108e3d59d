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
export type Slices<Result> = Generator<number, Result, unknown>;

/** Work after which a computation gives way, units: a slice takes about 0.1 ms. */
export const SLICE_WORK = 1_000;

/** Bytes that one unit of work reads or makes. */
const BYTES_PER_WORK = 16;

/** Work of any request beside that of its bytes, units. */
const FRAME_WORK = 30;

/** Work of one item that a request names, units: the item is checked, looked up, and perhaps marked and logged. */
const ITEM_WORK = 30;

/** Work of taking a frame with a payload of that many bytes, units. */
export function workOfFrame(payloadBytes: number): number {
  return FRAME_WORK + workOfBytes(payloadBytes);
}

/** Work of a request on the items that it names, units. */
export function workOfItems(items: readonly unknown[] = []): number {
  return items.length * ITEM_WORK;
}

/** Work of decoding a payload in vain, units: dictionaries with many keys take a tenth of a microsecond a byte. */
export function workOfRefused(payloadBytes: number): number {
  return payloadBytes;
}

/** Work of reading or making that many bytes, units. */
export function workOfBytes(bytes: number): number {
  return bytes / BYTES_PER_WORK;
}
