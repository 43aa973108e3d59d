/**
 * TLS over a plain socket. The plain socket stays in our hands, so that closing it frees its descriptor at once.
 *
 * @module
 */

import type { Socket } from "./socket.ts";
import type { TlsEngine } from "./tls_engine.ts";

/** Initial size of the buffer for encrypted bytes. */
const READ_BYTES_MIN = 1_024;

/** Limit to which that buffer grows while the other end fills it. */
const READ_BYTES_MAX = 64 * 1_024;

/** Bytes that one write takes: the longest record (RFC 8446, section 5.1), so that progress shows early. */
const WRITE_BYTES_MAX = 16_384;

/** The server's end of a TLS connection. */
export class TlsSocket implements Socket {
  readonly address: string;
  readonly #raw: Socket;
  readonly #makeEngine: () => TlsEngine;
  #engine: TlsEngine | undefined;
  #encrypted = new Uint8Array(READ_BYTES_MIN);
  #sending: Promise<void> | undefined;
  #closed = false;

  /**
   * @param raw carries the encrypted bytes, and belongs to this socket from now on
   * @param makeEngine called when the handshake begins: a refused connection costs no TLS
   */
  constructor(raw: Socket, makeEngine: () => TlsEngine) {
    this.address = raw.address;
    this.#raw = raw;
    this.#makeEngine = makeEngine;
  }

  async handshake(): Promise<void> {
    const engine = this.#engine = this.#makeEngine();
    while (!engine.established) {
      if (!await this.#receive()) throw new Error("the other end closed the connection within the handshake");
      await this.#send();
    }
  }

  read(buffer: Uint8Array): Promise<number | null> {
    const count = this.#open.read(buffer);
    return count > 0 ? Promise.resolve(count) : this.#readMore(buffer);
  }

  async write(bytes: Uint8Array): Promise<number> {
    const taken = bytes.length > WRITE_BYTES_MAX ? bytes.subarray(0, WRITE_BYTES_MAX) : bytes;
    this.#open.write(taken);
    await this.#send();
    return taken.length;
  }

  async closeWrite(): Promise<void> {
    this.#open.end();
    await this.#send();
    await this.#raw.closeWrite();
  }

  close(): void {
    this.#closed = true;
    this.#engine?.destroy();
    this.#raw.close();
  }

  get #open(): TlsEngine {
    if (this.#closed || this.#engine === undefined) throw new Error("the socket is closed");
    return this.#engine;
  }

  async #readMore(buffer: Uint8Array): Promise<number | null> {
    for (;;) {
      if (this.#open.ended) return null;
      if (!await this.#receive()) {
        throw new Error("the other end closed the connection without an end of TLS");
      }
      const count = this.#open.read(buffer);
      if (count > 0) return count;
    }
  }

  /** Hands the next encrypted bytes to the engine; false at the end of the stream. */
  async #receive(): Promise<boolean> {
    const buffer = this.#encrypted;
    const count = await this.#raw.read(buffer);
    if (count === null) return false;
    try {
      this.#open.receive(buffer.subarray(0, count));
    } catch (error) {
      // An alert that says why may be on its way out.
      if (!this.#closed) await this.#send();
      throw error;
    }
    if (count === buffer.length) this.#encrypted = grown(buffer);
    else if (buffer.length > READ_BYTES_MIN) this.#encrypted = new Uint8Array(READ_BYTES_MIN);
    return true;
  }

  /** Resolves once everything encrypted so far has left; one write is under way at a time. */
  #send(): Promise<void> | undefined {
    if (this.#sending !== undefined) return this.#sending;
    const bytes = this.#open.take();
    return bytes === undefined ? undefined : this.#sending = this.#sendFrom(bytes);
  }

  async #sendFrom(first: Uint8Array): Promise<void> {
    try {
      for (let bytes: Uint8Array | undefined = first; bytes !== undefined; bytes = this.#open.take()) {
        let count = await this.#raw.write(bytes);
        while (count < bytes.length) count += await this.#raw.write(bytes.subarray(count));
      }
    } finally {
      this.#sending = undefined;
    }
  }
}

function grown(buffer: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return buffer.length < READ_BYTES_MAX ? new Uint8Array(buffer.length * 4) : buffer;
}
