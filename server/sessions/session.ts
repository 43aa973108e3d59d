/**
 * What is said over one connection: frames in, requests out to their handlers, replies back in order.
 *
 * @module
 */

import { ProtocolError } from "../../common/errors.ts";
import { decodeRequest, type Dialect, requestName, TAG_MAX } from "../../common/protocol/codec.ts";
import type { ConfirmedReply, OriginalReply } from "../../common/protocol/replies.ts";
import { type Request, type RequestName, REQUESTS } from "../../common/protocol/requests.ts";
import { ShapeError } from "../../common/protocol/shape.ts";
import { type Frame, HEADER_BYTES } from "../../common/wire/frame.ts";
import type { Account, Token } from "../core/accounts/account.ts";
import { type Decision, isRefusal, readOnly, type Refusal, refuse } from "../core/decision.ts";
import { versionWith } from "../core/version.ts";
import type { ClientLink, ClientSession } from "../ports/node.ts";
import { COPIED_REQUESTS } from "./copied_requests.ts";
import { handle } from "./handlers.ts";
import type { Node } from "../node/node.ts";
import { SessionOutput } from "./session_output.ts";
import { TokenBucket } from "./token_bucket.ts";
import { WindowCounter } from "./window_counter.ts";

const MINUTE_MS = 60_000;

/** A node that fills itself is asked again after so long. */
const FILLING_RETRY_SECONDS = 1;

/** A name that LOGIN_1 has asked about, and what it was told. */
export interface PendingLogin {
  readonly name: string;
  readonly existing: boolean;
}

/** One connection's session; logged in or not. */
export class Session implements ClientSession {
  readonly output: SessionOutput;
  dialect: Dialect = "original";
  pendingLogin: PendingLogin | undefined;
  account: Account | undefined;
  /** The token that the login made or was made with; none in the original dialect. */
  token: Token | undefined;
  /** Frames before the present one. */
  framesBefore = -1;
  deadlineMs: number;
  /** The connection has ended, or is about to. */
  ended = false;
  /** Passwords of this session that are being hashed: no frame may come meanwhile. */
  #waits = 0;
  #paused = false;
  /** No further frame will come. */
  #finished = false;
  #badFrames: WindowCounter | undefined;
  readonly #messageRate: TokenBucket;
  readonly #byteRate: TokenBucket;

  constructor(readonly node: Node, readonly link: ClientLink) {
    const { limits } = node.settings;
    const nowMs = node.ports.clock.monotonicMs();
    this.output = new SessionOutput(node, link, () => this.#resume());
    this.deadlineMs = nowMs + limits.firstFrameMs;
    this.#messageRate = new TokenBucket(limits.messagesPerSecond, limits.messagesBurst, nowMs);
    this.#byteRate = new TokenBucket(limits.bytesPerSecond, limits.bytesBurst, nowMs);
  }

  /** Whether the connection is logged in. */
  get loggedIn(): boolean {
    return this.account !== undefined;
  }

  /** Longest payload that may come now, bytes. */
  get payloadBytesMax(): number {
    const { frameBytes, frameBytesBeforeLogin } = this.node.settings.limits;
    return this.loggedIn ? frameBytes : frameBytesBeforeLogin;
  }

  /** See `ClientSession`. */
  received(frame: Frame): number {
    if (this.ended) return Infinity;
    this.framesBefore++;
    const nowMs = this.node.ports.clock.monotonicMs();
    this.#moveDeadline(nowMs);
    const name = requestName(frame.type, this.dialect);
    if (name === undefined) this.#unknownFrame(frame.type);
    else this.#take(name, frame.payload);
    return this.#pauseMs(name, frame, nowMs);
  }

  #moveDeadline(nowMs: number): void {
    const { limits } = this.node.settings;
    if (!this.loggedIn) {
      if (this.framesBefore === 0) this.deadlineMs = nowMs + limits.loginMs;
    } else this.deadlineMs = this.dialect === "confirmed" ? nowMs + limits.idleMs : Infinity;
  }

