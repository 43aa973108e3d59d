/**
 * Frames: type, length, payload (client protocol, section 1). Encodes frames and cuts bytes into frames.
 *
 * @module
 */

import { ProtocolError } from "../errors.ts";
import { ByteWriter, uint32At } from "./bytes.ts";

/** Bytes in front of every payload: eight of type, four of length. */
export const HEADER_BYTES = 12;

/** One received frame. */
export interface Frame {
  /** A `bigint` if a `number` would lose digits: types are compared exactly. */
  readonly type: number | bigint;
  /** A view of the reader's buffer, valid until the next call of the reader. */
  readonly payload: Uint8Array;
}

const scratch = new ByteWriter(64 * 1_024);

/**
 * Encodes one whole frame.
 *
 * @param appendPayload appends the payload; left out for an empty one
 */
export function encodeFrame(
  type: number,
  appendPayload?: (writer: ByteWriter) => void,
): Uint8Array<ArrayBuffer> {
  scratch.truncate(0);
  const start = beginFrame(scratch, type);
  appendPayload?.(scratch);
  endFrame(scratch, start);
  return scratch.copy();
}

/**
 * Appends the header of a frame. The payload follows, then `endFrame`.
 *
 * @returns offset of the payload, for `endFrame`
 */
export function beginFrame(writer: ByteWriter, type: number): number {
  writer.int64(type);
  writer.uint32(0);
  return writer.length;
}

/** Writes the length of the payload into the header, now that it is known. */
export function endFrame(writer: ByteWriter, payloadStart: number): void {
  writer.uint32At(payloadStart - 4, writer.length - payloadStart);
}

/** Writes the length of the payload into the header of a frame that is in several parts. @param first its first part */
export function setPayloadLength(first: Uint8Array, length: number): void {
  new DataView(first.buffer, first.byteOffset).setUint32(HEADER_BYTES - 4, length);
}

/** Offset behind the whole frame that begins at an offset. */
export function frameEnd(bytes: Uint8Array, start: number): number {
  return start + HEADER_BYTES + uint32At(bytes, start + HEADER_BYTES - 4);
}

const NOTHING = new Uint8Array(0);

/** Cuts a stream of bytes into frames. It never holds more bytes than it has received. */
export class FrameReader {
  /** Longest payload that is accepted, bytes; may change between frames. */
  payloadBytesMax: number;
  #buffer: Uint8Array = NOTHING;
  #start = 0;
  #end = 0;
  /** True if the buffer is the reader's own, and may grow; false if it is the caller's last chunk. */
  #owned = false;

  /** @param payloadBytesMax longest payload that is accepted, bytes */
  constructor(payloadBytesMax: number) {
    this.payloadBytesMax = payloadBytesMax;
  }

  /** Number of received bytes that belong to no returned frame; above 0, a frame has begun. */
  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  /** Length of the payload of the next frame, bytes; `undefined` until all of the frame is there. */
  get wholePayloadBytes(): number | undefined {
    if (this.pendingBytes < HEADER_BYTES) return undefined;
    const length = uint32At(this.#buffer, this.#start + 8);
    return this.pendingBytes < HEADER_BYTES + length ? undefined : length;
  }

  /** Takes received bytes. The chunk must not change until `next` has returned `undefined`. */
  push(chunk: Uint8Array): void {
    if (this.pendingBytes > 0) return this.#append(chunk);
    this.#buffer = chunk;
    this.#start = 0;
    this.#end = chunk.length;
    this.#owned = false;
  }

  /**
   * The next whole frame; `undefined` until more bytes are pushed.
   *
   * @throws {ProtocolError} fatal, if the announced length is over the limit
   */
  next(): Frame | undefined {
    const pending = this.pendingBytes;
    if (pending < HEADER_BYTES) return this.#keep();
    const length = uint32At(this.#buffer, this.#start + 8);
    if (length > this.payloadBytesMax) throw tooLong(length, this.payloadBytesMax);
    if (pending < HEADER_BYTES + length) return this.#keep();
    const type = typeAt(this.#buffer, this.#start);
    const start = this.#start + HEADER_BYTES;
    this.#start = start + length;
    return { type, payload: this.#buffer.subarray(start, this.#start) };
  }

  /** Copies the beginning of a frame out of the caller's chunk, or releases an empty buffer. */
  #keep(): undefined {
    const pending = this.pendingBytes;
    if (this.#owned && pending > 0) return;
    const rest = this.#buffer.subarray(this.#start, this.#end);
    this.#buffer = pending > 0 ? rest.slice() : NOTHING;
    this.#start = 0;
    this.#end = pending;
    this.#owned = pending > 0;
  }

  #append(chunk: Uint8Array): void {
    const pending = this.pendingBytes;
    const needed = pending + chunk.length;
    const rest = this.#buffer.subarray(this.#start, this.#end);
    if (!this.#owned || needed > this.#buffer.length) {
      this.#buffer = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.set(rest);
    } else if (this.#end + chunk.length > this.#buffer.length) {
      this.#buffer.copyWithin(0, this.#start, this.#end);
    } else {
      this.#buffer.set(chunk, this.#end);
      this.#end += chunk.length;
      return;
    }
    this.#buffer.set(chunk, pending);
    this.#start = 0;
    this.#end = needed;
    this.#owned = true;
  }
}

function typeAt(bytes: Uint8Array, offset: number): number | bigint {
  const high = uint32At(bytes, offset);
  const low = uint32At(bytes, offset + 4);
  const type = high * 0x1_0000_0000 + low;
  return Number.isSafeInteger(type) ? type : (BigInt(high) << 32n) | BigInt(low);
}

function tooLong(length: number, max: number): ProtocolError {
  return new ProtocolError(
    `a frame announces a payload of ${length} bytes and the limit is ${max}; send less in one request`,
    true,
  );
}
