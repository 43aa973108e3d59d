/**
 * The listener of the admin service: a Unix socket in the data folder, or a port of this machine where there can be
 * none. Every connection asks once.
 *
 * @module
 */

import { type Descriptors, isOutOfDescriptors } from "../ports/descriptors.ts";
import { HEAD_END } from "./admin_request.ts";

/** Connections at the same time; the oldest gives way to a new one. */
export const CONNECTIONS_MAX = 16;

/** Time for a connection to ask and to take its answer, ms. */
const CONNECTION_MS = 5_000;

/** Bound on the length of a request, bytes. */
const REQUEST_BYTES_MAX = 4_096;

/** Time after which a failed accept is tried again, ms: a descriptor may be free by then. */
const NEXT_TRY_MS = 500;

/** Callbacks of a listener. */
interface AdminListenerOptions {
  /** Answers a request, given its lines. Must not throw. */
  answer(head: string): string;
  /** Told of a want of descriptors, and gives spare ones up for the next attempt. */
  readonly descriptors?: Descriptors;
  /** No connection can be accepted for another reason, for the first time since one was. */
  onFailure(error: unknown): void;
}

/** Accepts connections until it is closed. */
export class AdminListener {
  readonly #listener: Deno.Listener<Deno.Conn>;
  readonly #options: AdminListenerOptions;
  /** Oldest first. */
  readonly #connections = new Set<Deno.Conn>();
  readonly #ended: Promise<void>;
  #isClosed = false;
  #endPause: (() => void) | undefined;

  /** Takes over a bound listener. */
  constructor(listener: Deno.Listener<Deno.Conn>, options: AdminListenerOptions) {
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
    let isFailing = false;
    while (!this.#isClosed) {
      try {
        const connection = await this.#listener.accept();
        isFailing = false;
        void this.#serve(connection);
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
    const [oldest] = this.#connections;
    if (oldest !== undefined && this.#connections.size >= CONNECTIONS_MAX) this.#end(oldest);
    this.#connections.add(connection);
    const timer = setTimeout(() => this.#end(connection), CONNECTION_MS);
    try {
      const head = await readHead(connection);
      if (head !== undefined) await writeAll(connection, this.#options.answer(head));
    } catch {
      // The other end has gone, or had to give way.
    }
    clearTimeout(timer);
    this.#end(connection);
  }

  #end(connection: Deno.Conn): void {
    if (!this.#connections.delete(connection)) return;
    connection.close();
  }
}

/** The lines of a request; `undefined` if the other end finishes before, or sends too much. */
async function readHead(connection: Deno.Conn): Promise<string | undefined> {
  const bytes = new Uint8Array(REQUEST_BYTES_MAX);
  const decoder = new TextDecoder();
  for (let length = 0; length < bytes.length;) {
    const count = await connection.read(bytes.subarray(length));
    if (count === null) return undefined;
    length += count;
    const text = decoder.decode(bytes.subarray(0, length));
    const end = text.indexOf(HEAD_END);
    if (end >= 0) return text.slice(0, end);
  }
  return undefined;
}

async function writeAll(connection: Deno.Conn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let from = 0; from < bytes.length;) from += await connection.write(bytes.subarray(from));
}
