/**
 * One client's connection: received bytes go to the session as whole frames, and the session's frames go out.
 * `connection_state.ts` decides; this shell over it reads, writes and keeps the time.
 *
 * @module
 */

import { ProtocolError } from "../../common/errors.ts";
import type { Refusal } from "../core/decision.ts";
import type { ClientLink, ClientSession, EndCause, MinuteCharge } from "../ports/clients.ts";
import type { ConnectionContext } from "./connection_context.ts";
import {
  type ConnectionAction,
  type ConnectionEvent,
  type ConnectionState,
  isPaused,
  isServed,
  transition,
} from "./connection_state.ts";
import { FrameIntake } from "./frame_intake.ts";
import type { BrokenLimit } from "./outbound_queue.ts";
import { Outbox, type OutboxOwner } from "./outbox.ts";
import { Pause } from "./pause.ts";
import { ReadBuffer } from "./read_buffer.ts";
import { Share } from "./rounds.ts";
import { slowReaderFields } from "./slow_reader.ts";
import type { Socket } from "./socket.ts";

/**
 * Time for the other end to close after us. A socket that is closed while unread bytes arrive is reset (RFC 2525,
 * section 2.17), which may destroy the last frames on their way.
 */
const LINGER_MS = 1_000;

/** A client's connection, from the accepted socket to its end. */
export class Connection implements ClientLink, OutboxOwner {
  readonly share: Share;
  readonly isConfirmedOnly: boolean;
  readonly #socket: Socket;
  readonly #context: ConnectionContext<Connection>;
  readonly #outbox: Outbox;
  readonly #intake: FrameIntake;
  #state: ConnectionState = "handshaking";
  #session: ClientSession | undefined;
  /** Monotonic time at which a connection that serves no session is cut. */
  #cutMs = Infinity;
  /** Length of the current delay, ms. */
  #delayMs = 0;
  readonly #pause = new Pause();
  #problem: ProtocolError | undefined;
  #cause: EndCause | undefined;

  /** Starts nothing. */
  constructor(socket: Socket, context: ConnectionContext<Connection>) {
    this.#socket = socket;
    this.isConfirmedOnly = socket.isConfirmedOnly ?? false;
    this.#context = context;
    this.#outbox = new Outbox(socket, context.limits, context.outboundTotal, this);
    this.share = new Share(context.rounds, () => this.#onTurn());
    this.#intake = new FrameIntake(this.share, context.limits.frameCompletionMs, context.counts);
    if (!socket.boundsHandshake || context.isRefused) this.#cutMs = this.#inMs(context.limits.tlsHandshakeMs);
  }

  get address(): string {
    return this.#socket.address;
  }

  /** True while the session is logged in. */
  get loggedIn(): boolean {
    return this.#guard(() => this.#session?.loggedIn) ?? false;
  }

  /** True once it hears why it has to end: its handshake is over. */
  get isBeingTold(): boolean {
    return this.#session !== undefined;
  }

  /** True while the session is in the midst of a login. */
  get loggingIn(): boolean {
    return this.#guard(() => this.#session?.loggingIn) ?? false;
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

  give(frame: Uint8Array, unbounded: boolean): void {
    this.#outbox.give(frame, unbounded);
  }

  get hasRoom(): boolean {
    return this.#outbox.hasRoom;
  }

  owe(bytes: number, memoryBytes: number): void {
    this.#outbox.owe(bytes, memoryBytes);
  }

  because(cause: EndCause): void {
    this.#cause ??= cause;
  }

  close(): void {
    this.#handle("close");
  }

  resume(): void {
    this.#handle("resume");
  }

  charge(): MinuteCharge {
    return this.#context.charge(this);
  }

  /** Tells the client why the connection has to end, and closes it. */
  dismiss(reason: Refusal): void {
    if (isServed(this.#state)) this.#guard(() => this.#session?.dismiss(reason));
    else this.end();
  }

  /** Ends the connection at once; queued bytes are lost. */
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
    const { limits, logger, counts } = this.#context;
    counts.turnedAway[limit]++;
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
      const hasWaiting = isPaused(this.#state) && session.loggedIn;
      if (nowMs >= session.deadlineMs && !hasWaiting) return this.#closeSilent();
      const problem = this.#intake.look(this.#state === "receiving", nowMs);
      if (problem !== undefined) this.#malformed(problem);
    });
  }

  #closeSilent(): void {
    this.because("rule broken");
    this.close();
  }

  /** True while the other end reads its replies: one that only sends has to wait. */
  get #takesRequests(): boolean {
    return this.#outbox.queuedBytes <= this.#context.limits.outboundBytesSoft;
  }

