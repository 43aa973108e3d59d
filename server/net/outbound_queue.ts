/**
 * What waits for a reader, and when it is too much: the books of the outbox, without a socket or a clock.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";

/** The bounds of one queue. */
export type OutboundLimits = Pick<
  Limits,
  "outboundBytesHard" | "outboundBytesSoft" | "outboundSoftMs" | "writeMs"
>;

/** The limit for which a reader is let go. */
export type BrokenLimit = "outboundBytesHard" | "outboundBytesSoft" | "outboundBytesTotal" | "writeMs";

const NOTHING = new Uint8Array(0);
const NONE_TAKEN = { bytes: 0, countedBytes: 0 };

/** What the first frame of a write makes room for at least, bytes. */
const ROOM_BYTES_MIN = 256;

/** What it makes room for at most before it is needed, bytes. */
const ROOM_BYTES_MAX = 64 * 1_024;

/** The frames that wait for one reader, in order, one behind the other. */
export class OutboundQueue {
  readonly #limits: OutboundLimits;
  #bytes: Uint8Array<ArrayBuffer> = NOTHING;
  /** Bytes in use of `#bytes`, and how many of them count against the bounds. */
  #length = 0;
  #countedWaiting = 0;
  /** What `take` gave out and `written` has not confirmed yet. */
  #taken = NONE_TAKEN;
  /** Length of the last write, bytes. */
  #usualBytes = 0;
  #overSoftSinceMs: number | undefined;
  #stalledSinceMs: number | undefined;

  /** @param limits the bounds to keep */
  constructor(limits: OutboundLimits) {
    this.#limits = limits;
  }

  /** All bytes that wait, those of a write under way included. */
  get heldBytes(): number {
    return this.#length + this.#taken.bytes;
  }

  get #countedBytes(): number {
    return this.#countedWaiting + this.#taken.countedBytes;
  }

  /**
   * Queues a copy of a frame. Returns whether the queue may be that long.
   *
   * @param unbounded whether the frame does not count against the bounds
   */
  push(frame: Uint8Array, unbounded: boolean): boolean {
    this.#makeRoom(frame.length);
    this.#bytes.set(frame, this.#length);
    this.#length += frame.length;
    if (!unbounded) this.#countedWaiting += frame.length;
    return this.#countedBytes <= this.#limits.outboundBytesHard;
  }

  #makeRoom(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    // What was enough for the last write will mostly be enough for this one.
    const room = Math.max(needed, this.#length === 0 ? this.#usualBytes : this.#length * 2, ROOM_BYTES_MIN);
    const larger = new Uint8Array(room);
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }

  /** The bytes of the next write, or undefined if nothing waits. To be followed by `written`. */
  take(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#length === 0) return undefined;
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#taken = { bytes: this.#length, countedBytes: this.#countedWaiting };
    this.#usualBytes = Math.min(this.#length, ROOM_BYTES_MAX);
    this.#bytes = NOTHING;
    this.#length = 0;
    this.#countedWaiting = 0;
    return bytes;
  }

  /** The other end has taken a part of the write. */
  progressed(): void {
    this.#stalledSinceMs = undefined;
  }

  /** The whole of what `take` gave out was written. Returns how many bytes that were. */
  written(): number {
    const { bytes } = this.#taken;
    this.#taken = NONE_TAKEN;
    if (this.#countedBytes <= this.#limits.outboundBytesSoft) this.#overSoftSinceMs = undefined;
    return bytes;
  }

  /** Lets everything go. */
  clear(): void {
    this.#bytes = NOTHING;
    this.#length = 0;
    this.#countedWaiting = 0;
    this.#taken = NONE_TAKEN;
  }

  /**
   * The limit that the reader breaks by being slow, if it does. To be called every second: a time counts
   * from the first call that finds the queue so, which spares the clock where frames are queued.
   *
   * @param nowMs monotonic time, ms
   */
  check(nowMs: number): BrokenLimit | undefined {
    if (this.heldBytes === 0) return undefined;
    this.#stalledSinceMs ??= nowMs;
    if (nowMs - this.#stalledSinceMs >= this.#limits.writeMs) return "writeMs";
    if (this.#countedBytes <= this.#limits.outboundBytesSoft) return undefined;
    this.#overSoftSinceMs ??= nowMs;
    return nowMs - this.#overSoftSinceMs >= this.#limits.outboundSoftMs ? "outboundBytesSoft" : undefined;
  }
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