  #take(name: RequestName, payload: Uint8Array): void {
    let request: Request;
    const { valueDepth: depth, listItems: items, dictionaryKeys: keys } = this.node.settings.limits;
    try {
      const tagMax = TAG_MAX[this.dialect];
      request = decodeRequest(name, payload, this.dialect, { depth, items, keys, tagMax });
    } catch (error) {
      if (error instanceof ShapeError) return this.refuse(name, refuse("bad-request", error.message));
      if (error instanceof ProtocolError) return this.#badFrame(name, refuse("bad-request", error.message));
      throw error;
    }
    if (this.node.closing) {
      return this.refuse(name, refuse("unavailable", "this node is closing; go on with another"));
    }
    const { filling } = this.node.ports.replication;
    if (filling !== undefined && name !== "hello" && name !== "ping") {
      return this.refuse(name, refuse("unavailable", filling, FILLING_RETRY_SECONDS));
    }
    if (REQUESTS[name].access === "account" && this.account === undefined) {
      return this.refuse(name, refuse("not-logged-in", "log in first: LOGIN_1 and LOGIN_2, or RESUME"));
    }
    handle(this, request);
  }

  #unknownFrame(type: number | bigint): void {
    const refusal = refuse("unknown-request", `there is no request of type ${type}`);
    this.#badFrame(undefined, refusal);
  }

  /** Answers a frame that cannot be understood; after too many of them the connection ends. */
  #badFrame(name: RequestName | undefined, refusal: Refusal): void {
    const nowMs = this.node.ports.clock.monotonicMs();
    this.#badFrames ??= new WindowCounter(MINUTE_MS);
    this.#badFrames.add("", nowMs);
    const max = this.node.settings.limits.badFramesPerMinute;
    if (max === 0 || this.#badFrames.count("", nowMs) < max) return this.refuse(name, refusal);
    const message = `${refusal.message}; it is the last of ${max} such frames within a minute: goodbye`;
    this.refuse(undefined, { ...refusal, message });
    this.end();
  }

  /** For how many ms no frame may come after this one. */
  #pauseMs(name: RequestName | undefined, frame: Frame, nowMs: number): number {
    const bytes = frame.payload.length + HEADER_BYTES;
    const byBytes = this.loggedIn ? this.#byteRate.take(bytes, nowMs) : 0;
    const byMessages = name === "sendMessage" && this.loggedIn ? this.#messageRate.take(1, nowMs) : 0;
    this.#paused = this.#waits > 0 || this.ended || this.output.isFull;
    return this.#paused ? Infinity : Math.max(byBytes, byMessages);
  }

  /** Lets no frame come until as many calls of `endWait`. */
  beginWait(): void {
    this.#waits++;
  }

  /** Lets frames come again. */
  endWait(): void {
    this.#waits--;
    if (this.#finished) this.finished();
    else this.#resume();
  }

  #resume(): void {
    if (!this.#paused || this.#waits > 0 || this.ended || this.output.isFull) return;
    this.#paused = false;
    this.link.resume();
  }

  /** Makes a decision happen and answers it, or refuses it; nothing happens while the disk is full. */
  carryOut(name: RequestName, outcome: Decision | Refusal): void {
    if (isRefusal(outcome)) return this.refuse(name, outcome);
    if (outcome.events.length > 0 && this.node.ports.log.readOnly) return this.refuse(name, readOnly());
    const changes = this.node.apply(outcome.events, this);
    if (this.dialect !== "confirmed") return;
    const reply = outcome.reply(changes);
    if (!COPIED_REQUESTS.has(name)) return this.reply(reply);
    const { state, settings } = this.node;
    const { events, restsOn } = outcome;
    // What a repetition repeats may have come from another node.
    const rests = events.length === 0 ? new Map(state.version) : versionWith(restsOn ?? [], settings.origin);
    this.output.replyCopied(reply, rests);
  }

  /** Answers in the confirmed dialect. */
  reply(reply: ConfirmedReply): void {
    this.output.reply(reply);
  }

  /** Answers in the original dialect: such a reply has no pages and is as long as it is. */
  replyOriginal(reply: OriginalReply): void {
    this.output.replyOriginal(reply);
  }

  /** Answers that a request cannot be served; in the original dialect, only if it has a reply at all. */
  refuse(name: RequestName | undefined, refusal: Refusal): void {
    const { code, message, retryAfter } = refusal;
    if (this.dialect === "confirmed" || name === "hello") {
      const payload = retryAfter === undefined ? { code, message } : { code, message, retryAfter };
      this.reply({ name: "error", payload });
    } else if (name === undefined || REQUESTS[name].answersOriginal) {
      this.replyOriginal({ name: "error", payload: message });
    }
  }

  /** Logs the session in. */
  enter(account: Account, token: Token | undefined): void {
    const { sessions } = this.node;
    const isFirst = sessions.of(account).length === 0;
    if (this.account === account) sessions.remove(account, this);
    else this.leave();
    sessions.add(account, this);
    this.account = account;
    this.token = token;
    this.#moveDeadline(this.node.ports.clock.monotonicMs());
    this.node.ports.logger.debug("loggedIn", { user: account.name, address: this.link.address });
    if (isFirst) this.node.cameOnline(account);
  }

  /** Logs the session out. */
  leave(): void {
    const { account, node } = this;
    if (account === undefined) return;
    node.sessions.remove(account, this);
    this.account = undefined;
    this.token = undefined;
    this.deadlineMs = node.ports.clock.monotonicMs() + node.settings.limits.loginMs;
    if (node.sessions.of(account).length === 0) node.wentOffline(account);
  }

  /** Ends the session and, once everything said before has left, the connection. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.leave();
    this.node.turn.add(this.output, "end", 0, 0);
  }

  /** See `ClientSession`. */
  malformed(error: ProtocolError): void {
    this.refuse(undefined, refuse("bad-request", error.message));
    this.end();
  }

  /** See `ClientSession`. */
  finished(): void {
    this.#finished = true;
    if (this.#waits === 0) this.end();
  }

  /** See `ClientSession`. */
  disconnected(): void {
    this.ended = true;
    this.output.end();
    this.leave();
  }
}
