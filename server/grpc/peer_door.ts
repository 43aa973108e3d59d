/**
 * The port for peers, up to the point where gRPC begins. The library's own server would not tell of refused
 * connections, and would keep silent ones; so the port, its bounds and TLS are the runtime's, and the library gets the
 * connections that have passed.
 *
 * @module
 */

import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from "node:tls";
import { type PeerCertificate, serverTlsOptions } from "./credentials.ts";
import { Doorstep } from "./doorstep.ts";
import { certificateCause } from "./end_reason.ts";
import type { IncomingConnections, Share } from "./incoming_connections.ts";

/** Parties of the door. */
interface PeerDoorOptions {
  /** Without it the port does not speak TLS. */
  readonly certificate: PeerCertificate | undefined;
  readonly connections: IncomingConnections;
  /** True if the configuration names an address for a peer. */
  isPeerAddress(address: string): boolean;
  /** Takes a connection on which HTTP/2 begins. */
  enter(socket: Socket): void;
  /** A connection was ended, and why. */
  refused(address: string, reason: string): void;
}

/** One port that other nodes connect to. */
export class PeerDoor {
  readonly #options: PeerDoorOptions;
  #server: Server;
  readonly #steps: Readonly<Record<Share, Doorstep>>;
  readonly #begin: (socket: Socket) => void;
  #tls: TlsServer | undefined;

  /** @throws {Error} if the certificate cannot be used */
  constructor(options: PeerDoorOptions) {
    this.#options = options;
    this.#begin = this.#beginning();
    this.#steps = { peers: this.#step("peers"), strangers: this.#step("strangers") };
    this.#server = this.#newServer();
  }

  #newServer(): Server {
    return createServer((socket) => this.#steps[this.#shareOf(socket)].add(socket));
  }

  /** The port, once it is listened on. */
  get port(): number | undefined {
    const address = this.#server.address();
    return typeof address === "object" ? address?.port : undefined;
  }

  /**
   * Listens.
   *
   * @param failed called when a connection could not be accepted
   * @throws {Error} if the address cannot be bound
   */
  async listen(host: string, port: number, failed: (error: Error) => void): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, resolve);
    });
    this.#server.on("error", failed);
  }

  /**
   * Stops listening, and keeps the connections; `listen` begins anew. The runtime's server accepts nothing any more
   * after one accept that found no descriptor, and does not tell.
   */
  stopListening(): void {
    this.#server.close();
    this.#server = this.#newServer();
  }

  /** Stops listening. Resolves once all connections are gone, of which those without a stream end at once. */
  async close(): Promise<void> {
    const isClosed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const step of Object.values(this.#steps)) step.endAll();
    await isClosed;
  }

  /**
   * Shows another certificate, and asks for one of its authority, on connections that come from now on.
   *
   * @throws {Error} if it cannot be used; the one before stays
   */
  renew(certificate: PeerCertificate): void {
    this.#tls?.setSecureContext(serverTlsOptions(certificate));
  }

  #step(share: Share): Doorstep {
    const { certificate, connections, refused } = this.#options;
    return new Doorstep({
      isSecure: certificate !== undefined,
      refused,
      pass: (socket) => {
        connections.add(socket, share);
        this.#begin(socket);
      },
    });
  }

  #shareOf({ remoteAddress = "" }: Socket): Share {
    // IPv4 on a port for both.
    return this.#options.isPeerAddress(remoteAddress.replace(/^::ffff:/, "")) ? "peers" : "strangers";
  }

  /** Begins TLS on a connection, or HTTP/2. */
  #beginning(): (socket: Socket) => void {
    const { certificate } = this.#options;
    const enter = (socket: Socket): void => {
      socket.on("error", () => {});
      socket.setNoDelay();
      this.#options.enter(socket);
    };
    if (certificate === undefined) return enter;
    const tls = createTlsServer(serverTlsOptions(certificate));
    this.#tls = tls;
    tls.on("secureConnection", enter);
    tls.on("tlsClientError", (error, socket) => {
      this.#options.refused(
        addressBelow(socket),
        `the TLS handshake failed: ${handshakeProblem(error, socket)}`,
      );
    });
    return (socket) => void tls.emit("connection", socket);
  }
}

/** The runtime tells of a certificate that it does not believe only that the socket was closed. */
function handshakeProblem(error: Error, { authorizationError }: TLSSocket): string {
  if (!authorizationError) return certificateCause(error.message) ?? error.message;
  return `the certificate has expired, or is not of the authority of this node (${authorizationError})`;
}

/** A TLS socket whose handshake failed knows no address; the one below it does. */
function addressBelow(socket: { remoteAddress?: string | undefined; _parent?: Socket | null }): string {
  return socket.remoteAddress ?? socket._parent?.remoteAddress ?? "unknown";
}
