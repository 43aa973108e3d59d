/**
 * The way of the page to its nodes: WebSockets at the addresses of their pages (client protocol, section 9).
 *
 * @module
 */

import { VERSION } from "../../common/version.ts";
import type { NodePlace } from "../core/node_list.ts";
import type { Stream, Transport } from "../link/transport.ts";
import { within } from "../link/within.ts";

/** The subprotocol. */
const SUBPROTOCOL = "chat.v2";

/** Path of the WebSocket below the address of a page. */
const SOCKET_PATH = "ws";

/** Time limit for a WebSocket to open, ms: a node with many clients at its door takes long for each. */
const OPEN_MS = 20_000;

/** The most bytes that a node takes in one message. */
const MESSAGE_BYTES = 65_536;

/** Bytes on their way to the node before a further write waits. */
const BUFFERED_BYTES_MAX = 256 * 1_024;

/** Interval of looks at the bytes on their way, ms: a WebSocket does not tell when they are gone. */
const BUFFERED_MS = 20;

/** A node, as far as a page has to know it. */
type Reachable = { readonly name: string; readonly web?: string | undefined };

/** WebSockets to the node that served the page, and to the others of its cluster. */
export class WebSocketTransport implements Transport {
  readonly program = `chat-page/${VERSION}`;
  /** The place that the page came from: it stands first, whichever node it leads to. */
  readonly own: NodePlace;
  /** Name of the node that answered there last. */
  #ownNode: string | undefined;
  /** Origins of WebSockets that the policy of this page does not allow: nodes that were added later. */
  readonly #forbidden = new Set<string>();

  /**
   * @param page address of the page
   * @param ownNode name of the node that served it, if it is known
   */
  constructor(page: URL, ownNode: string | undefined) {
    this.own = placeAt(page, ownNode);
    this.#ownNode = ownNode;
  }

  /** Name of the node that answered at the own place last. */
  get ownNode(): string | undefined {
    return this.#ownNode;
  }

  /** Opens a WebSocket. @throws {Error} if that fails */
  async open(place: NodePlace, signal: AbortSignal): Promise<Stream> {
    const address = addressOf(place);
    // Each further try would be one more violation of the policy.
    if (this.#forbidden.has(address.origin)) throw new Error("this page may not connect there");
    const stream = new WebSocketStream(address);
    try {
      await within(OPEN_MS, signal, stream.opened);
      return stream;
    } catch (error) {
      stream.close();
      throw error;
    }
  }

  /** True if the policy of this page has stopped a WebSocket to that node, and further ones are not tried. */
  forbid({ web }: Reachable, blocked: string): boolean {
    const place = web === undefined ? null : URL.parse(web);
    const origin = place === null ? undefined : addressOf({ host: "", port: 0, page: place.href }).origin;
    if (origin === undefined || URL.parse(blocked)?.origin !== origin) return false;
    this.#forbidden.add(origin);
    return true;
  }

  /** Other nodes are reached at the addresses of their pages; the policy of this page allows these alone. */
  placeOf({ name, web }: Reachable): NodePlace | undefined {
    if (name === this.#ownNode) return { ...this.own, name };
    const page = web === undefined ? null : URL.parse(web);
    return page === null ? undefined : placeAt(page, name);
  }

  /** A node has answered; the one at the own place is not looked for elsewhere. */
  reached({ page }: NodePlace, node: string): void {
    if (page === this.own.page) this.#ownNode = node;
  }

  /** A WebSocket names its reason in the error. */
  reasonOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
  }
}

function placeAt(page: URL, name: string | undefined): NodePlace {
  const port = Number(page.port) || (page.protocol === "https:" ? 443 : 80);
  return { host: page.hostname, port, page: page.href, name };
}

/** The address of the WebSocket of a page, which may end with or without a slash. */
function addressOf({ page = "" }: NodePlace): URL {
  const address = new URL(page);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  address.pathname = address.pathname.replace(/\/?$/, `/${SOCKET_PATH}`);
  return address;
}

/** A WebSocket as a stream of bytes. */
class WebSocketStream implements Stream {
  readonly #socket: WebSocket;
  readonly #received: Uint8Array[] = [];
  /** The reason of the end, once there is one; `null` for an orderly one. */
  #end: Error | null | undefined;
  #changed: () => void = () => {};
  /** Resolves once bytes can be sent; rejects if that never comes. */
  readonly opened: Promise<void>;

  constructor(address: URL) {
    const socket = new WebSocket(address, SUBPROTOCOL);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) this.#received.push(new Uint8Array(data));
      else this.#finish(new Error("the node sent a text"));
      this.#changed();
    };
    this.opened = new Promise((resolve, reject) => {
      socket.onopen = () => resolve();
      // A page is not told why a WebSocket failed: that follows as a close.
      socket.onclose = ({ code, reason, wasClean }) => {
        const end = wasClean && code === NORMAL_CODE ? null : new Error(closeText(code, reason));
        this.#finish(end);
        reject(end ?? new Error(closeText(code, reason)));
      };
    });
  }

  async read(): Promise<Uint8Array | null> {
    while (true) {
      const bytes = this.#received.shift();
      if (bytes !== undefined) return bytes;
      if (this.#end === null) return null;
      if (this.#end !== undefined) throw this.#end;
      await new Promise<void>((resolve) => this.#changed = resolve);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#end !== undefined) throw this.#end ?? new Error(CLOSED);
    for (let sent = 0; sent < bytes.length; sent += MESSAGE_BYTES) {
      // Bytes of the protocol are never in shared memory.
      this.#socket.send(bytes.subarray(sent, sent + MESSAGE_BYTES) as Uint8Array<ArrayBuffer>);
    }
    while (this.#socket.bufferedAmount > BUFFERED_BYTES_MAX && this.#end === undefined) {
      await new Promise((resolve) => setTimeout(resolve, BUFFERED_MS));
    }
  }

  close(): void {
    this.#finish(null);
    this.#socket.close();
  }

  #finish(end: Error | null): void {
    if (this.#end === undefined) this.#end = end;
    this.#changed();
  }
}

/** Code of a close after which nothing is wrong (RFC 6455, section 7.4.1). */
const NORMAL_CODE = 1_000;

/** Code that a browser gives to a connection that ended without a close. */
const ABNORMAL_CODE = 1_006;

const CLOSED = "the node closed the connection";

function closeText(code: number, reason: string): string {
  if (reason !== "") return reason;
  return code === ABNORMAL_CODE ? "no connection" : CLOSED;
}
