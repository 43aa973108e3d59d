/**
 * A listener for short HTTP: every connection asks once and is closed behind its answer. Connections, their time and
 * their bytes are bounded, so that nobody who asks can hurt the node.
 *
 * Servers of the runtime would not do: `Deno.serve` closes neither a silent connection nor half a request, and the
 * listener of `node:http` never accepts again once descriptors were short.
 *
 * @module
 */

import { AcceptPasses } from "../net/accept_passes.ts";
import { type Descriptors, isOutOfDescriptors } from "../ports/descriptors.ts";
import { answerText, type HttpAnswer, type HttpRequest, lineAnswer, parseRequest } from "./http_message.ts";

/** Connections at the same time, unless another number is given; the oldest gives way to a new one. */
export const CONNECTIONS_MAX = 16;

/** Time for a connection to ask, ms. */
const ASKING_MS = 5_000;

/** Time for its answer to be made and taken, ms: a password waits for others, and an act for the other nodes. */
const ANSWERING_MS = 15_000;

/** Bound on the length of a request without its body, bytes. */
const HEAD_BYTES_MAX = 4_096;

/** Time after which a failed accept is tried again, ms: a descriptor may be free by then. */
const NEXT_TRY_MS = 500;

/** Bytes behind a request that are read and dropped, so that they do not destroy the answer on its way. */
const DROPPED_BYTES_MAX = 65_536;

/** Callbacks of a listener. */
interface ShortListenerOptions {
  /** Answers a request. Must neither throw nor reject. */
  answer(request: HttpRequest): HttpAnswer | Promise<HttpAnswer>;
  /** Bound on the length of a body, bytes: a request with a longer one is answered without it. */
  readonly bodyBytesMax: number;
  /** Connections at the same time; `CONNECTIONS_MAX` unless given. */
  readonly connectionsMax?: number;
  /** Told of a want of descriptors, and gives spare ones up for the next attempt. */
  readonly descriptors?: Descriptors;
  /** No connection can be accepted for another reason, for the first time since one was. */
  onFailure(error: unknown): void;
}

/** Accepts connections until it is closed. */
export class ShortListener {
  readonly #listener: Deno.Listener<Deno.Conn>;
  readonly #options: ShortListenerOptions;
  /** Oldest first. */
  readonly #connections = new Set<Deno.Conn>();
  readonly #ended: Promise<void>;
  #isClosed = false;
  #endPause: (() => void) | undefined;

  /** Takes over a bound listener. */
  constructor(listener: Deno.Listener<Deno.Conn>, options: ShortListenerOptions) {
    this.#listener = listener;
    this.#options = options;
    this.#ended = this.#accept();
  }

  /** Closes the listener and every connection. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#listener.close();
    this.#endPause?.();
    for (const connection of this.#connections) this.#end(connection);
    await this.#ended;
  }

  /** Never rejects. */
  async #accept(): Promise<void> {
    const passes = new AcceptPasses();
    let isFailing = false;
    while (!this.#isClosed) {
      try {
        const connection = await this.#listener.accept();
        isFailing = false;
        void this.#serve(connection);
        await passes.accepted();
      } catch (error) {
        if (this.#isClosed) return;
        if (this.#options.descriptors?.met(error)) continue;
        if (!isFailing && !isOutOfDescriptors(error)) this.#options.onFailure(error);
        isFailing = true;
        await this.#pause();
      }
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, NEXT_TRY_MS);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Never rejects: a connection that fails concerns nobody else. */
  async #serve(connection: Deno.Conn): Promise<void> {
    const { connectionsMax = CONNECTIONS_MAX } = this.#options;
    const [oldest] = this.#connections;
    if (oldest !== undefined && this.#connections.size >= connectionsMax) this.#end(oldest);
    this.#connections.add(connection);
    let timer = setTimeout(() => this.#end(connection), ASKING_MS);
    try {
      const request = await readRequest(connection, this.#options.bodyBytesMax);
      clearTimeout(timer);
      timer = setTimeout(() => this.#end(connection), ANSWERING_MS);
      if (request !== undefined) {
        await writeAll(connection, await this.#answer(request));
        await connection.closeWrite();
        await dropRest(connection);
      }
    } catch {
      // The other end has gone, or had to give way.
    }
    clearTimeout(timer);
    this.#end(connection);
  }

  async #answer(request: HttpRequest | "no HTTP"): Promise<string> {
    if (request === "no HTTP") return answerText(lineAnswer(400, "this is HTTP/1.1"));
    return answerText(await this.#options.answer(request), request.method !== "HEAD");
  }

  #end(connection: Deno.Conn): void {
    if (!this.#connections.delete(connection)) return;
    connection.close();
  }
}

/** A whole request; `undefined` if the other end finishes before, or sends too much. */
async function readRequest(
  connection: Deno.Conn,
  bodyBytesMax: number,
): Promise<HttpRequest | "no HTTP" | undefined> {
  const bytes = new Uint8Array(HEAD_BYTES_MAX + bodyBytesMax);
  for (let length = 0; length < bytes.length;) {
    const count = await connection.read(bytes.subarray(length));
    if (count === null) return undefined;
    length += count;
    const request = parseRequest(bytes.subarray(0, length), bodyBytesMax);
    if (request !== "incomplete") return request;
  }
  return undefined;
}

async function writeAll(connection: Deno.Conn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let from = 0; from < bytes.length;) from += await connection.write(bytes.subarray(from));
}

/** Waits until the other end has closed: a socket that is closed before bytes are read is reset (RFC 2525, 2.17). */
async function dropRest(connection: Deno.Conn): Promise<void> {
  const bytes = new Uint8Array(HEAD_BYTES_MAX);
  for (let left = DROPPED_BYTES_MAX; left > 0;) {
    const count = await connection.read(bytes);
    if (count === null) return;
    left -= count;
  }
}
