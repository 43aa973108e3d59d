/**
 * A socket of ours as a stream of Node, for `ws`.
 *
 * @module
 */

import { Duplex } from "node:stream";
import { ReadBuffer } from "../net/read_buffer.ts";
import type { Socket } from "../net/socket.ts";

/** A part of what is to be written, as Node hands it over. */
interface WaitingPart {
  readonly chunk: Uint8Array;
}

/** Tells Node that something is done, or has failed. */
type Done = (error?: Error | null) => void;

/** Both directions of a socket. Destroying it closes the socket. */
export class SocketDuplex extends Duplex {
  readonly #socket: Socket;
  readonly #buffer = new ReadBuffer();
  #isReading = false;

  /** @param socket whose handshake is over */
  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    // The connection ends with a close.
    this.on("error", () => {});
  }

  /** Reads once; Node asks again when it wants more. */
  override _read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#socket.read(this.#buffer.bytes).then((count) => {
      this.#isReading = false;
      if (count === null) return void this.push(null);
      // Parsers keep what they get.
      const bytes = this.#buffer.bytes.slice(0, count);
      this.#buffer.filled(count);
      this.push(bytes);
    }).catch((error) => this.destroy(error));
  }

  /** Writes all of one part. */
  override _write(chunk: Uint8Array, _encoding: string, done: Done): void {
    this.#write(chunk).then(() => done(), done);
  }

  /** Writes parts that have waited together: the head and the content of a message are one write. */
  override _writev(parts: readonly WaitingPart[], done: Done): void {
    const all = new Uint8Array(parts.reduce((sum, { chunk }) => sum + chunk.length, 0));
    let at = 0;
    for (const { chunk } of parts) {
      all.set(chunk, at);
      at += chunk.length;
    }
    this._write(all, "", done);
  }

  /** Ends what is written. */
  override _final(done: Done): void {
    this.#socket.closeWrite("done").then(() => done(), done);
  }

  /** Closes the socket. */
  override _destroy(error: Error | null, done: Done): void {
    try {
      this.#socket.close();
    } catch {
      // Its connection has closed it already.
    }
    done(error);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await this.#socket.write(rest));
  }
}
