/**
 * A connection without a spare instruction: the relay and the load generator are made of it, so that what is
 * measured beside them is the server.
 *
 * @module
 */

import { HEADER_BYTES } from "../common/wire/frame.ts";

const BUFFER_BYTES = 64 * 1_024;

/** Frames in, bytes out; what is written in one turn of the event loop leaves in one write. */
export class LeanConnection {
  /** Takes one whole frame: the bytes from `start` to `end` of a buffer that is used again. */
  onFrame: (bytes: Uint8Array, start: number, end: number) => void = () => {};
  /** Where the next frame is written: ask `room` first. */
  out = new Uint8Array(BUFFER_BYTES);
  #filled = 0;
  #spare = new Uint8Array(BUFFER_BYTES);
  #writing = false;
  #ended = false;
  readonly #socket: Deno.Conn;
  readonly #flush = (): void => void this.#write();

  constructor(socket: Deno.Conn) {
    this.#socket = socket;
  }

  /** Makes room for `length` bytes behind what is to be written; returns where in `out` they go. */
  room(length: number): number {
    const start = this.#filled;
    this.#filled = start + length;
    if (this.#filled > this.out.length) this.#grow();
    if (!this.#writing) {
      this.#writing = true;
      queueMicrotask(this.#flush);
    }
    return start;
  }

  /** Writes whole frames. */
  send(frames: Uint8Array): void {
    const start = this.room(frames.length);
    this.out.set(frames, start);
  }

  /** Reads until the other end, or `close`, ends it. */
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

  /** Ends it at once. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.close();
  }

  /** Hands the whole frames out; returns how many bytes they were. */
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
    try {
      while (this.#filled > 0 && !this.#ended) {
        const bytes = this.out;
        const length = this.#filled;
        this.out = this.#spare;
        this.#filled = 0;
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

  #grow(): void {
    this.out = grown(this.out, Math.max(this.#filled, this.out.length * 2));
  }
}

/** Four bytes as an unsigned number. */
export function uint32At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24 | (bytes[at + 1] ?? 0) << 16 | (bytes[at + 2] ?? 0) << 8 |
    (bytes[at + 3] ?? 0)) >>> 0;
}

function grown(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}
