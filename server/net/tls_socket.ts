/**
 * TLS over a plain socket. The plain socket stays in our hands, so that closing it frees its descriptor at once.
 *
 * @module
 */

import type { EndCause } from "../ports/clients.ts";
import type { Socket } from "./socket.ts";
import type { TlsEngine } from "./tls_engine.ts";

/** Initial size of the buffer for encrypted bytes. */
const READ_BYTES_MIN = 1_024;

/** Limit to which that buffer grows while the other end fills it. */
const READ_BYTES_MAX = 64 * 1_024;

/** Bytes that one write takes: the longest record (RFC 8446, section 5.1), so that progress shows early. */
const WRITE_BYTES_MAX = 16_384;

const NOTHING = new Uint8Array(0);

/** The server's end of a TLS connection. */
export class TlsSocket implements Socket {
  readonly transport = "tls";
  readonly address: string;
  readonly #raw: Socket;
  readonly #makeEngine: () => TlsEngine;
  #engine: TlsEngine | undefined;
  #encrypted = new Uint8Array(READ_BYTES_MIN);
  #sending = false;
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
      const count = await this.#raw.read(this.#encrypted);
      if (count === null) throw new Error("the other end closed the connection within the handshake");
      // Bytes behind the handshake wait in the engine.
      this.#decrypt(count, NOTHING);
      await this.#send(0);
    }
  }

  async read(buffer: Uint8Array<ArrayBuffer>): Promise<number | null> {
    let clear = this.#open.read(buffer);
    while (clear === 0) {
      if (this.#open.ended) return null;
      const count = await this.#raw.read(this.#encrypted);
      if (count === null) throw new Error("the other end closed the connection without an end of TLS");
      clear = this.#decrypt(count, buffer);
    }
    return clear;
  }

  write(bytes: Uint8Array): Promise<number> {
    const taken = bytes.length > WRITE_BYTES_MAX ? bytes.subarray(0, WRITE_BYTES_MAX) : bytes;
    this.#open.write(taken);
    return this.#send(taken.length);
  }

  async closeWrite(cause: EndCause): Promise<void> {
    this.#open.end();
    await this.#send(0);
    await this.#raw.closeWrite(cause);
  }

  close(): void {
    if (this.#closed) return;
    this.#sayEnd();
    this.#closed = true;
    this.#engine?.destroy();
    this.#raw.close();
  }

  /** Tells the other end that nothing was cut off, if the kernel takes that at once. */
  #sayEnd(): void {
    if (!this.#engine?.established || this.#sending) return;
    this.#engine.end();
    this.#send(0).catch(() => {});
  }

  get #open(): TlsEngine {
    if (this.#closed || this.#engine === undefined) throw new Error("the socket is closed");
    return this.#engine;
  }

  /** Decrypts the first `count` bytes of the buffer for them, and sizes it for the next read. */
  #decrypt(count: number, into: Uint8Array<ArrayBuffer>): number {
    const encrypted = this.#encrypted;
    if (count === encrypted.length) this.#encrypted = grown(encrypted);
    else if (encrypted.length > READ_BYTES_MIN) this.#encrypted = new Uint8Array(READ_BYTES_MIN);
    try {
      return this.#open.receive(encrypted.subarray(0, count), into);
    } catch (error) {
      // The engine may have an alert for the other end, which may not stop the end of the connection.
      if (!this.#closed && !this.#sending) this.#send(0).catch(() => {});
      throw error;
    }
  }

  /** Sends everything encrypted so far; resolves to `result` once it has left. */
  async #send(result: number): Promise<number> {
    const bytes = this.#open.take();
    if (bytes === undefined) return result;
    this.#sending = true;
    let count = await this.#raw.write(bytes);
    while (count < bytes.length) count += await this.#raw.write(bytes.subarray(count));
    this.#sending = false;
    return result;
  }
}

function grown(buffer: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return buffer.length < READ_BYTES_MAX ? new Uint8Array(buffer.length * 4) : buffer;
}
