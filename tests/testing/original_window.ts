/**
 * The window of the original client, as far as a server sees it: it makes its frames itself, byte by byte, says PING
 * before each click, and connects anew if that fails.
 *
 * @module
 */

import { concatenated } from "./concatenated.ts";

/** Time after which the window gives up, ms. */
const PATIENCE_MS = 5_000;

/** A frame as the window reads it: its type, and the bytes of its payload. */
export interface WindowFrame {
  readonly type: number;
  readonly payload: Uint8Array;
}

/** A string with its tag and length. */
export function stringBytes(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  return concatenated([Uint8Array.of(2), uint32(bytes.length), bytes]);
}

/** A list with its tag and count, of values that are encoded. */
export function listBytes(...items: readonly Uint8Array[]): Uint8Array {
  return concatenated([Uint8Array.of(3), uint32(items.length), ...items]);
}

/** The strings of a list. */
export function listNames(bytes: Uint8Array = new Uint8Array()): string[] {
  return strings(bytes, 0);
}

/** The keys of a dictionary of integers. */
export function dictionaryNames(bytes: Uint8Array = new Uint8Array()): string[] {
  return strings(bytes, 9);
}

/** Strings behind the tag and the count, each with a number of bytes behind it. */
function strings(bytes: Uint8Array, between: number): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: string[] = [];
  for (let at = 5; at < bytes.length;) {
    const end = at + 5 + view.getUint32(at + 1);
    found.push(new TextDecoder().decode(bytes.subarray(at + 5, end)));
    at = end + between;
  }
  return found;
}

/** A frame: eight bytes of type, four of length, the payload. */
function frameBytes(type: number, payload: Uint8Array = new Uint8Array()): Uint8Array {
  return concatenated([uint32(0), uint32(type), uint32(payload.length), payload]);
}

function uint32(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

/** One window. `await using` closes it. */
export class OriginalWindow implements AsyncDisposable {
  #connection: Deno.Conn | undefined;

  constructor(readonly port: number, readonly name: string) {}

  /** Connects without a word. */
  async connect(): Promise<void> {
    this.#connection = await Deno.connect({ hostname: "127.0.0.1", port: this.port });
  }

  /** Sends a frame as it is. */
  async send(type: number, payload?: Uint8Array): Promise<void> {
    const bytes = frameBytes(type, payload);
    for (let from = 0; from < bytes.length;) {
      from += await this.#connection?.write(bytes.subarray(from)) ?? bytes.length;
    }
  }

  /** Says PING with the name, after connecting if that is needed, as before each click. */
  async click(): Promise<void> {
    if (this.#connection === undefined) await this.connect();
    await this.send(9, stringBytes(this.name));
  }

  /**
   * The next frame; `undefined` if the server has closed the connection.
   *
   * @throws {Error} if nothing comes for 5 s, or the header comes in pieces
   */
  async receive(): Promise<WindowFrame | undefined> {
    const header = await this.#read(12);
    if (header === undefined) return undefined;
    const view = new DataView(header.buffer, header.byteOffset, header.length);
    const payload = new Uint8Array(view.getUint32(8));
    for (let at = 0; at < payload.length;) {
      const piece = await this.#read(payload.length - at);
      if (piece === undefined) return undefined;
      payload.set(piece, at);
      at += piece.length;
    }
    return { type: view.getUint32(4), payload };
  }

  /** Sends a request and takes its reply. */
  async ask(type: number, payload?: Uint8Array): Promise<WindowFrame | undefined> {
    await this.send(type, payload);
    return await this.receive();
  }

  /** The type of the reply to the name, LOGIN_1. */
  async enterName(): Promise<number | undefined> {
    await this.click();
    await this.click();
    return (await this.ask(1, stringBytes(this.name)))?.type;
  }

  /** The type of the reply to a password, LOGIN_2; after any other than 103 the window closes its connection. */
  async enterPassword(password: string): Promise<number | undefined> {
    await this.click();
    const type = (await this.ask(2, stringBytes(password)))?.type;
    if (type !== 103) this.close();
    return type;
  }

  /** Sends a message. */
  async write(to: string, content: string): Promise<void> {
    await this.send(3, listBytes(stringBytes(to), stringBytes(content)));
  }

  /** Closes the connection; the next click makes another. */
  close(): void {
    try {
      this.#connection?.close();
    } catch {
      // The time limit closed it.
    }
    this.#connection = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  /** One read, as the window makes it; `undefined` at the end. */
  async #read(bytesMax: number): Promise<Uint8Array | undefined> {
    const connection = this.#connection;
    if (connection === undefined) return undefined;
    const buffer = new Uint8Array(bytesMax);
    const late = setTimeout(() => connection.close(), PATIENCE_MS);
    try {
      const count = await connection.read(buffer);
      return count === null ? undefined : buffer.subarray(0, count);
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionReset) return undefined;
      throw new Error(`the window of ${this.name} had no answer within ${PATIENCE_MS} ms`, { cause: error });
    } finally {
      clearTimeout(late);
    }
  }
}
