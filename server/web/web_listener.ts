/**
 * The port of the page: HTTP for its files, and a WebSocket for the client protocol.
 *
 * `Deno.serve` closes neither a silent connection nor half a request, and tells of a connection with its first request
 * only; so this is built on Node's servers, whose connections are ours from the first moment on.
 *
 * @module
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import type { AddressInfo, Socket as NodeSocket } from "node:net";
import type { Duplex } from "node:stream";
// @ts-types="@types/ws"
import { WebSocketServer } from "ws";
import type { Limits } from "../../common/limits.ts";
import type { AddressBlock } from "../core/address_block.ts";
import type { Connections } from "../net/connections.ts";
import type { TlsCertificate } from "../net/tls_engine.ts";
import type { Descriptors } from "../ports/descriptors.ts";
import { clientAddress } from "./origin.ts";
import {
  hasBody,
  type PageAnswer,
  pageAnswer,
  type PageOptions,
  refusal,
  type RequestHead,
  socketRefusal,
  SUBPROTOCOL,
} from "./page.ts";
import { WebGuest } from "./web_guest.ts";
import { MESSAGE_BYTES_MAX, WebSocketStream } from "./web_socket_stream.ts";

/** Longest head of a request, bytes. */
const HEAD_BYTES_MAX = 8_192;

/** Time for which a connection without a request is kept, ms. */
const IDLE_MS = 5_000;

/** Time within which a reader of an answer has to take some of it, ms. */
const STALLED_MS = 10_000;

/** Interval at which Node enforces its time limits, ms: its own 30 s would miss ours. */
const CHECK_MS = 1_000;

/** Most parts of one message: each takes memory. */
const FRAGMENTS_MAX = 1_024;

/** Address and surroundings of the port. */
export interface WebListenOptions {
  /** Address to bind. */
  readonly hostname: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Connections are not encrypted without it. */
  readonly tls?: TlsCertificate;
  /** Proxies whose `X-Forwarded-For` is believed. */
  readonly proxies: readonly AddressBlock[];
  readonly limits: Pick<Limits, "tlsHandshakeMs" | "frameCompletionMs">;
  readonly connections: Connections;
  /** Told of an accept that failed. */
  readonly descriptors?: Descriptors;
  /** What the page is now: its files and the addresses of all pages may change. */
  page(): PageOptions;
}

/** A port that listens. */
export class WebListener {
  readonly #options: WebListenOptions;
  readonly #server: Server | SecureServer;
  /** The connections without a WebSocket, by the address and port of their other end. */
  readonly #guests = new Map<string, WebGuest>();
  readonly #sockets = new WebSocketServer({
    noServer: true,
    autoPong: false,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MESSAGE_BYTES_MAX,
    maxFragments: FRAGMENTS_MAX,
    handleProtocols: () => SUBPROTOCOL,
  });

  private constructor(options: WebListenOptions) {
    this.#options = options;
    const { tls, limits } = options;
    const settings = {
      maxHeaderSize: HEAD_BYTES_MAX,
      headersTimeout: limits.frameCompletionMs,
      requestTimeout: limits.frameCompletionMs,
      keepAliveTimeout: IDLE_MS,
      connectionsCheckingInterval: CHECK_MS,
    };
    this.#server = tls === undefined
      ? createServer(settings)
      : createSecureServer({ ...settings, ...tls, handshakeTimeout: limits.tlsHandshakeMs });
    this.#server.timeout = STALLED_MS;
    this.#listenToServer();
  }

  /** Binds the port. Rejects if the address cannot be bound or the certificate cannot be used. */
  static open(options: WebListenOptions): Promise<WebListener> {
    const listener = new WebListener(options);
    const server = listener.#server;
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(options.port, options.hostname, () => {
        server.off("error", reject);
        server.on("error", (error) => options.descriptors?.met(error));
        resolve(listener);
      });
    });
  }

  /** The bound port. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Shows another certificate to new connections. @throws {Error} if it cannot be used */
  renew(certificate: TlsCertificate): void {
    if ("setSecureContext" in this.#server) this.#server.setSecureContext(certificate);
  }

  /** Accepts no further connection; those without a WebSocket end, the others continue. */
  close(): void {
    this.#server.close();
    for (const guest of this.#guests.values()) guest.close();
  }

  #listenToServer(): void {
    const server = this.#server;
    server.on("connection", (raw) => this.#enter(raw));
    server.on("request", (request, response) => this.#answer(request, response));
    server.on("checkContinue", (request, response) => this.#answer(request, response));
    server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    server.on("connect", (_request, socket) => socket.destroy());
    server.on("clientError", (_error, socket) => socket.destroy());
    server.on("tlsClientError", (_error, socket) => this.#guestOf(socket)?.close());
  }

  #enter(raw: NodeSocket): void {
    const guest = new WebGuest(raw, this.#options.limits.tlsHandshakeMs);
    const key = keyOf(raw);
    this.#guests.set(key, guest);
    raw.on("close", () => this.#guests.delete(key));
    this.#options.connections.accept(guest);
  }

  #guestOf(socket: NodeSocket): WebGuest | undefined {
    return this.#guests.get(keyOf(socket));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.#guestOf(request.socket)?.headArrived();
    const head = headOf(request);
    const { status, headers, body } = pageAnswer(head, this.#options.page());
    response.writeHead(status, headers);
    response.end(body);
    // What follows the head is not read: the connection cannot be used any more.
    if (hasBody(head)) response.on("finish", () => request.socket.destroy());
  }

  #upgrade(request: IncomingMessage, socket: Duplex, rest: Uint8Array): void {
    const guest = this.#guestOf(request.socket);
    guest?.headArrived();
    const head = headOf(request);
    const page = this.#options.page();
    const refused = guest === undefined
      ? refusal(503, "the connection has ended", page)
      : socketRefusal(head, page);
    if (guest === undefined || refused !== undefined) return refuse(socket, refused);
    const address = clientAddress(guest.address, head.headers["x-forwarded-for"], this.#options.proxies);
    this.#sockets.handleUpgrade(request, socket, rest as never, (open) => {
      this.#guests.delete(keyOf(request.socket));
      guest.upgrade(new WebSocketStream(open), address);
    });
  }
}

function keyOf({ remoteAddress, remotePort }: NodeSocket): string {
  return `${remoteAddress} ${remotePort}`;
}

function headOf({ method = "", url = "", headers }: IncomingMessage): RequestHead {
  const single = Object.entries(headers).map(([name, value]) => [name, value?.toString()]);
  return { method, target: url, headers: Object.fromEntries(single) };
}

/** Answers a request for a WebSocket on the connection itself, which ends. */
function refuse(socket: Duplex, answer: PageAnswer | undefined): void {
  const { status, headers, body } = answer ?? { status: 400, headers: {}, body: new Uint8Array(0) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.on("error", () => {});
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines}\r\n${new TextDecoder().decode(body)}`);
}
