/**
 * The server and the client of the tests of `server/net/`: sessions that the test controls, and a client
 * that speaks frames.
 *
 * @module
 */

import type { ProtocolError } from "../../common/errors.ts";
import { DEFAULT_LIMITS, type Limits } from "../../common/limits.ts";
import { encodeFrame, type Frame, FrameReader } from "../../common/wire/frame.ts";
import { Connections } from "../../server/net/connections.ts";
import { Listener } from "../../server/net/listener.ts";
import type { ClientLink, ClientSession } from "../../server/ports/clients.ts";
import type { Clock, LogFields, Logger } from "../../server/ports/outside.ts";

/** True if the tests may use the network. */
export const NETWORK = (await Deno.permissions.query({ name: "net", host: "127.0.0.1" })).state === "granted";

/** The time of this machine. */
export const CLOCK: Clock = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };

/** A frame with this payload. */
export function rawFrame(type: number, payload: Uint8Array = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
  return encodeFrame(type, (writer) => writer.raw(payload));
}

/** A logger that records its events. */
export class KeptLogger implements Logger {
  readonly lines: { readonly level: string; readonly event: string; readonly fields: LogFields }[] = [];
  debug = (event: string, fields: LogFields = {}): void =>
    void this.lines.push({ level: "debug", event, fields });
  info = (event: string, fields: LogFields = {}): void =>
    void this.lines.push({ level: "info", event, fields });
  warn = (event: string, fields: LogFields = {}): void =>
    void this.lines.push({ level: "warn", event, fields });
  error = (event: string, fields: LogFields = {}): void =>
    void this.lines.push({ level: "error", event, fields });

  /** The fields of every occurrence of an event. */
  of(event: string): LogFields[] {
    return this.lines.filter((line) => line.event === event).map((line) => line.fields);
  }
}

/** A session that echoes every frame, unless `onFrame` is set. */
export class TestSession implements ClientSession {
  payloadBytesMax = 1 << 20;
  loggedIn = false;
  loggingIn = false;
  readonly outlet = { relieved: () => {}, closing: () => {} };
  deadlineMs = Infinity;
  readonly link: ClientLink;
  readonly types: (number | bigint)[] = [];
  readonly errors: ProtocolError[] = [];
  disconnects = 0;
  /** Handles a frame in place of the echo. */
  onFrame: ((frame: Frame, session: TestSession) => number) | undefined;

  constructor(link: ClientLink) {
    this.link = link;
  }

  readonly isUnfinished = false;

  goOn(): number {
    throw new Error("nothing is unfinished");
  }

  received(frame: Frame): number {
    this.types.push(frame.type);
    if (this.onFrame !== undefined) return this.onFrame(frame, this);
    this.link.send(rawFrame(Number(frame.type), frame.payload));
    return 0;
  }

  malformed(error: ProtocolError): void {
    this.errors.push(error);
    this.link.because("rule broken");
    this.link.send(rawFrame(100));
    this.link.close();
  }

  dismiss(): void {
    this.link.because("turned away");
    this.link.send(rawFrame(100));
    this.link.close();
  }

  finished(): void {
    this.link.close();
  }

  disconnected(): void {
    this.disconnects++;
  }
}

/** What a server of tests records. */
interface Records {
  readonly logger: Logger;
  readonly faults: unknown[];
  readonly sessions: TestSession[];
}

/** Connections whose sessions a test controls. @param prepare prepares each new session */
export function testConnections(
  { logger, faults, sessions }: Records,
  limits?: Partial<Limits>,
  prepare?: (session: TestSession) => void,
): Connections {
  return new Connections({
    limits: { ...DEFAULT_LIMITS, ...limits },
    clock: CLOCK,
    logger,
    onFault: (error) => faults.push(error),
    openSession: (link) => {
      const session = new TestSession(link);
      sessions.push(session);
      prepare?.(session);
      return session;
    },
  });
}

/** A server on a port of its own, all in this process. */
export class TestServer implements AsyncDisposable {
  readonly logger = new KeptLogger();
  readonly faults: unknown[] = [];
  readonly sessions: TestSession[] = [];
  readonly connections: Connections;
  readonly listener: Listener;

  /** @param prepare prepares each new session */
  constructor(
    limits?: Partial<Limits>,
    prepare?: (session: TestSession) => void,
    tls?: { readonly cert: string; readonly key: string },
  ) {
    this.connections = testConnections(this, limits, prepare);
    const options = { hostname: "127.0.0.1", port: 0, ...(tls === undefined ? {} : { tls }) };
    this.listener = new Listener(options, this.connections, this.logger);
  }

  /** The only session. */
  get session(): TestSession {
    const [session] = this.sessions;
    if (session === undefined || this.sessions.length > 1) {
      throw new Error(`${this.sessions.length} sessions, one expected`);
    }
    return session;
  }

  async connect(): Promise<TestClient> {
    return new TestClient(await Deno.connect({ hostname: "127.0.0.1", port: this.listener.port }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.listener.close();
    await this.connections.closeAll();
  }
}

/** The other end. */
export class TestClient implements Disposable {
  readonly #reader = new FrameReader(1 << 25);
  readonly #buffer = new Uint8Array(1 << 16);

  constructor(readonly socket: Deno.Conn) {}

  async send(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await this.socket.write(rest));
  }

  /** The next frame, with a payload of its own; undefined at the end of the connection. */
  async receive(): Promise<Frame | undefined> {
    for (;;) {
      const frame = this.#reader.next();
      if (frame !== undefined) return { type: frame.type, payload: frame.payload.slice() };
      const count = await this.socket.read(this.#buffer);
      if (count === null) return undefined;
      this.#reader.push(this.#buffer.slice(0, count));
    }
  }

  /** Resolves to true if the connection has ended, by a close or a reset, without another frame. */
  async ended(): Promise<boolean> {
    try {
      return await this.receive() === undefined;
    } catch {
      return true;
    }
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }
}

/** Resolves once the condition holds. @throws {Error} if it does not within `timeoutMs` */
export async function eventually(condition: () => boolean, timeoutMs = 60_000): Promise<void> {
  const startMs = performance.now();
  while (!condition()) {
    if (performance.now() - startMs > timeoutMs) {
      throw new Error(`not so within ${timeoutMs} ms: ${condition}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/**
 * A certificate made on this machine; `undefined` without a tool to make one.
 *
 * @param names that it is for, as OpenSSL writes them
 */
export async function makeCertificate(
  names = "DNS:localhost,IP:127.0.0.1",
): Promise<{ cert: string; key: string } | undefined> {
  const permissions = await Promise.all(
    (["run", "write", "read"] as const).map((name) => Deno.permissions.query({ name })),
  );
  if (permissions.some(({ state }) => state !== "granted")) return undefined;
  const folder = await Deno.makeTempDir();
  try {
    const [cert, key] = [`${folder}/cert.pem`, `${folder}/key.pem`];
    const { success } = await new Deno.Command("openssl", {
      args: `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost
        -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=${names} -keyout ${key} -out ${cert}`
        .split(/\s+/),
      stderr: "null",
    }).output();
    return success ? { cert: await Deno.readTextFile(cert), key: await Deno.readTextFile(key) } : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
