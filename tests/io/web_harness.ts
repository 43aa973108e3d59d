/**
 * The port of a page with sessions that the test controls, and a raw client that speaks HTTP and WebSocket frames.
 *
 * @module
 */

import { DEFAULT_LIMITS, type Limits } from "../../common/limits.ts";
import { parseBlock } from "../../server/core/address_block.ts";
import type { Connections } from "../../server/net/connections.ts";
import type { PageFile } from "../../server/web/page.ts";
import { WebListener } from "../../server/web/web_listener.ts";
import { KeptLogger, testConnections, type TestSession } from "./net_harness.ts";

/** A certificate and its key, PEM. */
interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Settings of a test's page. */
interface WebServerOptions {
  readonly limits?: Partial<Limits>;
  readonly tls?: TestCertificate;
  /** Address of the page; that of the port unless given. */
  readonly url?: string;
  readonly others?: readonly string[];
  readonly trustedProxies?: readonly string[];
  readonly files?: ReadonlyMap<string, PageFile>;
  /** Prepares each new session. */
  prepare?(session: TestSession): void;
}

/** A page's server on a port of its own, all in this process. */
export class WebServer implements AsyncDisposable {
  readonly logger = new KeptLogger();
  readonly faults: unknown[] = [];
  readonly sessions: TestSession[] = [];
  readonly connections: Connections;

  private constructor({ limits, prepare }: WebServerOptions) {
    this.connections = testConnections(this, limits, prepare);
  }

  listener: WebListener | undefined;

  /** Listens. */
  static start(options: WebServerOptions = {}): WebServer {
    const server = new WebServer(options);
    const { tls, others = [], trustedProxies = [], files = new Map(), limits } = options;
    const scheme = tls === undefined ? "http" : "https";
    const listen = {
      hostname: "127.0.0.1",
      port: 0,
      ...tls && { tls },
      trustedProxies: trustedProxies.flatMap((text) => parseBlock(text) ?? []),
      limits: { ...DEFAULT_LIMITS, ...limits },
      page: () => ({
        own: new URL(options.url ?? `${scheme}://127.0.0.1:${server.port}/`),
        others: others.map((url) => new URL(url)),
        files,
        isSecure: tls !== undefined,
      }),
    };
    server.listener = new WebListener(listen, server.connections, server.logger);
    return server;
  }

  get port(): number {
    return this.listener?.port ?? 0;
  }

  /** Opens a TCP or TLS connection and sends nothing. */
  async connect(certificate?: TestCertificate): Promise<RawClient> {
    const address = { hostname: "127.0.0.1", port: this.port };
    return new RawClient(
      certificate === undefined
        ? await Deno.connect(address)
        : await Deno.connectTls({ ...address, caCerts: [certificate.cert] }),
    );
  }

  /** Opens a WebSocket. @throws {Error} with the answer, if it is refused */
  async open(
    headers: Readonly<Record<string, string>> = {},
    certificate: TestCertificate | undefined = undefined,
  ): Promise<RawClient> {
    const client = await this.connect(certificate);
    const all = { "Host": `127.0.0.1:${this.port}`, ...UPGRADE, ...headers };
    const answer = await client.ask("GET /ws HTTP/1.1", all).catch(String);
    if (answer.startsWith("HTTP/1.1 101")) return client;
    client[Symbol.dispose]();
    throw new Error(answer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.listener?.close();
    await this.connections.closeAll();
  }
}

/** Headers that ask for the WebSocket. */
export const UPGRADE = {
  "Connection": "Upgrade",
  "Upgrade": "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Protocol": "chat.v2",
};

/** Kinds of WebSocket frames (RFC 6455, section 5.2). */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A WebSocket frame of a client. */
export function socketFrame(
  opcode: number,
  payload: Uint8Array = new Uint8Array(0),
  { masked = true, final = true, reserved = 0 } = {},
): Uint8Array<ArrayBuffer> {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = new Uint8Array(2 + extended + (masked ? 4 : 0) + length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, (final ? 0x80 : 0) | reserved << 4 | opcode);
  view.setUint8(1, (masked ? 0x80 : 0) | (extended === 0 ? length : extended === 2 ? 126 : 127));
  if (extended === 2) view.setUint16(2, length);
  if (extended === 8) view.setBigUint64(2, BigInt(length));
  // A mask of zeros changes nothing.
  frame.set(payload, frame.length - length);
  return frame;
}

/** A WebSocket frame of the server. */
interface ServerFrame {
  readonly opcode: number;
  readonly payload: Uint8Array;
}

/** The other end, byte by byte. */
export class RawClient implements Disposable {
  #received = new Uint8Array(0);

