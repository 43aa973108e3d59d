/**
 * A proxy that tells the server the address of each client, by the PROXY protocol, version 2.
 *
 * @module
 */

import { connect, createServer, type Server, type Socket } from "node:net";
import { proxied } from "./proxy_headers.ts";

/** A proxy on 127.0.0.1 that comes to the server from an address of its own. `await using` ends it. */
export class HeaderProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /**
   * Starts a proxy.
   *
   * @param address its address towards the server
   * @param port port of the server on 127.0.0.1
   */
  static async start(address: string, port: number): Promise<HeaderProxy> {
    const server = createServer();
    const proxy = new HeaderProxy(server);
    server.on("connection", (client) => proxy.#relay(client, address, port));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** The port for clients. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #relay(client: Socket, localAddress: string, port: number): void {
    const server = connect({ host: "127.0.0.1", port, localAddress });
    server.write(proxied(client.remoteAddress ?? ""));
    for (const [from, to] of [[client, server], [server, client]] as const) {
      this.#sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
