/**
 * Takes connections from the kernel, plain or TLS.
 *
 * @module
 */

import type { Logger } from "../ports/outside.ts";
import type { Socket } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { listenProblem } from "../process/listen_problem.ts";

const BACK_OFF_MS_MIN = 10;
const BACK_OFF_MS_MAX = 1_000;

/** Where to listen. */
interface ListenOptions {
  /** Address to bind. */
  readonly hostname: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Certificate chain and private key in PEM; without it the connection is not encrypted. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** One port that clients connect to. */
export class Listener {
  readonly #listener: Deno.Listener<Socket, Deno.NetAddr>;
  readonly #connections: Connections;
  readonly #logger: Logger;
  #closed = false;
  #endBackOff: (() => void) | undefined;

  /**
   * Listens at once.
   *
   * @throws {Error} if the address cannot be bound or the certificate cannot be used
   */
  constructor(options: ListenOptions, connections: Connections, logger: Logger) {
    this.#listener = listen(options);
    this.#connections = connections;
    this.#logger = logger;
    void this.#accept();
  }

  /** The port that is listened on. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Takes no more connections. Those that are there go on. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.close();
    this.#endBackOff?.();
  }

  /** Never rejects: a failure of `accept` is not the end of the server. */
  async #accept(): Promise<void> {
    let backOffMs = BACK_OFF_MS_MIN;
    while (!this.#closed) {
      let socket: Socket;
      try {
        socket = await this.#listener.accept();
      } catch (error) {
        if (this.#closed) return;
        this.#warn(error, backOffMs);
        await this.#backOff(backOffMs);
        backOffMs = Math.min(backOffMs * 2, BACK_OFF_MS_MAX);
        continue;
      }
      backOffMs = BACK_OFF_MS_MIN;
      prepare(socket);
      this.#connections.accept(socket);
    }
  }

  #warn(error: unknown, backOffMs: number): void {
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

function listen({ hostname, port, tls }: ListenOptions): Deno.Listener<Socket, Deno.NetAddr> {
  try {
    return tls === undefined
      ? Deno.listen({ hostname, port })
      : Deno.listenTls({ hostname, port, cert: tls.cert, key: tls.key });
  } catch (error) {
    throw new Error(`cannot listen on ${hostname} port ${port}${whyNot(error, tls !== undefined)}`, {
      cause: error,
    });
  }
}

/** A certificate that cannot be used is an error without a class of its own. */
function whyNot(error: unknown, isTls: boolean): string {
  if (!isTls) return listenProblem(error, "with --port PORT, or in the configuration");
  const problem = listenProblem(error, 'for "tls" in the configuration');
  return problem.startsWith(",")
    ? problem
    : `${problem}; check the files that "tls" names in the configuration`;
}

/** Small frames leave at once; a connection that is long dead is noticed some day. */
function prepare(socket: Socket & Partial<Pick<Deno.TcpConn, "setNoDelay" | "setKeepAlive">>): void {
  try {
    // A TLS socket has neither.
    socket.setNoDelay?.(true);
    socket.setKeepAlive?.(true);
  } catch {
    // The other end is gone already; the first read will say so.
  }
}
