/**
 * One client's connection: bytes in, whole frames to the session; frames of the session out.
 *
 * @module
 */

import { ProtocolError } from "../../common/errors.ts";
import type { Limits } from "../../common/limits.ts";
import { type Frame, FrameReader } from "../../common/wire/frame.ts";
import type { ClientLink, ClientSession } from "../ports/node.ts";
import type { Clock, Logger } from "../ports/outside.ts";
import type { BrokenLimit, OutboundTotal } from "./outbound_queue.ts";
import { Outbox, type OutboxOwner } from "./outbox.ts";

/** The read buffer of a connection that has little to say; there is one for each connection. */
const READ_BYTES_MIN = 1_024;
/** The read buffer grows up to this while the other end fills it. */
const READ_BYTES_MAX = 64 * 1_024;

/**
 * How long the other end has to close after us. Closing while bytes arrive that nobody reads makes the
 * kernel answer with a reset (RFC 2525, section 2.17), which may take our last words with it.
 */
const LINGER_MS = 1_000;

/** A socket of either kind. */
export type Socket = Deno.Conn & Partial<Pick<Deno.TlsConn, "handshake">>;

/** What the connections of a server have in common. */
export interface ConnectionContext {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What waits in all outboxes together. */
  readonly outboundTotal: OutboundTotal<Outbox>;
  /** Makes the other end of a link, as soon as bytes can be exchanged. */
  openSession(link: ClientLink): ClientSession;
  /** Takes what a session threw: a defect of ours, which the process must not survive. Must not throw. */
  onFault(error: unknown): void;
  /** The connection has ended; its socket is closed. */
  onEnd(connection: Connection): void;
}

/** What the next frame waits for: that many ms, a call of `resume`, or room in the outbox. */
type Wait = number | "resume" | "room";

/** A wait between two frames. */
interface Pause {
  readonly for: Wait;
  end(): void;
}

/** A client's connection, from the accepted socket to its end. */
export class Connection implements ClientLink, OutboxOwner {
  readonly address: string;
  readonly #socket: Socket;
  readonly #context: ConnectionContext;
  readonly #outbox: Outbox;
  readonly #reader = new FrameReader(0);
  #session: ClientSession | undefined;
  #pause: Pause | undefined;
  /** Monotonic time at which a connection that waits for its handshake or its end is cut. */
  #cutMs: number;
  /** Whether the handshake, where there is one, is over. */
  #opened = false;
  #closing = false;
  /** Whether nothing that arrives is understood any more. */
  #deaf = false;
  #flushed = false;
  #peerDone = false;
  #ended = false;
  #frames = 0;
  /** Which frame was incomplete at the last look, by its number (-1 for none), and since when. */
  #partialFrame = -1;
  #partialSinceMs = 0;

  /** @param address the other end's IP address */
  constructor(socket: Socket, address: string, context: ConnectionContext) {
    this.#socket = socket;
    this.address = address;
    this.#context = context;
    this.#outbox = new Outbox(socket, context.limits, context.outboundTotal, this);
    this.#cutMs = context.clock.monotonicMs() + context.limits.tlsHandshakeMs;
  }

  /** Whether the session is logged in. */
  get loggedIn(): boolean {
    let loggedIn = false;
    this.#guard(() => loggedIn = this.#session?.loggedIn ?? false);
    return loggedIn;
  }

