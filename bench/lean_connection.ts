/**
 * TCP connection with the least work per frame. The relays and the load generator are built on it, so that
 * their own cost stays small beside the server's.
 *
 * @module
 */

import { HEADER_BYTES } from "../common/wire/frame.ts";

const BUFFER_BYTES = 64 * 1_024;

/** Decides when a connection's bytes leave; called with the first bytes after each `mark`. */
export type Departure = (connection: LeanConnection) => void;

/** Lets bytes leave as soon as the running code returns to the event loop. */
const departAtOnce: Departure = (connection) => queueMicrotask(() => connection.release(connection.mark()));

/** Frames in, bytes out; bytes that leave together leave in one write. */
export class LeanConnection {
  /** Receives one whole frame: the bytes from `start` to `end` of a buffer that is reused afterwards. */
  onFrame: (bytes: Uint8Array, start: number, end: number) => void = () => {};
  /** Buffer of the bytes not written yet; `room` says where the next ones go. */
  out = new Uint8Array(BUFFER_BYTES);
  #filled = 0;
  /** Bytes written before those in `out`: positions in the stream survive a change of buffers. */
  #written = 0;
  /** Position in the stream up to which bytes may leave. */
  #released = 0;
  #marked = true;
  #spare = new Uint8Array(BUFFER_BYTES);
  #writing = false;
  #ended = false;
  readonly #socket: Pick<Deno.Conn, "read" | "write" | "close">;
  readonly #depart: Departure;

  /** @param depart decides when bytes leave; at once by default */
  constructor(socket: Pick<Deno.Conn, "read" | "write" | "close">, depart: Departure = departAtOnce) {
    this.#socket = socket;
    this.#depart = depart;
  }

  /** Reserves `length` bytes at the end of `out`; returns their offset there. */
  room(length: number): number {
    const start = this.#filled;
    this.#filled = start + length;
    if (this.#filled > this.out.length) this.#grow();
    if (this.#marked) {
      this.#marked = false;
      this.#depart(this);
    }
    return start;
  }

  /** Adds whole frames to the bytes to write. */
  send(frames: Uint8Array): void {
    const start = this.room(frames.length);
    this.out.set(frames, start);
  }

  /** Position in the stream behind the last byte so far, for `release`. */
  mark(): number {
    this.#marked = true;
    return this.#written + this.#filled;
  }

  /** Writes all bytes up to a mark. */
  release(mark: number): void {
    this.#released = mark;
    if (!this.#writing) void this.#write();
  }

  /** Reads until the other end or `close` ends the connection. */
  async read(): Promise<void> {
    let buffer = new Uint8Array(BUFFER_BYTES);
    let held = 0;
    try {
      for (;;) {
        const count = await this.#socket.read(held === 0 ? buffer : buffer.subarray(held));
        if (count === null) return;
        const length = held + count;
        const taken = this.#take(buffer, length);
        held = length - taken;
        if (held > 0) buffer.copyWithin(0, taken, length);
        if (held === buffer.length) buffer = grown(buffer, held * 2);
      }
    } catch (error) {
      if (!this.#ended) throw error;
    }
  }

  /** Closes the socket; bytes not written yet are lost. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.close();
  }

  /** Hands out all whole frames; returns their length in bytes. */
  #take(bytes: Uint8Array, length: number): number {
    let start = 0;
    while (length - start >= HEADER_BYTES) {
      const end = start + HEADER_BYTES + uint32At(bytes, start + HEADER_BYTES - 4);
      if (end > length) break;
      this.onFrame(bytes, start, end);
      start = end;
    }
    return start;
  }

  async #write(): Promise<void> {
    this.#writing = true;
    try {
      while (this.#released > this.#written && !this.#ended) {
        const bytes = this.out;
        const length = this.#released - this.#written;
        this.#swapBuffers(length);
        for (let written = 0; written < length;) {
          written += await this.#socket.write(bytes.subarray(written, length));
        }
        this.#spare = bytes;
      }
    } catch (error) {
      if (!this.#ended) throw error;
    }
    this.#writing = false;
  }

  /** Puts the spare buffer in the place of `out`, with the bytes that may not leave yet. */
  #swapBuffers(leaving: number): void {
    const bytes = this.out;
    const held = this.#filled - leaving;
    this.out = held > this.#spare.length ? new Uint8Array(bytes.length) : this.#spare;
    if (held > 0) this.out.set(bytes.subarray(leaving, this.#filled));
    this.#filled = held;
    this.#written += leaving;
  }

  #grow(): void {
    this.out = grown(this.out, Math.max(this.#filled, this.out.length * 2));
  }
}

/** Big-endian unsigned integer of four bytes. */
export function uint32At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24 | (bytes[at + 1] ?? 0) << 16 | (bytes[at + 2] ?? 0) << 8 |
    (bytes[at + 3] ?? 0)) >>> 0;
}

function grown(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}