  #inMs(ms: number): number {
    return this.#context.clock.monotonicMs() + ms;
  }

  /** Takes the transition that the event causes. */
  #handle(event: ConnectionEvent): void {
    const [state, action] = transition(this.#state, event);
    if (state === this.#state) return;
    if (this.#state === "queued") this.share.leave();
    this.#state = state;
    this.#pause.end();
    if (action !== undefined) this.#act(action);
  }

  #act(action: ConnectionAction): void {
    switch (action) {
      case "openSession":
        return void this.#guard(() => this.#session = this.#context.openSession(this));
      case "awaitTurn":
        return this.share.wait();
      case "reportMalformed":
        return this.#guard(() => this.#problem && this.#session?.malformed(this.#problem));
      case "reportFinished":
        return this.#guard(() => this.#session?.finished());
      case "flush":
        this.#cutMs = this.#inMs(this.#context.limits.writeMs);
        this.#guard(() => this.#session?.outlet.closing());
        return this.#outbox.finish();
      case "closeWrite":
        this.#cutMs = this.#inMs(LINGER_MS);
        return void this.#socket.closeWrite(this.#cause ?? "done").catch(() => this.end());
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
    const buffer = new ReadBuffer();
    while (this.#state !== "ended") {
      let count: number | null;
      try {
        count = await this.#socket.read(buffer.bytes);
      } catch {
        return this.end();
      }
      if (count === null) return this.#handle("peerFinished");
      // Bytes that arrive later are read and discarded, so that the other end can finish and hear us.
      if (this.#state !== "receiving") continue;
      this.#intake.push(buffer.bytes.subarray(0, count));
      this.#handOver(session);
      while (isPaused(this.#state)) {
        const isDelayed = (this.#state as ConnectionState) === "delayed";
        await this.#pause.begin(isDelayed ? this.#delayMs : undefined, () => this.#handle("delayOver"));
        this.#handOver(session);
      }
      buffer.filled(count);
    }
  }

  #onTurn(): void {
    this.#handle("turn");
    if (this.#session !== undefined) this.#handOver(this.#session);
  }

  /** Gives the session the frames that have arrived, up to a pause. */
  #handOver(session: ClientSession): void {
    try {
      while (this.#state === "receiving") {
        // A list in the making goes on: others may wait for its end.
        if (!this.#takesRequests && !session.isUnfinished) return this.#handle("congest");
        const outcome = this.#intake.serveNext(session);
        if (outcome === "empty") return;
        if (outcome === "queue") return this.#handle("queue");
        if (outcome instanceof ProtocolError) return this.#malformed(outcome);
        if (outcome > 0) {
          this.#delayMs = outcome;
          this.#handle(outcome === Infinity ? "suspend" : "delay");
        }
      }
    } catch (error) {
      this.#fault(error);
    }
  }

  #malformed(problem: ProtocolError): void {
    this.#problem = problem;
    this.#handle("malformed");
  }

  #guard<T>(action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      this.#fault(error);
      return undefined;
    }
  }

  #fault(error: unknown): void {
    this.end();
    this.#context.onFault(error);
  }
}