  /** Begins to exchange bytes. Never rejects. */
  async start(): Promise<void> {
    try {
      await this.#socket.handshake?.();
    } catch (error) {
      this.#context.logger.debug("tlsHandshakeFailed", { address: this.address, error: String(error) });
      return this.end();
    }
    if (this.#ended) return;
    this.#opened = true;
    this.#guard(() => this.#session = this.#context.openSession(this));
    if (this.#session !== undefined) await this.#read(this.#session);
  }

  send(frame: Uint8Array, unbounded = false): void {
    this.#outbox.send(frame, unbounded);
  }

  close(): void {
    if (this.#closing || this.#ended) return;
    if (!this.#opened) return this.end();
    this.#closing = true;
    this.#cutMs = this.#context.clock.monotonicMs() + this.#context.limits.writeMs;
    this.#pause?.end();
    this.#outbox.finish();
  }

  resume(): void {
    if (this.#pause?.for === "resume") this.#pause.end();
  }

  progressed(): void {
    if (this.#pause?.for === "room" && this.#hasRoom) this.#pause.end();
  }

  /** Whether the other end takes its replies: one that asks for more than it reads has to wait. */
  get #hasRoom(): boolean {
    return this.#outbox.heldBytes <= this.#context.limits.outboundBytesSoft;
  }

  /**
   * Ends the connection at once; what is queued is lost. Over TLS the runtime keeps the descriptor until the
   * other end closes, if that is silent within the handshake, or takes nothing of what was written to it.
   */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#outbox.end();
    this.#pause?.end();
    try {
      this.#socket.close();
    } catch {
      // The runtime had closed it: there is nothing left to do.
    }
    // Later, because the session may be what ends the connection, in the middle of something.
    queueMicrotask(() => this.#guard(() => this.#session?.disconnected()));
    this.#context.onEnd(this);
  }

  /** Looks at everything that has a time limit. To be called every second with the monotonic time. */
  sweep(nowMs: number): void {
    if (this.#closing || this.#session === undefined) {
      if (nowMs >= this.#cutMs) this.end();
      return;
    }
    const session = this.#session;
    this.#outbox.sweep(nowMs);
    this.#guard(() => {
      if (nowMs >= session.deadlineMs) this.close();
      else this.#checkPartialFrame(session, nowMs);
    });
  }

  /** The last words are with the kernel: says that nothing follows, and waits for the other end's end. */
  flushed(): void {
    this.#flushed = true;
    if (this.#peerDone) return this.end();
    this.#cutMs = this.#context.clock.monotonicMs() + LINGER_MS;
    this.#socket.closeWrite().catch(() => this.end());
  }

  failed(): void {
    this.end();
  }

  tooSlow(limit: BrokenLimit, bytes: number): void {
    const fields = { address: this.address, bytes, limit, allowed: this.#context.limits[limit] };
    this.#context.logger.info("slowReaderDropped", fields);
    this.end();
  }

  /** Reads until the end. Never rejects. */
  async #read(session: ClientSession): Promise<void> {
    const small = new Uint8Array(READ_BYTES_MIN);
    let buffer = small;
    while (!this.#ended) {
      let count: number | null;
      try {
        count = await this.#socket.read(buffer);
      } catch {
        return this.end();
      }
      if (this.#ended) return;
      if (count === null) return this.#peerClosed(session);
      // What comes after the end is read to be thrown away, so that the other end can finish and hear us.
      if (this.#closing || this.#deaf) continue;
      this.#reader.push(buffer.subarray(0, count));
      for (let wait = this.#handOver(session); wait !== 0; wait = this.#handOver(session)) {
        await this.#wait(wait);
      }
      buffer = count < buffer.length ? small : grown(buffer);
    }
  }

  /** Gives the session the frames that are there. Returns what the next one has to wait for; 0 for nothing. */
  #handOver(session: ClientSession): Wait {
    try {
      while (!this.#closing && !this.#deaf && !this.#ended) {
        if (!this.#hasRoom) return "room";
        this.#reader.payloadBytesMax = session.payloadBytesMax;
        const frame = this.#nextFrame(session);
        if (frame === undefined) return 0;
        this.#frames++;
        const waitMs = session.received(frame);
        if (waitMs > 0) return waitMs === Infinity ? "resume" : waitMs;
      }
    } catch (error) {
      this.#fault(error);
    }
    return 0;
  }

  #nextFrame(session: ClientSession): Frame | undefined {
    try {
      return this.#reader.next();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#malformed(session, error);
      return undefined;
    }
  }

  /** Nothing more can be understood: the session says so, and closes the link behind it. */
  #malformed(session: ClientSession, error: ProtocolError): void {
    this.#deaf = true;
    session.malformed(error);
  }

  /** Resolves when the next frame may be handed over, or never will be. */
  #wait(wait: Wait): Promise<void> {
    if (this.#closing || this.#ended) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#pause = undefined;
        resolve();
      };
      const timer = typeof wait === "number" ? setTimeout(end, wait) : undefined;
      this.#pause = { for: wait, end };
    });
  }

  /** What was asked is still answered: the other end may only have finished what it has to say. */
  #peerClosed(session: ClientSession): void {
    this.#peerDone = true;
    if (this.#flushed) this.end();
    else this.#guard(() => session.finished());
  }

  /** A frame that is begun and not finished holds memory for nothing. */
  #checkPartialFrame(session: ClientSession, nowMs: number): void {
    const { frameCompletionMs } = this.#context.limits;
    // While the session makes the other end wait, whole frames may be pending, and the delay is ours.
    const partial = this.#reader.pendingBytes > 0 && this.#pause === undefined;
    if (!partial || this.#partialFrame !== this.#frames) {
      this.#partialFrame = partial ? this.#frames : -1;
      this.#partialSinceMs = nowMs;
    } else if (nowMs - this.#partialSinceMs >= frameCompletionMs) {
      const message =
        `a frame was begun and not finished within ${frameCompletionMs} ms, which is the limit ` +
        `(limits.frameCompletionMs); connect again and send it in one go`;
      this.#malformed(session, new ProtocolError(message, true));
    }
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fault(error);
    }
  }

  #fault(error: unknown): void {
    this.end();
    this.#context.onFault(error);
  }
}

function grown(buffer: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return buffer.length < READ_BYTES_MAX ? new Uint8Array(buffer.length * 4) : buffer;
}
