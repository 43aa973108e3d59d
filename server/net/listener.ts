/**
 * Accepts connections, plain or TLS.
 *
 * @module
 */

import type { Descriptors } from "../ports/descriptors.ts";
import type { Logger } from "../ports/outside.ts";
import type { Connections } from "./connections.ts";
import { RuntimeTlsSocket } from "./runtime_tls_socket.ts";
import { PlainSocket, type Socket } from "./socket.ts";

const BACK_OFF_MS_MIN = 10;
const BACK_OFF_MS_MAX = 1_000;

/** Address, port and certificate of a listener. */
export interface ListenOptions {
  /** Address to bind. */
  readonly hostname: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Certificate chain and private key, PEM; connections are not encrypted without them. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Connections are accepted once this has resolved, and wait in the queue of the system until then. */
  readonly ready?: Promise<void>;
  /** While they are short, no connection is accepted. */
  readonly descriptors?: Descriptors;
}

/** A bound port that hands out sockets. */
interface Door {
  readonly port: number;
  /** Rejects if a connection cannot be accepted; the next call may succeed. */
  accept(): Promise<Socket>;
  close(): void;
}

/** A port for clients. */
export class Listener {
  readonly #door: Door;
  readonly #connections: Connections;
  readonly #logger: Logger;
  readonly #descriptors: Descriptors | undefined;
  #closed = false;
  #endBackOff: (() => void) | undefined;

  /**
   * Listens at once.
   *
   * @throws {Error} if the address cannot be bound or the certificate cannot be used
   */
  constructor(options: ListenOptions, connections: Connections, logger: Logger) {
    this.#door = openDoor(options);
    this.#connections = connections;
    this.#logger = logger;
    this.#descriptors = options.descriptors;
    void this.#accept(options.ready);
  }

  /** The bound port. */
  get port(): number {
    return this.#door.port;
  }

  /** Accepts no further connection. Existing connections continue. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#door.close();
    this.#endBackOff?.();
  }

  /** Never rejects: the server survives a failure of `accept`. */
  async #accept(ready: Promise<void> | undefined): Promise<void> {
    await ready;
    let backOffMs = BACK_OFF_MS_MIN;
    while (!this.#closed) {
      if (this.#descriptors?.isShort) {
        await this.#backOff(BACK_OFF_MS_MAX / 4);
        continue;
      }
      let socket: Socket;
      try {
        socket = await this.#door.accept();
      } catch (error) {
        if (this.#closed) return;
        this.#warn(error, backOffMs);
        await this.#backOff(backOffMs);
        backOffMs = Math.min(backOffMs * 2, BACK_OFF_MS_MAX);
        continue;
      }
      backOffMs = BACK_OFF_MS_MIN;
      this.#connections.accept(socket);
    }
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

function openDoor({ hostname, port, tls }: ListenOptions): Door {
  return tls === undefined
    ? door(Deno.listen({ hostname, port }), (connection) => new PlainSocket(connection))
    : door(Deno.listenTls({ hostname, port, ...tls }), (connection) => new RuntimeTlsSocket(connection));
}

function door<C extends Deno.Conn>(
  listener: Deno.Listener<C, Deno.NetAddr>,
  socketOf: (connection: C) => Socket,
): Door {
  return {
    port: listener.addr.port,
    accept: async () => socketOf(await listener.accept()),
    close: () => listener.close(),
  };
}
