/**
 * Takes streams from other nodes over gRPC.
 *
 * @module
 */

import {
  ServerCredentials,
  type ServerDuplexStream,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  status,
} from "@grpc/grpc-js";
import type { Logger } from "../ports/outside.ts";
import type { PeerLink, PeerStream } from "../ports/peers.ts";
import { CallLink, FLUSH_MS, type OwedProof } from "./call_link.ts";
import type { PeerCertificate } from "./credentials.ts";
import { guardedServer } from "./guarded_server.ts";
import {
  IncomingConnections,
  type Share,
  STREAMS_MAX,
  STREAMS_PER_PEER_MAX,
  UNPROVEN_MAX,
} from "./incoming_connections.ts";
import type { KeyProof } from "./grpc_network.ts";
import { newNonce, TargetProof } from "./key_proof.ts";
import type { WireMessage } from "./message_codec.ts";
import { PeerDoor } from "./peer_door.ts";
import { unprovenMessage } from "../replication/handshake.ts";
import { RefusalLog } from "../replication/refusal_log.ts";
import { HELLO_MS } from "../replication/replication_limits.ts";
import { CHANNEL_OPTIONS, ReplicationService } from "./replication_service.ts";

type IncomingCall = ServerDuplexStream<WireMessage, WireMessage>;

/** The address to listen on, and the parties of the listener. */
interface GrpcListenerOptions {
  /** Address to bind. */
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Without it nothing is encrypted. */
  readonly certificate: PeerCertificate | undefined;
  /** Without it and without a certificate nobody's name is proved. */
  readonly keyProof?: KeyProof | undefined;
  readonly logger: Logger;
  /** True if the configuration names an address for a peer. */
  isPeerAddress(address: string): boolean;
  /** Takes a stream that a peer has opened. */
  accept(link: PeerLink): PeerStream;
}

