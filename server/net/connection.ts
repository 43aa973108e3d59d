/**
 * One client's connection: received bytes go to the session as whole frames, and the session's frames go out.
 * `connection_state.ts` decides; this shell over it reads, writes and keeps the time.
 *
 * @module
 */

import { ProtocolError } from "../../common/errors.ts";
import type { Limits } from "../../common/limits.ts";
import { type Frame, FrameReader } from "../../common/wire/frame.ts";
import type { ClientLink, ClientSession } from "../ports/clients.ts";
import type { Clock, Logger } from "../ports/outside.ts";
import {
  type ConnectionAction,
  type ConnectionEvent,
  type ConnectionState,
  isPaused,
  isServed,
  transition,
} from "./connection_state.ts";
import type { BrokenLimit, OutboundTotal } from "./outbound_queue.ts";
import { PartialFrameWatch } from "./partial_frame.ts";
import { Outbox, type OutboxOwner } from "./outbox.ts";
import { grown, READ_BYTES_MIN } from "./read_buffer.ts";
import { slowReaderFields } from "./slow_reader.ts";

/**
 * Time for the other end to close after us. Closing the socket while unread bytes arrive makes the kernel
 * answer with a reset (RFC 2525, section 2.17), which may destroy the last frames on their way.
 */
const LINGER_MS = 1_000;

/** A socket of either kind. */
export type Socket = Deno.Conn & Partial<Pick<Deno.TlsConn, "handshake">>;

/** Settings and callbacks that all connections of a server share. */
export interface ConnectionContext {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Sum of the bytes that wait in all outboxes. */
  readonly outboundTotal: OutboundTotal<Outbox>;
  /** Makes the session of a link; called as soon as bytes can be exchanged. */
  openSession(link: ClientLink): ClientSession;
  /** Takes an error that a session threw: a defect, which the process must not survive. Must not throw. */
  onFault(error: unknown): void;
  /** The connection has ended; its socket is closed. */
  onEnd(connection: Connection): void;
}

/** A client's connection, from the accepted socket to its end. */
export class Connection implements ClientLink, OutboxOwner {
  readonly address: string;
  readonly #socket: Socket;
  readonly #context: ConnectionContext;
  readonly #outbox: Outbox;
  readonly #reader = new FrameReader(0);
  readonly #partialFrame: PartialFrameWatch;
  #state: ConnectionState = "handshaking";
  #session: ClientSession | undefined;
  /** Monotonic time at which a connection that serves no session is cut. */
  #cutMs: number;
  /** Length of the current delay, ms. */
  #delayMs = 0;
  #onPauseOver: (() => void) | undefined;
  #problem: ProtocolError | undefined;
  /** Frames handed to the session. */
  #frames = 0;

  /** @param address the other end's IP address */
  constructor(socket: Socket, address: string, context: ConnectionContext) {
    this.#socket = socket;
    this.address = address;
    this.#context = context;
    this.#outbox = new Outbox(socket, context.limits, context.outboundTotal, this);
    this.#partialFrame = new PartialFrameWatch(context.limits.frameCompletionMs);
    this.#cutMs = context.clock.monotonicMs() + context.limits.tlsHandshakeMs;
  }

  /** True while the session is logged in. */
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
    this.#handle("handshaken");
    if (this.#session !== undefined) await this.#read(this.#session);
  }

  send(frame: Uint8Array, unbounded = false): void {
    this.#outbox.send(frame, unbounded);
  }

  get hasRoom(): boolean {
    return this.#outbox.hasRoom;
  }

  owe(bytes: number, memoryBytes: number): void {
    this.#outbox.owe(bytes, memoryBytes);
  }

  close(): void {
    this.#handle("close");
  }

  resume(): void {
    this.#handle("resume");
  }

  /**
   * Ends the connection at once; queued bytes are lost. Over TLS the runtime keeps the descriptor until the
   * other end closes, if that stays silent in the handshake or reads nothing.
   */
  end(): void {
    this.#handle("end");
  }

