/**
 * Accepts connections, plain or TLS.
 *
 * @module
 */

import type { Descriptors } from "../ports/descriptors.ts";
import type { Logger } from "../ports/outside.ts";
import { AcceptPasses } from "./accept_passes.ts";
import type { Connections } from "./connections.ts";
import { type Door, type DoorOptions, openDoor } from "./door.ts";
import type { Proxies } from "./proxies.ts";
import { RuntimeTlsSocket } from "./runtime_tls_socket.ts";
import type { Socket } from "./socket.ts";
import type { TlsCertificate } from "./tls_engine.ts";

const BACK_OFF_MS_MIN = 10;
const BACK_OFF_MS_MAX = 1_000;

/** Address, port and kind of a listener. */
export interface ListenOptions extends DoorOptions {
  /** The proxies in front of this port. */
  readonly proxies?: Proxies;
  /** While they are short, no connection is accepted. */
  readonly descriptors?: Descriptors;
  /** Puts another protocol between the socket of a connection and its session. */
  readonly layer?: (socket: Socket) => Socket;
}

/** A port for clients. */
export class Listener {
  readonly #door: Door;
  readonly #connections: Connections;
  readonly #logger: Logger;
  readonly #descriptors: Descriptors | undefined;
  readonly #proxies: Proxies | undefined;
  readonly #layer: (socket: Socket) => Socket;
  #closed = false;
  #endBackOff: (() => void) | undefined;

  /**
   * Listens at once.
   *
   * @throws {Error} if the address cannot be bound or the certificate cannot be used
   */
  constructor(
    { proxies, layer = (socket) => socket, ...options }: ListenOptions,
    connections: Connections,
    logger: Logger,
  ) {
    const clientAddress = proxies?.clientAddress;
    this.#door = openDoor(clientAddress === undefined ? options : { ...options, clientAddress }, logger);
    this.#proxies = proxies;
    this.#layer = layer;
    this.#connections = connections;
    this.#logger = logger;
    this.#descriptors = options.descriptors;
    void this.#accept();
  }

  /** The bound port. */
  get port(): number {
    return this.#door.port;
  }

  /**
   * Shows another certificate to new connections; existing ones keep theirs.
   *
   * @throws {Error} if the certificate cannot be used
   */
  renew(certificate: TlsCertificate): void {
    this.#door.renew(certificate);
  }

  /** Accepts no further connection. Existing connections continue. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#door.close();
    this.#proxies?.close();
    this.#endBackOff?.();
  }

  /** Never rejects: the server survives a failure of `accept`. */
  async #accept(): Promise<void> {
    const passes = new AcceptPasses();
    let backOffMs = BACK_OFF_MS_MIN;
    while (!this.#closed) {
      if (this.#descriptors?.isShort) {
        await this.#backOff(BACK_OFF_MS_MAX / 4);
        continue;
      }
      try {
        await this.#door.accept((socket) => this.#enter(socket));
        backOffMs = BACK_OFF_MS_MIN;
        await passes.accepted();
      } catch (error) {
        if (this.#closed) return;
        if (isReset(error)) continue;
        this.#warn(error, backOffMs);
        await this.#backOff(backOffMs);
        backOffMs = Math.min(backOffMs * 2, BACK_OFF_MS_MAX);
      }
    }
  }

  /** Hands a socket over, unless the listener was closed while a proxy told the client's address. */
  #enter(socket: Socket): void {
    if (this.#closed || this.#isUnreadable(socket)) socket.close();
    else this.#connections.accept(this.#layer(socket));
  }

  /** True for a proxy's connection whose first bytes the runtime has taken for TLS. */
  #isUnreadable(socket: Socket): boolean {
    if (!(socket instanceof RuntimeTlsSocket) || !this.#proxies?.includes(socket.address)) return false;
    this.#proxies.refuse(
      socket.address,
      "this runtime cannot read a PROXY header on the TLS port; run the node with Deno 2.9.6, or let the proxy " +
        "take the TLS off and come to the plain port",
    );
    return true;
  }

  /** Warns of a failure; a want of descriptors is told once by those. */
  #warn(error: unknown, backOffMs: number): void {
    this.#descriptors?.met(error);
    if (this.#descriptors?.isShort) return;
    this.#logger.warn("acceptFailed", {
      error: String(error),
      port: this.port,
      nextTryMs: backOffMs,
      wayOut: "if too many files are open, raise the limit of the process (ulimit -n, LimitNOFILE) " +
        "or lower limits.connections",
    });
  }

  #backOff(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#endBackOff = undefined;
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#endBackOff = end;
    });
  }
}

/**
 * True if the other end has reset the connection before it was accepted. That one is gone, and the next can be
 * accepted at once: a pause would let anybody who resets connections keep all others out.
 */
function isReset(error: unknown): boolean {
  const { ConnectionAborted, ConnectionReset, NotConnected } = Deno.errors;
  return [ConnectionAborted, ConnectionReset, NotConnected].some((kind) => error instanceof kind);
}
