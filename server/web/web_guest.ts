/**
 * A connection to the port of the page, from the moment it is accepted. TLS and HTTP are the handshake of its socket,
 * which is over once a WebSocket has come of it: until then it is one more stranger.
 *
 * @module
 */

import type { Socket as NodeSocket } from "node:net";
import type { EndCause } from "../ports/clients.ts";
import type { Socket } from "../net/socket.ts";
import type { WebSocketStream } from "./web_socket_stream.ts";

/** The socket of one such connection. */
export class WebGuest implements Socket {
  readonly boundsHandshake = true;
  readonly isConfirmedOnly = true;
  readonly #raw: NodeSocket;
  readonly #upgraded = Promise.withResolvers<void>();
  #address: string;
  #stream: WebSocketStream | undefined;
  #headTimer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param raw the TCP connection itself, below TLS
   * @param headMs time for TLS and the head of the first request, ms
   */
  constructor(raw: NodeSocket, headMs: number) {
    this.#raw = raw;
    this.#address = raw.remoteAddress ?? "";
    this.#headTimer = setTimeout(() => this.close(), headMs);
    raw.on("close", () => this.#gone());
    // The connection ends with a close.
    raw.on("error", () => {});
  }

  get address(): string {
    return this.#address;
  }

  /** The head of a request has come. */
  headArrived(): void {
    clearTimeout(this.#headTimer);
    this.#headTimer = undefined;
  }

  /** A WebSocket has come of it. @param address the client's, which a proxy may have told */
  upgrade(stream: WebSocketStream, address: string): void {
    this.#stream = stream;
    this.#address = address;
    this.#upgraded.resolve();
  }

  /** Resolves with the WebSocket; rejects if the connection ends without one, as those for files do. */
  handshake(): Promise<void> {
    return this.#upgraded.promise;
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
    this.headArrived();
    this.#stream?.close();
    // The descriptor of a connection that has begun no TLS is freed by this alone.
    this.#raw.destroy();
  }

  get #open(): WebSocketStream {
    if (this.#stream === undefined) throw new Error("no WebSocket is open yet");
    return this.#stream;
  }

  #gone(): void {
    this.headArrived();
    this.#upgraded.reject(new Error("the connection ended without a WebSocket"));
  }
}