  progressed(): void {
    if (this.#outbox.hasRoom) this.#guard(() => this.#session?.outlet.relieved());
    if (this.#state === "congested" && this.#takesRequests) this.#handle("relieve");
  }

  flushed(): void {
    this.#handle("flushed");
  }

  failed(): void {
    this.#handle("end");
  }

  tooSlow(limit: BrokenLimit, bytes: number): void {
    const { limits, logger } = this.#context;
    logger.info("slowReaderDropped", { address: this.address, ...slowReaderFields(limit, bytes, limits) });
    this.#handle("end");
  }

  /** Enforces every time limit. To be called every second with the monotonic time. */
  sweep(nowMs: number): void {
    const session = this.#session;
    if (session === undefined || !isServed(this.#state)) {
      if (nowMs >= this.#cutMs) this.end();
      return;
    }
    this.#outbox.sweep(nowMs);
    this.#guard(() => {
      // A client whose frames wait here is not silent.
      const isHeard = !isPaused(this.#state) || !session.loggedIn;
      if (nowMs >= session.deadlineMs && isHeard) this.close();
      else this.#checkPartialFrame(nowMs);
    });
  }

  /** True while the other end reads its replies: one that only sends has to wait. */
  get #takesRequests(): boolean {
    return this.#outbox.queuedBytes <= this.#context.limits.outboundBytesSoft;
  }

  /** Takes the transition that the event causes. */
  #handle(event: ConnectionEvent): void {
    const [state, action] = transition(this.#state, event);
    if (state === this.#state) return;
    this.#state = state;
    this.#onPauseOver?.();
    this.#onPauseOver = undefined;
    if (action !== undefined) this.#act(action);
  }

  #act(action: ConnectionAction): void {
    switch (action) {
      case "openSession":
        return this.#guard(() => this.#session = this.#context.openSession(this));
      case "reportMalformed":
        return this.#guard(() => this.#problem && this.#session?.malformed(this.#problem));
      case "reportFinished":
        return this.#guard(() => this.#session?.finished());
      case "flush":
        this.#cutMs = this.#context.clock.monotonicMs() + this.#context.limits.writeMs;
        this.#guard(() => this.#session?.outlet.closing());
        return this.#outbox.finish();
      case "closeWrite":
        this.#cutMs = this.#context.clock.monotonicMs() + LINGER_MS;
        return void this.#socket.closeWrite().catch(() => this.end());
      case "release":
        return this.#release();
    }
  }

  #release(): void {
    this.#outbox.end();
    try {
      this.#socket.close();
    } catch {
      // The runtime has closed it already.
    }
    // Later, because the session may be what ends the connection, in the middle of something.
    queueMicrotask(() => this.#guard(() => this.#session?.disconnected()));
    this.#context.onEnd(this);
  }

  /** Reads until the end. Never rejects. */
  async #read(session: ClientSession): Promise<void> {
    const small = new Uint8Array(READ_BYTES_MIN);
    let buffer = small;
    while (this.#state !== "ended") {
      let count: number | null;
      try {
        count = await this.#socket.read(buffer);
      } catch {
        return this.end();
      }
      if (count === null) return this.#handle("peerFinished");
      // Bytes that arrive later are read and discarded, so that the other end can finish and hear us.
      if (this.#state !== "receiving") continue;
      this.#reader.push(buffer.subarray(0, count));
      this.#handOver(session);
      while (isPaused(this.#state)) {
        await this.#pauseOver();
        this.#handOver(session);
      }
      buffer = count < buffer.length ? small : grown(buffer);
    }
  }

  /** Gives the session the frames that have arrived, up to a pause. */
  #handOver(session: ClientSession): void {
    try {
      while (this.#state === "receiving") {
        if (!this.#takesRequests) return this.#handle("congest");
        this.#reader.payloadBytesMax = session.payloadBytesMax;
        const frame = this.#nextFrame();
        if (frame === undefined) return;
        this.#frames++;
        const waitMs = session.received(frame);
        if (waitMs > 0) {
          this.#delayMs = waitMs;
          this.#handle(waitMs === Infinity ? "suspend" : "delay");
        }
      }
    } catch (error) {
      this.#fault(error);
    }
  }

  #nextFrame(): Frame | undefined {
    try {
      return this.#reader.next();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#malformed(error);
      return undefined;
    }
  }

  #malformed(problem: ProtocolError): void {
    this.#problem = problem;
    this.#handle("malformed");
  }

  /** Resolves when the state is left; the connection is paused. */
  #pauseOver(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#state === "delayed"
        ? setTimeout(() => this.#handle("delayOver"), this.#delayMs)
        : undefined;
      this.#onPauseOver = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #checkPartialFrame(nowMs: number): void {
    // During a pause whole frames may be pending, and the delay is ours.
    const isPartial = this.#state === "receiving" && this.#reader.pendingBytes > 0;
    const problem = this.#partialFrame.observe(isPartial ? this.#frames : undefined, nowMs);
    if (problem !== undefined) this.#malformed(problem);
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
