/**
 * Takes streams from other nodes over gRPC.
 *
 * @module
 */

import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  status,
} from "@grpc/grpc-js";
import { createServer, type Server as SocketServer, type Socket } from "node:net";
import { createServer as createTlsServer, Server as TlsServer, type TLSSocket } from "node:tls";
import type { Logger } from "../ports/outside.ts";
import type { PeerLink, PeerStream } from "../ports/peers.ts";
import { CallLink, FLUSH_MS } from "./call_link.ts";
import { type PeerCertificate, serverTlsOptions } from "./credentials.ts";
import { certificateCause } from "./end_reason.ts";
import { IncomingConnections, STREAMS_MAX, STREAMS_PER_PEER_MAX } from "./incoming_connections.ts";
import type { WireMessage } from "./message_codec.ts";
import { RefusalLog } from "../replication/refusal_log.ts";
import { CHANNEL_OPTIONS, ReplicationService } from "./replication_service.ts";

type IncomingCall = ServerDuplexStream<WireMessage, WireMessage>;

/** The address to listen on, and the parties of the listener. */
interface GrpcListenerOptions {
  /** Address to bind. */
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Without it nothing is encrypted and nobody's name is proved. */
  readonly certificate: PeerCertificate | undefined;
  readonly logger: Logger;
  /** Takes a stream that a peer has opened. */
  accept(link: PeerLink): PeerStream;
}

