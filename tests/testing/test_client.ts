/**
 * A client for tests: it sends requests, and keeps replies and pushes until a test takes them.
 *
 * @module
 */

import { decodeFromServer } from "../../common/protocol/client_codec.ts";
import { encodeRequest } from "../../common/protocol/codec.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import type { OriginalReply } from "../../common/protocol/original_replies.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { Request, RequestName, RequestPayload } from "../../common/protocol/requests.ts";
import { type Frame, FrameReader } from "../../common/wire/frame.ts";
import { decodeOriginalReply } from "./protocol_frames.ts";

/** Longest reply of the original dialect, bytes. */
const REPLY_BYTES_MAX = 16 * 1_024 * 1_024;

/** Time limit of a wait, ms, so that a test fails and does not hang. */
const WAIT_MS = 60_000;

/** Arrivals and the waits for them, in order. */
class Inbox<T> {
  readonly items: T[] = [];
  readonly #waiting: {
    resolve(item: T): void;
    reject(error: Error): void;
    late: ReturnType<typeof setTimeout>;
  }[] = [];
  #ended: Error | undefined;

  put(item: T): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.items.push(item);
    else {
      clearTimeout(waiting.late);
      waiting.resolve(item);
    }
  }

  take(): Promise<T> {
    const item = this.items.shift();
    if (item !== undefined) return Promise.resolve(item);
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.end(new Error(`nothing came within ${WAIT_MS} ms`)), WAIT_MS);
      this.#waiting.push({ resolve, reject, late });
    });
  }

  end(error: Error): void {
    this.#ended ??= error;
    for (const { reject, late } of this.#waiting.splice(0)) {
      clearTimeout(late);
      reject(error);
    }
  }
}

/** A connection whose frames are decoded by `decode`. */
class Wire {
  /** Resolves when the server has closed the connection. */
  readonly closed: Promise<void>;

  constructor(
    readonly connection: Deno.Conn,
    onFrame: (frame: Frame) => void,
    onEnd: (error: Error) => void,
  ) {
    this.closed = this.#read(onFrame).then(
      () => onEnd(new Error("the server closed the connection")),
      (error) => onEnd(error),
    );
  }

  async #read(onFrame: (frame: Frame) => void): Promise<void> {
    const reader = new FrameReader(REPLY_BYTES_MAX);
    const buffer = new Uint8Array(65_536);
    for (
      let count = await this.connection.read(buffer);
      count !== null;
      count = await this.connection.read(buffer)
    ) {
      reader.push(buffer.subarray(0, count));
      for (let frame = reader.next(); frame !== undefined; frame = reader.next()) onFrame(frame);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length;) from += await this.connection.write(bytes.subarray(from));
  }
}

/** Payload of a reply of that name. */
type ReplyPayload<Name> = Extract<ConfirmedReply, { readonly name: Name }>["payload"];

/** A client of the confirmed dialect. */
export class TestClient implements AsyncDisposable {
  /** Pushes that are not taken yet. */
  readonly pushes = new Inbox<Push>();
  readonly #replies = new Inbox<ConfirmedReply>();
  readonly #wire: Wire;

