/**
 * A connection to the port of the page, from the moment it is accepted. TLS and HTTP are the handshake of its socket,
 * which is over once a WebSocket has come of it: until then it is one more stranger.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import type { AddressBlock } from "../core/address_block.ts";
import type { EndCause } from "../ports/clients.ts";
import { ReadBuffer } from "../net/read_buffer.ts";
import type { Socket } from "../net/socket.ts";
import { clientAddress } from "./origin.ts";
import {
  asksForSocket,
  type PageAnswer,
  pageAnswer,
  type PageOptions,
  refusal,
  socketRefusal,
} from "./page.ts";
import { HeadReader, isProblem, type RequestHead } from "./request_head.ts";
import type { WebSocketStream } from "./web_socket_stream.ts";

/** Time within which the reader of an answer has to take some of it, ms. */
const STALLED_MS = 10_000;

/** Time for which a connection without a request is kept, ms. */
const IDLE_MS = 5_000;

/** Time for the other end to close after the last answer, ms, and bytes of it that are dropped meanwhile. */
const LINGER_MS = 1_000;
const DROPPED_BYTES = 262_144;

/** Most requests of one connection: a page has some ten files. */
const REQUESTS_MAX = 200;

/** What all guests of a port share. */
export interface GuestContext {
  readonly limits: Pick<Limits, "tlsHandshakeMs" | "frameCompletionMs">;
  /** Proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly AddressBlock[];
  /** What the page is now: its files and the addresses of all pages may change. */
  page(): PageOptions;
  /** Makes a WebSocket of a connection. @param rest bytes that have come behind the head */
  upgrade(socket: Socket, head: RequestHead, rest: Uint8Array<ArrayBuffer>): Promise<WebSocketStream>;
}

/** The socket of one such connection. */
export class WebGuest implements Socket {
  readonly transport = "web";
  readonly boundsHandshake = true;
  readonly isConfirmedOnly = true;
  readonly #raw: Socket;
  readonly #context: GuestContext;
  readonly #onSettled: () => void;
  readonly #reader = new HeadReader();
  #address: string;
  #stream: WebSocketStream | undefined;
  #isClosed = false;
  /** Number of requests that were answered. */
  #answers = 0;
  /** Ends the connection, unless what is awaited comes before. */
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param raw the connection, perhaps with TLS, whose handshake has not begun
   * @param onSettled called once a WebSocket has come of it, or never will
   */
  constructor(raw: Socket, context: GuestContext, onSettled: () => void) {
    this.#raw = raw;
    this.#context = context;
    this.#onSettled = onSettled;
    this.#address = raw.address;
    this.#await(context.limits.tlsHandshakeMs);
  }

  get address(): string {
    return this.#address;
  }

  /** Answers requests until one asks for a WebSocket. Rejects if the connection ends without it, as most do. */
  async handshake(): Promise<void> {
    await this.#raw.handshake?.();
    for (;;) {
      const head = await this.#head();
      const page = this.#context.page();
      if (isProblem(head)) await this.#answer(refusal(head.status, head.problem, page));
      else if (!asksForSocket(head)) await this.#answer(pageAnswer(head, page));
      else {
        const refused = socketRefusal(head, page);
        if (refused === undefined) return await this.#upgrade(head);
        await this.#answer(refused);
      }
      this.#await(IDLE_MS);
      // Whoever sends requests ahead gets one answer in a pass of the event loop.
      if (this.#reader.hasMore) await new Promise((resolve) => setTimeout(resolve));
    }
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#open.read(buffer);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#open.write(bytes);
  }

  closeWrite(cause: EndCause): Promise<void> {
    return this.#open.closeWrite(cause);
  }

  close(): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onSettled();
    this.#stream?.close();
    this.#raw.close();
  }

  get #open(): WebSocketStream {
    if (this.#stream === undefined) throw new Error("no WebSocket is open yet");
    return this.#stream;
  }

  /** The next head. The first one has the time of the handshake, the others their own from their first byte on. */
  async #head(): Promise<ReturnType<HeadReader["next"]> & object> {
    const buffer = new ReadBuffer();
    for (let isFirst = !this.#reader.hasMore;; isFirst = false) {
      const head = this.#reader.next();
      if (head !== undefined) return head;
      const count = await this.#raw.read(buffer.bytes);
      if (count === null) throw new Error("the connection ended without a WebSocket");
      if (isFirst && this.#answers > 0) this.#await(this.#context.limits.frameCompletionMs);
      this.#reader.push(buffer.bytes.subarray(0, count));
      buffer.filled(count);
    }
  }

  async #answer({ status, headers, body, endsConnection }: PageAnswer): Promise<void> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const head = new TextEncoder().encode(
      `HTTP/1.1 ${status} ${REASONS[status] ?? ""}\r\n${lines}\r\n`,
    );
    await this.#write(head);
    await this.#write(body);
    if (!endsConnection && ++this.#answers < REQUESTS_MAX) return;
    await this.#raw.closeWrite("done");
    await this.#linger();
    throw new Error(`the connection ended with status ${status}`);
  }

  /** Waits until the other end has closed, so that the answer is not destroyed by what it still sends. */
  async #linger(): Promise<void> {
    this.#await(LINGER_MS);
    const dropped = new Uint8Array(DROPPED_BYTES / 16);
    for (let left = DROPPED_BYTES; left > 0;) {
      const count = await this.#raw.read(dropped);
      if (count === null) return;
      left -= count;
    }
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) {
      this.#await(STALLED_MS);
      rest = rest.subarray(await this.#raw.write(rest));
    }
  }

  async #upgrade(head: RequestHead): Promise<void> {
    const { trustedProxies, upgrade } = this.#context;
    this.#await(STALLED_MS);
    this.#stream = await upgrade(this.#raw, head, this.#reader.takeRest());
    // From now on the limits of a session count.
    clearTimeout(this.#timer);
    this.#onSettled();
    this.#address = clientAddress(this.#raw.address, head.headers["x-forwarded-for"], trustedProxies);
  }

  #await(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => this.close(), ms);
  }
}

/** Reason phrases, which programs do not read (RFC 9110, section 15; RFC 6585). */
const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  304: "Not Modified",
  307: "Temporary Redirect",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  421: "Misdirected Request",
  431: "Request Header Fields Too Large",
  505: "HTTP Version Not Supported",
};