/** One port that other nodes connect to. */
export class GrpcListener {
  readonly #options: GrpcListenerOptions;
  readonly #server = new Server({
    ...CHANNEL_OPTIONS,
    interceptors: [(_method, call) => this.#watched(call)],
  });
  readonly #sockets: SocketServer;
  readonly #connections: IncomingConnections;
  readonly #refusals: RefusalLog;
  readonly #links = new Set<CallLink>();

  private constructor(options: GrpcListenerOptions) {
    this.#options = options;
    this.#refusals = new RefusalLog(options.logger);
    this.#connections = new IncomingConnections(
      options.certificate !== undefined,
      (address, reason) => this.#refused(address, reason),
    );
    this.#server.addService(ReplicationService.service, {
      Replicate: (call: IncomingCall) => this.#accept(call),
    });
    this.#sockets = this.#socketServer();
  }

  /**
   * Listens.
   *
   * @throws {Error} if the address cannot be bound or the certificate cannot be used
   */
  static async start(options: GrpcListenerOptions): Promise<GrpcListener> {
    const listener = new GrpcListener(options);
    await listener.#listen();
    return listener;
  }

  /** The port that is listened on. */
  get port(): number {
    const address = this.#sockets.address();
    return typeof address === "object" && address !== null ? address.port : this.#options.port;
  }

  /**
   * Shows another certificate, and asks for one of its authority, on connections that come from now on.
   *
   * @throws {Error} if it cannot be used; the one before stays
   */
  renew(certificate: PeerCertificate): void {
    if (this.#sockets instanceof TlsServer) this.#sockets.setSecureContext(serverTlsOptions(certificate));
  }

  /** Closes all streams and the port. Resolves once they are gone, which takes hardly longer than a second. */
  async stop(): Promise<void> {
    const isClosed = new Promise<void>((resolve) => this.#sockets.close(() => resolve()));
    this.#connections.endUnused();
    for (const link of [...this.#links]) link.close();
    // The other end closes the connection when it has read everything.
    const timer = setTimeout(() => this.#connections.endAll(), FLUSH_MS);
    await isClosed;
    clearTimeout(timer);
    this.#server.forceShutdown();
    await Promise.all([...this.#links].map(({ ended }) => ended));
  }

  /**
   * The library's own server would not tell of refused connections, and would keep silent ones.
   * So the port and TLS are the runtime's, and the library gets the connections that have passed.
   */
  #socketServer(): SocketServer {
    const { certificate } = this.#options;
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    const inject = (socket: Socket): void => {
      socket.on("error", () => {});
      socket.setNoDelay();
      injector.injectConnection(socket);
    };
    if (certificate === undefined) {
      return createServer((socket) => {
        this.#connections.add(socket);
        inject(socket);
      });
    }
    const server = createTlsServer(serverTlsOptions(certificate));
    server.on("connection", (socket: Socket) => this.#connections.add(socket));
    server.on("secureConnection", inject);
    server.on("tlsClientError", (error, socket) => {
      this.#refused(addressBelow(socket), `the TLS handshake failed: ${handshakeProblem(error, socket)}`);
    });
    return server;
  }

  async #listen(): Promise<void> {
    const { host, port } = this.#options;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#sockets.once("error", reject);
        this.#sockets.listen(port, host, resolve);
      });
    } catch (error) {
      this.#server.forceShutdown();
      throw refusalToListen(host, port) ?? error;
    }
    this.#sockets.on(
      "error",
      (error) => this.#options.logger.warn("peerAcceptFailed", { error: String(error) }),
    );
  }

  #accept(call: IncomingCall): void {
    const address = call.getPeer();
    const { certificate, accept } = this.#options;
    this.#connections.streamAsked(address);
    const provenName = certificate === undefined ? undefined : nameProvenBy(call);
    // A call without a listener for errors would end the process.
    call.on("error", () => {});
    if (certificate !== undefined && provenName === undefined) {
      return this.#refuse(call, status.UNAUTHENTICATED, "the certificate has no common name");
    }
    if (this.#links.size >= STREAMS_MAX) {
      const reason =
        `there are ${this.#links.size} streams already, and the limit is ${STREAMS_MAX}; try again later`;
      return this.#refuse(call, status.RESOURCE_EXHAUSTED, reason);
    }
    if (provenName !== undefined && this.#streamsOf(provenName) >= STREAMS_PER_PEER_MAX) {
      const reason = `${provenName} has ${STREAMS_PER_PEER_MAX} streams already, which is the limit`;
      return this.#refuse(call, status.RESOURCE_EXHAUSTED, reason);
    }
    const link = new CallLink({
      call,
      provenName,
      release: (problem) => this.#release(link, call, problem),
    });
    this.#links.add(link);
    this.#connections.streamBegan(address);
    // Of a connection that breaks both may come, in any order.
    const finish = (): void => link.finish("the other end has closed the stream, or is gone");
    call.on("end", finish);
    call.on("cancelled", finish);
    call.on("finish", () => link.finish("the stream was closed"));
    link.deliverTo(accept(link));
  }

  #streamsOf(provenName: string): number {
    return [...this.#links].filter((link) => link.provenName === provenName).length;
  }

  #release(link: CallLink, call: IncomingCall, problem: string | undefined): void {
    this.#links.delete(link);
    if (problem !== undefined) this.#refused(call.getPeer(), problem);
    call.end();
    this.#connections.streamEnded(call.getPeer());
  }

  #refuse(call: IncomingCall, code: status, details: string): void {
    call.emit("error", Object.assign(new Error(details), { code, details }));
  }

  /** Sees every refusal: those of this module, and the library's own of messages that are too long or malformed. */
  #watched(call: ServerInterceptingCallInterface): ServerInterceptingCall {
    const sendStatus = call.sendStatus.bind(call);
    let isOver = false;
    call.sendStatus = (sent) => {
      const isRefusal = sent.code !== status.OK && sent.code !== status.CANCELLED;
      if (isRefusal && !isOver) this.#refused(call.getPeer(), sent.details ?? status[sent.code] ?? "unknown");
      isOver = true;
      sendStatus(sent);
    };
    return new ServerInterceptingCall(call);
  }

  #refused(address: string, reason: string): void {
    this.#connections.explain(address);
    this.#refusals.refused({ address, reason }, performance.now());
  }
}

function nameProvenBy(call: IncomingCall): string | undefined {
  const name: unknown = call.getAuthContext().sslPeerCertificate?.subject.CN;
  return typeof name === "string" && name !== "" ? name : undefined;
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

/** The runtime's own words about an address: those of its Node.js interface differ between versions. */
function refusalToListen(hostname: string, port: number): unknown {
  try {
    Deno.listen({ hostname, port }).close();
    return undefined;
  } catch (error) {
    return error;
  }
}
