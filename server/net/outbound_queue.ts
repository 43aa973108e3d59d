/**
 * The outbound queue of one connection and its bounds. Pure: no socket, and the time is handed in.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";

/** The bounds of one queue. */
export type OutboundLimits = Pick<
  Limits,
  "outboundBytesHard" | "outboundBytesSoft" | "outboundSoftMs" | "writeMs"
>;

/** A limit whose breach drops a reader. */
export type BrokenLimit = "outboundBytesHard" | "outboundBytesSoft" | "outboundBytesTotal" | "writeMs";

const NOTHING = new Uint8Array(0);
const NONE_TAKEN = { bytes: 0, countedBytes: 0 };

/** Smallest buffer of a write. */
const ROOM_BYTES_MIN = 256;

/** Largest buffer that is allocated before its bytes arrive. */
const ROOM_BYTES_MAX = 64 * 1_024;

/** The bytes queued for one reader, in order. */
export class OutboundQueue {
  readonly #limits: OutboundLimits;
  #bytes: Uint8Array<ArrayBuffer> = NOTHING;
  /** Number of used bytes in `#bytes`, and the part of them that counts against the bounds. */
  #length = 0;
  #countedWaiting = 0;
  /** Size of the write that `take` has given out and `written` has not confirmed. */
  #taken = NONE_TAKEN;
  /** Length of the last write, bytes. */
  #usualBytes = 0;
  #overSoftSinceMs: number | undefined;
  #stalledSinceMs: number | undefined;

  /** @param limits the bounds to keep */
  constructor(limits: OutboundLimits) {
    this.#limits = limits;
  }

  /** Bytes queued, a write under way included. */
  get heldBytes(): number {
    return this.#length + this.#taken.bytes;
  }

  get #countedBytes(): number {
    return this.#countedWaiting + this.#taken.countedBytes;
  }

  /**
   * Queues a copy of a frame.
   *
   * @param unbounded true if the frame does not count against the bounds
   * @returns false if the queue is now over its hard bound
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
    // The size of the last write is a good guess for this one.
    const room = Math.max(needed, this.#length === 0 ? this.#usualBytes : this.#length * 2, ROOM_BYTES_MIN);
    const larger = new Uint8Array(room);
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }

  /** The bytes of the next write, or `undefined` if the queue is empty. To be followed by `written`. */
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

  /** Records that the other end has taken a part of the write. */
  progressed(): void {
    this.#stalledSinceMs = undefined;
  }

  /** Confirms the write that `take` gave out; returns its length in bytes. */
  written(): number {
    const { bytes } = this.#taken;
    this.#taken = NONE_TAKEN;
    if (this.#countedBytes <= this.#limits.outboundBytesSoft) this.#overSoftSinceMs = undefined;
    return bytes;
  }

  /** Discards the queue. */
  clear(): void {
    this.#bytes = NOTHING;
    this.#length = 0;
    this.#countedWaiting = 0;
    this.#taken = NONE_TAKEN;
  }

  /**
   * The limit that a slow reader has broken, if any. To be called every second: times count from the first
   * call that sees the condition, so that queueing a frame reads no clock.
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

/** The sum of the bytes in all queues, and its bound. */
export class OutboundTotal<Member extends { readonly heldBytes: number }> {
  readonly #bytesMax: number;
  readonly #members = new Set<Member>();
  #bytes = 0;

  /** @param bytesMax bound of the sum */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The sum. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds an empty queue. */
  join(member: Member): void {
    this.#members.add(member);
  }

  /** Removes a queue and the bytes that it holds. */
  leave(member: Member): void {
    if (this.#members.delete(member)) this.#bytes -= member.heldBytes;
  }

  /** Changes the sum by a number of bytes, which may be negative. */
  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** The longest queue, if the sum is over its bound. */
  tooLong(): Member | undefined {
    if (this.#bytes <= this.#bytesMax) return undefined;
    let longest: Member | undefined;
    for (const member of this.#members) {
      if (longest === undefined || member.heldBytes > longest.heldBytes) longest = member;
    }
    return longest;
  }
}