/** One port that other nodes connect to. */
export class GrpcListener {
  readonly #options: GrpcListenerOptions;
  readonly #server = guardedServer({
    ...CHANNEL_OPTIONS,
    interceptors: [(_method, call) => this.#watched(call)],
  }, {
    asked: (address) => this.#connections.streamAsked(address),
    failed: (address, reason) => this.#refused(address, reason),
  });
  readonly #door: PeerDoor;
  readonly #connections: IncomingConnections;
  readonly #refusals: RefusalLog;
  readonly #links = new Set<CallLink>();
  /** Streams whose other end has yet to prove that it has the cluster key. */
  readonly #unproven = new Map<CallLink, Share>();

  private constructor(options: GrpcListenerOptions) {
    this.#options = options;
    this.#refusals = new RefusalLog(options.logger);
    this.#connections = new IncomingConnections(
      options.certificate !== undefined,
      (address, reason) => this.#refused(address, reason),
    );
    this.#server.addService(ReplicationService.service, {
      Replicate: (call: IncomingCall) => this.#accept(call),
      ReplicateProven: (call: IncomingCall) => this.#acceptProven(call),
    });
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    this.#door = new PeerDoor({
      certificate: options.certificate,
      connections: this.#connections,
      isPeerAddress: options.isPeerAddress,
      enter: (socket) => injector.injectConnection(socket),
      refused: (address, reason) => this.#refused(address, reason),
    });
  }

  /**
   * Listens.
   *
   * @throws {Error} if the address cannot be bound or the certificate cannot be used
   */
  static async start(options: GrpcListenerOptions): Promise<GrpcListener> {
    const listener = new GrpcListener(options);
    try {
      await listener.#listen();
    } catch (error) {
      listener.#server.forceShutdown();
      throw error;
    }
    return listener;
  }

  /** The port that is listened on. */
  get port(): number {
    return this.#door.port ?? this.#options.port;
  }

  /**
   * Shows another certificate, and asks for one of its authority, on connections that come from now on.
   *
   * @throws {Error} if it cannot be used; the one before stays
   */
  renew(certificate: PeerCertificate): void {
    this.#door.renew(certificate);
  }

  /** Closes all streams and the port. Resolves once they are gone, which takes hardly longer than a second. */
  async stop(): Promise<void> {
    const isClosed = this.#door.close();
    this.#connections.endUnused();
    const links = [...this.#links, ...this.#unproven.keys()];
    for (const link of links) link.close();
    // The other end closes the connection when it has read everything.
    const timer = setTimeout(() => this.#connections.endAll(), FLUSH_MS);
    await isClosed;
    clearTimeout(timer);
    this.#server.forceShutdown();
    await Promise.all(links.map(({ ended }) => ended));
  }

  /**
   * Opens the port anew, and keeps the connections.
   *
   * @throws {Error} if the address cannot be bound
   */
  async listenAgain(): Promise<void> {
    const { port } = this;
    this.#door.stopListening();
    await this.#listen(port);
  }

  async #listen(port = this.#options.port): Promise<void> {
    const { host, logger } = this.#options;
    try {
      await this.#door.listen(
        host,
        port,
        (error) => logger.warn("peerAcceptFailed", { error: String(error) }),
      );
    } catch (error) {
      throw refusalToListen(host, port) ?? error;
    }
  }

  #accept(call: IncomingCall): void {
    const { accept, certificate, keyProof } = this.#options;
    const provenName = certificate === undefined ? undefined : nameProvenBy(call);
    const link = this.#linkOf(call, provenName);
    if (certificate !== undefined && provenName === undefined) {
      return this.#refuse(call, status.UNAUTHENTICATED, "the certificate has no common name");
    }
    const fullness = this.#fullness(provenName);
    if (fullness !== undefined) return this.#refuse(call, status.RESOURCE_EXHAUSTED, fullness);
    if (provenName === undefined && keyProof?.provenPeers.takesAny === false) {
      return this.#refuseUnproven(link, call, keyProof);
    }
    this.#links.add(link);
    this.#carry(link, call);
    this.#connections.streamBegan(call.getPeer());
    link.deliverTo(accept(link));
  }

  /** Says so in a message, which a node of an earlier version shows to people. */
  #refuseUnproven(link: CallLink, call: IncomingCall, { holder }: KeyProof): void {
    const refusal = unprovenMessage(holder.name, "the other end");
    this.#carry(link, call);
    link.send(refusal);
    link.close();
    this.#refused(call.getPeer(), refusal.message);
  }

  /** Takes a stream on which both ends prove themselves. */
  #acceptProven(call: IncomingCall): void {
    const { keyProof, certificate, accept } = this.#options;
    const link = this.#linkOf(call, undefined);
    if (keyProof === undefined || certificate !== undefined) {
      return this.#refuse(
        call,
        status.UNIMPLEMENTED,
        "this node proves itself by its certificate, or not at all",
      );
    }
    const share = this.#connections.shareOf(call.getPeer());
    const others = [...this.#unproven].filter(([, each]) => each === share);
    if (others.length >= UNPROVEN_MAX) {
      others[0]?.[0].refuse(`it was the oldest of ${UNPROVEN_MAX} without a proof`);
    }
    this.#unproven.set(link, share);
    const late = setTimeout(() => link.refuse(`it proved nothing within ${HELLO_MS} ms`), HELLO_MS);
    void link.ended.then(() => clearTimeout(late));
    const proven = (name: string): void => {
      clearTimeout(late);
      this.#unproven.delete(link);
      keyProof.provenPeers.proved(name);
      const fullness = this.#fullness(name);
      if (fullness !== undefined) return link.refuse(fullness);
      this.#links.add(link);
      this.#connections.streamBegan(call.getPeer());
      link.deliverTo(accept(link));
    };
    this.#carry(link, call, { exchange: new TargetProof(keyProof.holder, newNonce()), proven });
  }

  #linkOf(call: IncomingCall, provenName: string | undefined): CallLink {
    // A call without a listener for errors would end the process.
    call.on("error", () => {});
    const link: CallLink = new CallLink({
      provenName,
      release: (problem) => this.#release(link, call, problem),
    });
    return link;
  }

  /** The reason to take no further stream, if there is one. */
  #fullness(provenName: string | undefined): string | undefined {
    if (this.#links.size >= STREAMS_MAX) {
      return `there are ${this.#links.size} streams already, and the limit is ${STREAMS_MAX}; try again later`;
    }
    if (provenName === undefined || this.#streamsOf(provenName) < STREAMS_PER_PEER_MAX) return undefined;
    return `${provenName} has ${STREAMS_PER_PEER_MAX} streams already, which is the limit`;
  }

  #carry(link: CallLink, call: IncomingCall, owed?: OwedProof): void {
    // Of a connection that breaks both may come, in any order.
    const finish = (): void => link.finish("the other end has closed the stream, or is gone");
    call.on("end", finish);
    call.on("cancelled", finish);
    call.on("finish", () => link.finish("the stream was closed"));
    link.carry(call, owed);
  }

  #streamsOf(provenName: string): number {
    return [...this.#links].filter((link) => link.provenName === provenName).length;
  }

  #release(link: CallLink, call: IncomingCall, problem: string | undefined): void {
    const wasTaken = this.#links.delete(link);
    this.#unproven.delete(link);
    if (problem !== undefined) this.#refused(call.getPeer(), problem);
    call.end();
    if (wasTaken) this.#connections.streamEnded(call.getPeer());
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

/** The runtime's own words about an address: those of its Node.js interface differ between versions. */
function refusalToListen(hostname: string, port: number): unknown {
  try {
    Deno.listen({ hostname, port }).close();
    return undefined;
  } catch (error) {
    return error;
  }
}
