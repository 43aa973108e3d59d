/**
 * The socket of a client's connection, plain or TLS.
 *
 * @module
 */

import type { EndCause } from "../ports/clients.ts";

/** The way of a connection: plain TCP, TLS over it, or the port of the page. */
export type Transport = "tcp" | "tls" | "web";

/** One socket, as a connection uses it. */
export interface Socket {
  readonly transport: Transport;
  /** The client's IP address. */
  readonly address: string;
  /** True if it bounds the time of its handshake itself. */
  readonly boundsHandshake?: boolean;
  /** True if only the confirmed dialect may be spoken over it. */
  readonly isConfirmedOnly?: boolean;
  /** Completes the handshake; missing where there is none. Rejects if it fails. */
  handshake?(): Promise<void>;
  /** Reads into the buffer; resolves to the number of bytes, or to null at the end of the stream. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Resolves to the number of bytes that were taken, which may be less than given. */
  write(bytes: Uint8Array): Promise<number>;
  /** Ends the stream of written bytes; reading continues. @param cause why, for a socket that can tell the other end */
  closeWrite(cause: EndCause): Promise<void>;
  /** Closes the socket at once and frees its descriptor; pending reads and writes reject. */
  close(): void;
}

/** A socket without TLS. */
export class PlainSocket implements Socket {
  readonly transport = "tcp";
  readonly address: string;
  readonly #connection: Deno.TcpConn;

  /** @param address the client's, which a proxy may have told */
  constructor(connection: Deno.TcpConn, address: string = connection.remoteAddr.hostname) {
    this.#connection = connection;
    this.address = address;
    try {
      // Small frames leave at once, and the kernel notices dead connections.
      connection.setNoDelay(true);
      connection.setKeepAlive(true);
    } catch {
      // The other end has gone already; the first read reports it.
    }
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#connection.read(buffer);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#connection.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#connection.closeWrite();
  }

  close(): void {
    this.#connection.close();
  }
}
