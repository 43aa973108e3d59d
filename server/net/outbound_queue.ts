/**
 * What waits for a reader, and when it is too much: the books of the outbox, without a socket or a clock.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";

/** Small frames are put together into writes of at most this many bytes. */
export const WRITE_BYTES_MAX = 64 * 1_024;

/** The bounds of one queue. */
export type OutboundLimits = Pick<
  Limits,
  "outboundBytesHard" | "outboundBytesSoft" | "outboundSoftMs" | "writeMs"
>;

/** The limit for which a reader is let go. */
export type BrokenLimit = "outboundBytesHard" | "outboundBytesSoft" | "outboundBytesTotal" | "writeMs";

interface Item {
  readonly frame: Uint8Array;
  /** Bytes of the frame that count against the bounds: all or none. */
  readonly countedBytes: number;
}

/** The frames that wait for one reader, in order. */
export class OutboundQueue {
  readonly #limits: OutboundLimits;
  #items: Item[] = [];
  #heldBytes = 0;
  #countedBytes = 0;
  /** What `take` gave out and `written` has not confirmed yet. */
  #taken = { bytes: 0, countedBytes: 0 };
  #overSoftSinceMs: number | undefined;
  #stalledSinceMs: number | undefined;

  /** @param limits the bounds to keep */
  constructor(limits: OutboundLimits) {
    this.#limits = limits;
  }

  /** All bytes that wait, those of a write under way included. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * Queues a frame. Returns whether the queue may be that long.
   *
   * @param unbounded whether the frame does not count against the bounds
   */
  push(frame: Uint8Array, unbounded: boolean): boolean {
    const countedBytes = unbounded ? 0 : frame.length;
    this.#items.push({ frame, countedBytes });
    this.#heldBytes += frame.length;
    this.#countedBytes += countedBytes;
    return this.#countedBytes <= this.#limits.outboundBytesHard;
  }

  /** The bytes of the next write, or undefined if nothing waits. To be followed by `written`. */
  take(): Uint8Array | undefined {
    const first = this.#items[0];
    if (first === undefined) return undefined;
    const items = this.#items.length === 1 ? this.#items : this.#items.splice(0, this.#fitting());
    if (items === this.#items) this.#items = [];
    const bytes = items.length === 1 ? first.frame : joined(items);
    this.#taken = { bytes: bytes.length, countedBytes: sumOfCounted(items) };
    return bytes;
  }

  /** The other end has taken a part of the write. */
  progressed(): void {
    this.#stalledSinceMs = undefined;
  }

  /** The whole of what `take` gave out was written. Returns how many bytes that were. */
  written(): number {
    const { bytes, countedBytes } = this.#taken;
    this.#taken = { bytes: 0, countedBytes: 0 };
    this.#heldBytes -= bytes;
    this.#countedBytes -= countedBytes;
    if (this.#countedBytes <= this.#limits.outboundBytesSoft) this.#overSoftSinceMs = undefined;
    return bytes;
  }

  /** Lets everything go. */
  clear(): void {
    this.#items = [];
    this.#taken = { bytes: 0, countedBytes: 0 };
    this.#heldBytes = 0;
    this.#countedBytes = 0;
  }

  /**
   * The limit that the reader breaks by being slow, if it does. To be called every second: a time counts
   * from the first call that finds the queue so, which spares the clock where frames are queued.
   *
   * @param nowMs monotonic time, ms
   */
  check(nowMs: number): BrokenLimit | undefined {
    if (this.#heldBytes === 0) return undefined;
    this.#stalledSinceMs ??= nowMs;
    if (nowMs - this.#stalledSinceMs >= this.#limits.writeMs) return "writeMs";
    if (this.#countedBytes <= this.#limits.outboundBytesSoft) return undefined;
    this.#overSoftSinceMs ??= nowMs;
    return nowMs - this.#overSoftSinceMs >= this.#limits.outboundSoftMs ? "outboundBytesSoft" : undefined;
  }

  /** How many items, at least one, go into one write. */
  #fitting(): number {
    let bytes = 0;
    let count = 0;
    for (const { frame } of this.#items) {
      bytes += frame.length;
      if (bytes > WRITE_BYTES_MAX) break;
      count++;
    }
    return Math.max(1, count);
  }
}

function sumOfCounted(items: readonly Item[]): number {
  let sum = 0;
  for (const item of items) sum += item.countedBytes;
  return sum;
}

function joined(items: readonly Item[]): Uint8Array {
  let length = 0;
  for (const { frame } of items) length += frame.length;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const { frame } of items) {
    bytes.set(frame, offset);
    offset += frame.length;
  }
  return bytes;
}

/** The bytes that wait in all queues together. */
export class OutboundTotal<Member extends { readonly heldBytes: number }> {
  readonly #bytesMax: number;
  readonly #members = new Set<Member>();
  #bytes = 0;

  /** @param bytesMax how many may wait in all queues together */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** How many bytes wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A queue, empty so far, belongs to the sum. */
  join(member: Member): void {
    this.#members.add(member);
  }

  /** The queue is no longer part of the sum, nor is what it holds. */
  leave(member: Member): void {
    if (this.#members.delete(member)) this.#bytes -= member.heldBytes;
  }

  /** More bytes wait, or fewer where the number is negative. */
  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** The longest queue, if all together are too long. */
  tooLong(): Member | undefined {
    if (this.#bytes <= this.#bytesMax) return undefined;
    let longest: Member | undefined;
    for (const member of this.#members) {
      if (longest === undefined || member.heldBytes > longest.heldBytes) longest = member;
    }
    return longest;
  }
}
