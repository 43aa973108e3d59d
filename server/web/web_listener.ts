/**
 * The port of the page: HTTP for its files, and a WebSocket for the client protocol.
 *
 * Connections are accepted as those of every other port for clients. Servers of the runtime would not do:
 * `Deno.serve` closes neither a silent connection nor half a request, and the listener of `node:http` never accepts
 * again once descriptors were short.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { WebSocketServer } from "ws";
import type { Connections } from "../net/connections.ts";
import { Listener, type ListenOptions } from "../net/listener.ts";
import type { Socket } from "../net/socket.ts";
import type { TlsCertificate } from "../net/tls_engine.ts";
import type { Logger } from "../ports/outside.ts";
import { SUBPROTOCOL } from "./page.ts";
import type { RequestHead } from "./request_head.ts";
import { SocketDuplex } from "./socket_duplex.ts";
import { type GuestContext, WebGuest } from "./web_guest.ts";
import { MESSAGE_BYTES_MAX, WebSocketStream } from "./web_socket_stream.ts";

/** Most parts of one message, and most reads that bring it: each takes memory. */
const FRAGMENTS_MAX = 1_024;
const CHUNKS_MAX = 1_024;

/** Address and surroundings of the port. */
interface WebListenOptions
  extends Omit<ListenOptions, "layer">, Pick<GuestContext, "limits" | "trustedProxies" | "page"> {}

/** A port that listens. */
export class WebListener {
  readonly #listener: Listener;
  /** The connections that have no WebSocket yet. */
  readonly #guests = new Set<WebGuest>();
  #sockets: WebSocketServer | undefined;

  /**
   * Listens at once.
   *
   * @throws {Error} if the address cannot be bound or the certificate cannot be used
   */
  constructor(
    { limits, trustedProxies, page, ...listen }: WebListenOptions,
    connections: Connections,
    logger: Logger,
  ) {
    const upgrade: GuestContext["upgrade"] = (socket, head, rest) => this.#upgrade(socket, head, rest);
    const context = { limits, trustedProxies, page, upgrade };
    const layer = (raw: Socket): Socket => {
      const guest = new WebGuest(raw, context, () => this.#guests.delete(guest));
      this.#guests.add(guest);
      return guest;
    };
    this.#listener = new Listener({ ...listen, layer }, connections, logger);
  }

  /** The bound port. */
  get port(): number {
    return this.#listener.port;
  }

  /** Shows another certificate to new connections. @throws {Error} if it cannot be used */
  renew(certificate: TlsCertificate): void {
    this.#listener.renew(certificate);
  }

  /** Accepts no further connection; those without a WebSocket end, the others continue. */
  close(): void {
    this.#listener.close();
    for (const guest of this.#guests) guest.close();
  }

  /** Rejects if the connection ends meanwhile. */
  async #upgrade(
    socket: Socket,
    { method, target, headers }: RequestHead,
    rest: Uint8Array<ArrayBuffer>,
  ): Promise<WebSocketStream> {
    const sockets = this.#sockets ??= await webSockets();
    const duplex = new SocketDuplex(socket);
    return await new Promise((resolve, reject) => {
      duplex.once("close", () => reject(new Error("the connection ended within the handshake")));
      sockets.handleUpgrade(
        { method, url: target, headers },
        duplex,
        Buffer.from(rest.buffer, 0, rest.length),
        (open) => resolve(new WebSocketStream(open, duplex)),
      );
    });
  }
}

/** The package is loaded with the first WebSocket: at a start, it would cost every node some hundredths of a second. */
async function webSockets(): Promise<WebSocketServer> {
  const { WebSocketServer } = await import("ws");
  return new WebSocketServer({
    noServer: true,
    autoPong: false,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MESSAGE_BYTES_MAX,
    maxFragments: FRAGMENTS_MAX,
    maxBufferedChunks: CHUNKS_MAX,
    handleProtocols: () => SUBPROTOCOL,
  });
}
