/**
 * TLS as `Deno.listenTls` offers it.
 *
 * @module
 */

import type { Socket } from "./socket.ts";

/**
 * A TLS socket that the runtime has accepted. After `close` the runtime keeps the descriptor until the other end
 * closes, if that is silent in the handshake or reads nothing.
 */
export class RuntimeTlsSocket implements Socket {
  readonly transport = "tls";
  readonly address: string;
  readonly #connection: Deno.TlsConn;

  constructor(connection: Deno.TlsConn) {
    this.#connection = connection;
    this.address = "hostname" in connection.remoteAddr ? connection.remoteAddr.hostname : "";
  }

  async handshake(): Promise<void> {
    await this.#connection.handshake();
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
