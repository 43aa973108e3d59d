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
export type BrokenLimit = "outboundBytesHard" | "outboundBytesTotal" | "writeMs";

const NOTHING = new Uint8Array(0);
const NONE_TAKEN = { bytes: 0, countedBytes: 0 };

/** Smallest buffer of a write. */
const ROOM_BYTES_MIN = 256;

/** Largest buffer that is allocated before its bytes arrive. */
const ROOM_BYTES_MAX = 64 * 1_024;

/**
 * Bytes that a kernel takes at once and then none until they are read: a socket is writable again once a third of
 * its send buffer is free (`sk_stream_is_writeable` in Linux), which grows to 4 MiB (`tcp_wmem`).
 */
const CREDIT_BYTES_MAX = 1_536 * 1_024;

/** The bytes queued for one reader, in order. */
export class OutboundQueue {
  readonly #limits: OutboundLimits;
  #bytes: Uint8Array = NOTHING;
  /** Number of used bytes in `#bytes`, and the part of them that counts against the bounds. */
  #length = 0;
  #countedWaiting = 0;
  /** Size of the write that `take` has given out and `written` has not confirmed. */
  #taken = NONE_TAKEN;
  /** Length of the last write, bytes. */
  #usualBytes = 0;
  /** Length of the frames that the session owes and has not queued, bytes. */
  owedBytes = 0;
  #overHardSinceMs: number | undefined;
  #stalledSinceMs: number | undefined;
  /** Bytes that were taken since the last check. */
  #takenBytes = 0;
  /** Bytes that were taken, and that a reader at the least pace may still be reading. */
  #creditBytes = 0;
  #checkedMs: number | undefined;

  /** @param limits the bounds to keep */
  constructor(limits: OutboundLimits) {
    this.#limits = limits;
  }

  /** Bytes queued, a write under way included. */
  get heldBytes(): number {
    return this.#length + this.#taken.bytes;
  }

  get #isOverHard(): boolean {
    const counted = this.#countedWaiting + this.#taken.countedBytes + this.owedBytes;
    return counted > this.#limits.outboundBytesHard;
  }

  /**
   * Queues a copy of a frame.
   *
   * @param unbounded true if the frame does not count against the bounds
   */
  push(frame: Uint8Array, unbounded: boolean): void {
    this.#makeRoom(frame.length);
    this.#bytes.set(frame, this.#length);
    this.#length += frame.length;
    if (!unbounded) this.#countedWaiting += frame.length;
  }

  /** Queues a frame that nobody changes any more: without a copy, if nothing waits. */
  adopt(frame: Uint8Array, unbounded: boolean): void {
    if (this.#length > 0) return this.push(frame, unbounded);
    this.#bytes = frame;
    this.#length = frame.length;
    if (!unbounded) this.#countedWaiting += frame.length;
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
  take(): Uint8Array | undefined {
    if (this.#length === 0) return undefined;
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#taken = { bytes: this.#length, countedBytes: this.#countedWaiting };
    this.#usualBytes = Math.min(this.#length, ROOM_BYTES_MAX);
    this.#bytes = NOTHING;
    this.#length = 0;
    this.#countedWaiting = 0;
    return bytes;
  }

  /** Records that the other end's kernel has taken some bytes of the write. */
  progressed(bytes: number): void {
    this.#takenBytes += bytes;
    this.#stalledSinceMs = undefined;
  }

  /** Confirms the write that `take` gave out; returns its length in bytes. */
  written(): number {
    const { bytes } = this.#taken;
    this.#taken = NONE_TAKEN;
    if (!this.#isOverHard) this.#overHardSinceMs = undefined;
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
   * The limit that a slow reader has broken, if any. A reader that takes `outboundBytesSoft` in each `outboundSoftMs`
   * breaks none, however much it is owed. To be called every second: times count from the first call that sees the
   * condition, so that queueing a frame reads no clock.
   *
   * @param nowMs monotonic time, ms
   */
  check(nowMs: number): BrokenLimit | undefined {
    if (this.#keepsPace(nowMs) || this.heldBytes === 0) {
      this.#stalledSinceMs = undefined;
      this.#overHardSinceMs = undefined;
      return undefined;
    }
    this.#stalledSinceMs ??= nowMs;
    if (nowMs - this.#stalledSinceMs >= this.#limits.writeMs) return "writeMs";
    if (!this.#isOverHard) return undefined;
    this.#overHardSinceMs ??= nowMs;
    return nowMs - this.#overHardSinceMs >= this.#limits.outboundSoftMs ? "outboundBytesHard" : undefined;
  }

  /** True while a reader at the least pace could not have read everything that was taken. */
  #keepsPace(nowMs: number): boolean {
    const { outboundBytesSoft, outboundSoftMs } = this.#limits;
    const sinceMs = nowMs - (this.#checkedMs ?? nowMs);
    const readBytes = sinceMs * outboundBytesSoft / outboundSoftMs;
    const credit = Math.min(this.#creditBytes + this.#takenBytes, CREDIT_BYTES_MAX) - readBytes;
    this.#creditBytes = Math.max(0, credit);
    this.#takenBytes = 0;
    this.#checkedMs = nowMs;
    return this.#creditBytes > 0;
  }
}

/** The sum of the bytes in all queues, and its bound. */
export class OutboundTotal<Member extends { readonly heldBytes: number }> {
  readonly #bytesMax: number;
  readonly #members = new Set<Member>();
  #bytes = 0;
  /** Bytes that were written since the start, without those of TLS and WebSocket. */
  writtenBytes = 0;

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

  /** Takes bytes off that were written. */
  written(bytes: number): void {
    this.#bytes -= bytes;
    this.writtenBytes += bytes;
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