  constructor(readonly socket: Deno.Conn) {}

  /** Sends all of it. */
  async send(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await this.socket.write(rest));
  }

  /** Sends the head of a request; resolves with the head of the answer, and its body where a length is named. */
  async ask(line: string, headers: Readonly<Record<string, string>>): Promise<string> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
    await this.send(new TextEncoder().encode(`${line}\r\n${lines}\r\n`));
    return await this.answer(line.startsWith("HEAD"));
  }

  /** The next answer over HTTP; empty if the connection ends first. */
  async answer(hasNoBody = false): Promise<string> {
    let head = "";
    while (!head.endsWith("\r\n\r\n")) {
      const byte = await this.#take(1);
      if (byte === undefined) return head;
      head += String.fromCharCode(byte[0] ?? 0);
    }
    const length = hasNoBody ? 0 : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    const body = length === 0 ? new Uint8Array(0) : await this.#take(length);
    return head + new TextDecoder().decode(body);
  }

  /** The next frame; `undefined` at the end of the connection. */
  async frame(): Promise<ServerFrame | undefined> {
    const head = await this.#take(2);
    if (head === undefined) return undefined;
    const [first = 0, second = 0] = head;
    const short = second & 0x7f;
    const extended = await this.#take(short === 126 ? 2 : short === 127 ? 8 : 0);
    if (extended === undefined) return undefined;
    const length = extended.length === 0 ? short : extended.reduce((sum, byte) => sum * 256 + byte, 0);
    const payload = await this.#take(length);
    return payload && { opcode: first & 0x0f, payload };
  }

  /** The status code of the close frame that comes next, frames with data left out; `undefined` if none comes. */
  async closeCode(): Promise<number | undefined> {
    for (let frame = await this.frame(); frame !== undefined; frame = await this.frame()) {
      const [high = 0, low = 0] = frame.payload;
      if (frame.opcode === OPCODE.close) return high * 256 + low;
    }
    return undefined;
  }

  /** The payloads of binary messages, until they have so many bytes. */
  async bytes(count: number): Promise<Uint8Array> {
    const parts: number[] = [];
    while (parts.length < count) {
      const frame = await this.frame();
      if (frame === undefined) throw new Error(`the connection has ended after ${parts.length} bytes`);
      if (frame.opcode !== OPCODE.binary) throw new Error(`a frame with opcode ${frame.opcode}`);
      parts.push(...frame.payload);
    }
    return Uint8Array.from(parts);
  }

  /** Resolves with the time until the connection ends, ms; whatever comes is dropped. */
  async endMs(): Promise<number> {
    const startMs = performance.now();
    while (await this.#read()) this.#received = new Uint8Array(0);
    return performance.now() - startMs;
  }

  async #take(count: number): Promise<Uint8Array | undefined> {
    while (this.#received.length < count) if (!await this.#read()) return undefined;
    const taken = this.#received.slice(0, count);
    this.#received = this.#received.slice(count);
    return taken;
  }

  async #read(): Promise<boolean> {
    const buffer = new Uint8Array(65_536);
    const count = await this.socket.read(buffer).catch(() => null);
    if (count === null) return false;
    const received = new Uint8Array(this.#received.length + count);
    received.set(this.#received);
    received.set(buffer.subarray(0, count), this.#received.length);
    this.#received = received;
    return true;
  }

  [Symbol.dispose](): void {
    try {
      this.socket.close();
    } catch {
      // It is closed already.
    }
  }
}
