/**
 * A socket under the control of a test: arrivals, writes and failures happen on command.
 *
 * @module
 */

import { encodeFrame } from "../../common/wire/frame.ts";
import type { Socket } from "../../server/net/socket.ts";

type Settle<T> = { resolve(value: T): void; reject(error: Error): void };

/** A socket whose other end is the script. */
export class ScriptedSocket implements Socket {
  readonly transport = "tcp";
  readonly address = "192.0.2.1";
  /** Most reads that were under way at once. */
  readsAtOnce = 0;
  #reads = 0;
  #read: (Settle<number | null> & { readonly buffer: Uint8Array }) | undefined;
  #write: (Settle<number> & { readonly bytes: number }) | undefined;
  #handshake: Settle<void> | undefined;
  readonly #received: (Uint8Array | "end" | "failure")[] = [];
  /** The rest of a frame that has begun. */
  #rest = new Uint8Array(0);
  #closed = false;

  constructor(readonly note: (text: string) => void) {}

  handshake(): Promise<void> {
    return new Promise((resolve, reject) => this.#handshake = { resolve, reject });
  }

  endHandshake(fails: boolean): void {
    if (fails) this.#handshake?.reject(new Error("planted"));
    else this.#handshake?.resolve();
    this.#handshake = undefined;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    this.readsAtOnce = Math.max(this.readsAtOnce, ++this.#reads);
    return new Promise<number | null>((resolve, reject) => {
      this.#read = { buffer, resolve, reject };
      this.#deliver();
    }).finally(() => this.#reads--);
  }

  /** Whole frames arrive, after the rest of one that has begun. */
  arriveFrames(bytes: Uint8Array): void {
    this.arrive(Uint8Array.of(...this.#rest, ...bytes));
    this.#rest = new Uint8Array(0);
  }

  /** A frame begins, or the rest of one arrives. */
  arrivePart(): void {
    if (this.#rest.length > 0) return this.arriveFrames(new Uint8Array(0));
    const frame = frameOf(7, 20);
    this.#rest = frame.slice(15);
    this.arrive(frame.slice(0, 15));
  }

  arrive(item: Uint8Array | "end" | "failure"): void {
    this.#received.push(item);
    this.#deliver();
  }

  #deliver(): void {
    const [read, item] = [this.#read, this.#received[0]];
    if (read === undefined || (item === undefined && !this.#closed)) return;
    this.#read = undefined;
    if (this.#closed || item === undefined || item === "failure") return read.reject(new Error("planted"));
    if (item === "end") return read.resolve(null);
    const count = Math.min(item.length, read.buffer.length);
    read.buffer.set(item.subarray(0, count));
    if (count < item.length) this.#received[0] = item.subarray(count);
    else this.#received.shift();
    read.resolve(count);
  }

  write(bytes: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => this.#write = { bytes: bytes.length, resolve, reject });
  }

  written(bytes: number): void {
    const write = this.#write;
    this.#write = undefined;
    write?.resolve(Math.min(bytes, write.bytes));
  }

  failWrite(): void {
    this.#write?.reject(new Error("planted"));
    this.#write = undefined;
  }

  closeWrite(): Promise<void> {
    this.note("closeWrite");
    return this.#closed ? Promise.reject(new Error("closed")) : Promise.resolve();
  }

  close(): void {
    if (this.#closed) throw new Error("closed twice");
    this.note("socket.close");
    this.#closed = true;
    this.endHandshake(true);
    this.#deliver();
    this.failWrite();
  }
}

/** One whole frame whose payload is zeros. */
export function frameOf(type: number, payloadBytes: number): Uint8Array<ArrayBuffer> {
  return encodeFrame(type, (writer) => writer.raw(new Uint8Array(payloadBytes)));
}
