/**
 * A client without initiative: it reads and writes only on request.
 *
 * @module
 */

import { type Dialect, encodeRequest } from "../../common/protocol/codec.ts";
import type { Request, RequestName, RequestPayload } from "../../common/protocol/requests.ts";
import { type Frame, FrameReader } from "../../common/wire/frame.ts";

/** Longer than any reply, bytes. */
const REPLY_BYTES_MAX = 32 * 1_024 * 1_024;

/** Time limit of a wait, ms, so that a test fails and does not hang. */
const WAIT_MS = 60_000;

/** The most that one read brings, bytes. */
const READ_BYTES = 16 * 1_024;

/** A connection that sends and receives single frames. `await using` closes it. */
export class RawClient implements AsyncDisposable {
  readonly #reader = new FrameReader(REPLY_BYTES_MAX);

  constructor(readonly connection: Deno.Conn) {}

  /** Connects and sends nothing. */
  static async connect(port: number): Promise<RawClient> {
    return new RawClient(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Connects, logs in in the confirmed dialect, and never reads the pushes. */
  static async login(port: number, name: string): Promise<RawClient> {
    const client = await RawClient.connect(port);
    await client.send("hello", { version: 2, client: "raw" });
    await client.send("startLogin", { name });
    await client.send("finishLogin", { password: `password of ${name}` });
    for (let left = 3; left > 0; left--) await client.receive();
    return client;
  }

  /** Sends a request. */
  async send<Name extends RequestName>(
    name: Name,
    payload: RequestPayload<Name>,
    dialect: Dialect = "confirmed",
  ): Promise<void> {
    await this.sendBytes(encodeRequest({ name, payload } as Request, dialect));
  }

  /** Sends bytes as they are. */
  async sendBytes(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length;) from += await this.connection.write(bytes.subarray(from));
  }

  /** The next frame, with a payload of its own; undefined once the server has closed the connection. */
  async receive(): Promise<Frame | undefined> {
    for (;;) {
      const frame = this.#reader.next();
      if (frame !== undefined) return { type: frame.type, payload: frame.payload.slice() };
      const chunk = await this.read();
      if (chunk === undefined) return undefined;
      this.#reader.push(chunk);
    }
  }

  /**
   * Result of one read; `undefined` once the server has closed the connection, in any way.
   *
   * @throws {Error} if nothing comes for 20 s
   */
  async read(): Promise<Uint8Array | undefined> {
    // Not kept, as thousands of these clients are open at once.
    const buffer = new Uint8Array(READ_BYTES);
    const late = setTimeout(() => this.connection.close(), WAIT_MS);
    try {
      const count = await this.connection.read(buffer);
      return count === null ? undefined : buffer.subarray(0, count);
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionReset) return undefined;
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  /** All frames that come until the server closes the connection. */
  async rest(): Promise<Frame[]> {
    const frames: Frame[] = [];
    for (let frame = await this.receive(); frame !== undefined; frame = await this.receive()) {
      frames.push(frame);
    }
    return frames;
  }

  [Symbol.asyncDispose](): Promise<void> {
    try {
      this.connection.close();
    } catch {
      // The server closed it after the time limit.
    }
    return Promise.resolve();
  }
}
