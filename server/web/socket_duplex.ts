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
  #isWriting = false;
  /** Goes on with a write that waits. */
  #onWritten: (() => void) | undefined;

  /** @param socket whose handshake is over */
  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    // The connection ends with a close.
    this.on("error", () => {});
  }

  /** Reads until nobody wants more; Node asks again then. */
  override _read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#pump().catch((error) => this.destroy(error));
  }

  async #pump(): Promise<void> {
    while (this.#isReading) {
      const count = await this.#socket.read(this.#buffer.bytes);
      // Parsers keep what they get.
      const bytes = count === null ? null : this.#buffer.bytes.slice(0, count);
      if (count !== null) this.#buffer.filled(count);
      this.#take(bytes);
    }
  }

  /** Hands bytes straight to the parser while it wants them: the queue of Node's stream costs more than their frame. */
  #take(bytes: Uint8Array | null): void {
    if (bytes !== null && this.readableFlowing && this.readableLength === 0) {
      this.emit("data", bytes);
      return;
    }
    this.#isReading = false;
    this.push(bytes);
  }

  /** Writes all of one part. */
  override _write(chunk: Uint8Array, _encoding: string, done: Done): void {
    this.writeAll(chunk).then(() => done(), done);
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

  /**
   * Writes all of the bytes as one piece, behind what is being written. It is for one caller beside Node's stream, which
   * costs more than a frame: each has one write under way at most.
   */
  async writeAll(bytes: Uint8Array): Promise<void> {
    if (this.#isWriting) await new Promise<void>((resolve) => this.#onWritten = resolve);
    this.#isWriting = true;
    try {
      for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await this.#socket.write(rest));
    } finally {
      this.#isWriting = false;
      this.#onWritten?.();
      this.#onWritten = undefined;
    }
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
}
