/**
 * A WebSocket as the socket of a connection: its messages carry bytes of the stream, and their boundaries mean nothing.
 *
 * @module
 */

import type { WebSocket } from "ws";
import type { EndCause } from "../ports/clients.ts";
import { binaryFrame } from "./binary_frame.ts";
import type { SocketDuplex } from "./socket_duplex.ts";

/** Longest message to the other end, bytes. */
const MESSAGE_BYTES = 65_536;

/** Unread bytes above which the WebSocket is paused; it goes on at half of it. */
const UNREAD_BYTES_MAX = 262_144;

/** Longest message from the other end, bytes: it is held as a whole, also for a stranger. */
export const MESSAGE_BYTES_MAX = 65_536;

/** Empty messages and pings of a second: more of them would cost much and say nothing. */
const EMPTY_MAX = 100;
const SECOND_MS = 1_000;

/** Memory of an unread message beside its bytes. */
const MESSAGE_MEMORY = 128;

/** Status codes of the end (RFC 6455, section 7.4.1). */
const CODES: Readonly<Record<EndCause, number>> = {
  done: 1_000,
  "node stops": 1_001,
  "rule broken": 1_008,
  "turned away": 1_013,
};

/** Status codes of the end after a text message, and after too many messages that say nothing. */
const TEXT_CODE = 1_003;
const RULE_CODE = CODES["rule broken"];

/** A read that waits. */
interface WaitingRead {
  readonly buffer: Uint8Array;
  resolve(count: number | null): void;
}

/** Bytes in and out over one WebSocket. */
export class WebSocketStream {
  readonly #socket: WebSocket;
  readonly #duplex: SocketDuplex;
  /** Messages that were not read yet, the first of them from `#read` on. */
  readonly #messages: Uint8Array[] = [];
  #read = 0;
  /** Memory of all of them. */
  #unread = 0;
  #isOver = false;
  #isRefused = false;
  /** Empty messages and pings since a monotonic time, ms. */
  #empty = 0;
  #sinceMs = 0;
  /** The read that waits for a message. */
  #waiting: WaitingRead | undefined;

  /**
   * @param socket open, not paused, and handed over: nobody else listens
   * @param duplex what it reads and writes
   */
  constructor(socket: WebSocket, duplex: SocketDuplex) {
    this.#socket = socket;
    this.#duplex = duplex;
    socket.binaryType = "nodebuffer";
    socket.on("message", (data, isBinary) => {
      if (!isBinary) return this.#refuse(TEXT_CODE, "binary messages only");
      if (data.length === 0) this.#countEmpty();
      else if (!this.#isRefused) this.#take(data);
    });
    // Only as fast as the other end reads: each answer is the last one's successor (RFC 6455, section 5.5.3).
    socket.on("ping", (data) => {
      this.#countEmpty();
      if (socket.bufferedAmount === 0 && socket.readyState === socket.OPEN) socket.pong(data);
    });
    socket.on("close", () => this.#end());
    // A close follows, with the code for what was wrong.
    socket.on("error", () => {});
  }

  /** As `Socket.read`; `null` once the other end has said that it is over, or is gone. */
  read(buffer: Uint8Array): Promise<number | null> {
    return new Promise((resolve) => {
      this.#waiting = { buffer, resolve };
      this.#go();
    });
  }

  /** As `Socket.write`: the bytes are the system's once it resolves. */
  async write(bytes: Uint8Array): Promise<number> {
    const { readyState, OPEN } = this.#socket;
    if (readyState !== OPEN) throw new Error("the WebSocket is being closed");
    const taken = bytes.length > MESSAGE_BYTES ? bytes.subarray(0, MESSAGE_BYTES) : bytes;
    await this.#duplex.writeAll(binaryFrame(taken));
    return taken.length;
  }

  /** As `Socket.closeWrite`: the other end is told the cause, and answers. */
  closeWrite(cause: EndCause): Promise<void> {
    this.#socket.close(CODES[cause]);
    return Promise.resolve();
  }

  /** Ends it at once. */
  close(): void {
    this.#socket.terminate();
    this.#end();
  }

  /** Counts what costs time and says nothing. */
  #countEmpty(): void {
    const nowMs = performance.now();
    if (nowMs - this.#sinceMs > SECOND_MS) {
      this.#sinceMs = nowMs;
      this.#empty = 0;
    }
    if (++this.#empty > EMPTY_MAX) this.#refuse(RULE_CODE, "too many empty messages and pings");
  }

  /** Ends the WebSocket; what comes meanwhile is dropped. */
  #refuse(code: number, reason: string): void {
    if (this.#isRefused) return;
    this.#isRefused = true;
    this.#socket.close(code, reason);
  }

  #take(message: Uint8Array): void {
    this.#messages.push(message);
    this.#unread += message.length + MESSAGE_MEMORY;
    if (this.#unread > UNREAD_BYTES_MAX) this.#socket.pause();
    this.#go();
  }

  /** Goes on with a read that waits, if there is something for it. */
  #go(): void {
    if (this.#waiting === undefined || this.#messages.length === 0 && !this.#isOver) return;
    const { buffer, resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve(this.#messages.length === 0 ? null : this.#readMessages(buffer));
  }

  /** Copies messages as long as there is room; returns the number of bytes. */
  #readMessages(buffer: Uint8Array): number {
    let count = 0;
    while (count < buffer.length && this.#messages.length > 0) {
      count += this.#readInto(buffer.subarray(count));
    }
    if (this.#unread <= UNREAD_BYTES_MAX / 2 && this.#socket.isPaused) this.#socket.resume();
    return count;
  }

  /** Copies as much of the first message as there is room for; returns the number of bytes. */
  #readInto(buffer: Uint8Array): number {
    const [message = buffer.subarray(0, 0)] = this.#messages;
    const bytes = message.subarray(this.#read, this.#read + buffer.length);
    buffer.set(bytes);
    this.#read += bytes.length;
    if (this.#read < message.length) return bytes.length;
    this.#messages.shift();
    this.#read = 0;
    this.#unread -= message.length + MESSAGE_MEMORY;
    return bytes.length;
  }

  #end(): void {
    this.#isOver = true;
    this.#go();
  }
}