  private constructor(connection: Deno.Conn) {
    this.#wire = new Wire(
      connection,
      (frame) => {
        const heard = decodeFromServer(frame);
        if ("push" in heard) this.pushes.put(heard.push);
        else this.#replies.put(heard.reply);
      },
      (error) => {
        this.pushes.end(error);
        this.#replies.end(error);
      },
    );
  }

  /** Connects and says HELLO. */
  static async connect(port: number, connection?: Deno.Conn): Promise<TestClient> {
    const client = new TestClient(connection ?? await Deno.connect({ hostname: "127.0.0.1", port }));
    try {
      await client.ask("hello", { version: 2, client: "test" });
    } catch (error) {
      await client[Symbol.asyncDispose]();
      throw error;
    }
    return client;
  }

  /** Connects and logs in, making the account if there is none. */
  static async login(
    port: number,
    name: string,
    password?: string,
    connection?: Deno.Conn,
  ): Promise<TestClient> {
    const client = await TestClient.connect(port, connection);
    return await loggedIn(client, name, password ?? `password of ${name}`);
  }

  /** Resolves when the server has closed the connection. */
  get closed(): Promise<void> {
    return this.#wire.closed;
  }

  /** Sends a request and does not wait for the reply. */
  async send<Name extends RequestName>(name: Name, payload: RequestPayload<Name>): Promise<void> {
    await this.#wire.write(encodeRequest({ name, payload } as Request, "confirmed"));
  }

  /** Sends bytes as they are. */
  async sendBytes(bytes: Uint8Array): Promise<void> {
    await this.#wire.write(bytes);
  }

  /** The next reply. */
  reply(): Promise<ConfirmedReply> {
    return this.#replies.take();
  }

  /** Sends a request; resolves with its reply. */
  async ask<Name extends RequestName>(name: Name, payload: RequestPayload<Name>): Promise<ConfirmedReply> {
    const reply = this.reply();
    // A reply that never comes is reported by the wait for it.
    reply.catch(() => {});
    await this.send(name, payload);
    return await reply;
  }

  /** Sends a request; resolves with the payload of its reply, which must have that name. */
  async expect<Name extends RequestName, Reply extends ConfirmedReply["name"]>(
    name: Name,
    payload: RequestPayload<Name>,
    replyName: Reply,
  ): Promise<ReplyPayload<Reply>> {
    const reply = await this.ask(name, payload);
    if (reply.name !== replyName) throw new Error(`${name} was answered ${JSON.stringify(reply)}`);
    return reply.payload as unknown as ReplyPayload<Reply>;
  }

  /** The next push. */
  push(): Promise<Push> {
    return this.pushes.take();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    close(this.#wire.connection);
    await this.#wire.closed;
  }
}

/** A client of the original dialect. */
export class OriginalTestClient implements AsyncDisposable {
  readonly #replies = new Inbox<OriginalReply>();
  readonly #wire: Wire;

  private constructor(connection: Deno.Conn) {
    this.#wire = new Wire(
      connection,
      (frame) => this.#replies.put(decodeOriginalReply(frame)),
      (error) => this.#replies.end(error),
    );
  }

  /** Connects. */
  static async connect(port: number): Promise<OriginalTestClient> {
    return new OriginalTestClient(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Connects and logs in, making the account if there is none. */
  static async login(
    port: number,
    name: string,
    password = `password of ${name}`,
  ): Promise<OriginalTestClient> {
    const client = await OriginalTestClient.connect(port);
    return await loggedIn(client, name, password);
  }

  /** Resolves when the server has closed the connection. */
  get closed(): Promise<void> {
    return this.#wire.closed;
  }

  /** Sends a request that has no reply. */
  async send<Name extends RequestName>(name: Name, payload: RequestPayload<Name>): Promise<void> {
    await this.#wire.write(encodeRequest({ name, payload } as Request, "original"));
  }

  /** Sends a request; resolves with its reply. */
  async ask<Name extends RequestName>(name: Name, payload: RequestPayload<Name>): Promise<OriginalReply> {
    const reply = this.#replies.take();
    // A reply that never comes is reported by the wait for it.
    reply.catch(() => {});
    await this.send(name, payload);
    return await reply;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    close(this.#wire.connection);
    await this.#wire.closed;
  }
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It has ended already.
  }
}

/** The client, once it has logged in. @throws {Error} with the reply, if it cannot */
async function loggedIn<Client extends TestClient | OriginalTestClient>(
  client: Client,
  name: string,
  password: string,
): Promise<Client> {
  try {
    await client.ask("startLogin", { name });
    const reply = await client.ask("finishLogin", { password });
    if (reply.name !== "loginSuccess") throw new Error(`${name} cannot log in: ${JSON.stringify(reply)}`);
    return client;
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
}
