/**
 * A client of a node in a test, without a network between them.
 *
 * @module
 */

import { ProtocolError } from "../../common/errors.ts";
import { decodeFromServer } from "../../common/protocol/client_codec.ts";
import { type Dialect, encodeRequest } from "../../common/protocol/codec.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import type { OriginalReply } from "../../common/protocol/original_replies.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { Request, RequestName, RequestPayload } from "../../common/protocol/requests.ts";
import { encodeFrame, type Frame, FrameReader } from "../../common/wire/frame.ts";
import type { Refusal } from "../../server/core/decision.ts";
import type { ClientLink, ClientSession, EndCause, MinuteCharge } from "../../server/ports/clients.ts";
import type { NodeHarness } from "./node_harness.ts";
import { decodeOriginalReply } from "./protocol_frames.ts";

/** A reply of either dialect. */
export type AnyReply = ConfirmedReply | OriginalReply;

/** A client of a `NodeHarness`. */
export class HarnessClient implements ClientLink {
  /** True for a client that comes over a WebSocket. */
  isConfirmedOnly = false;
  /** Why the session wants it to end, if it has said so. */
  cause: EndCause | undefined;
  /** Lists are served in one go, unless a test ends the turn. */
  readonly share = {
    mayGoOn: true,
    take: (units: number): void => void (this.frameWork += units),
    use: (): void => this.onWork(),
  };
  /** Work on frames beside that of their bytes, units. */
  frameWork = 0;
  /** Called after each slice of a list. */
  onWork: () => void = () => {};
  readonly session: ClientSession;
  dialect: Dialect = "original";
  closed = false;
  /** The way of the frames to this client, if it is not free. */
  pipe: Pick<ClientLink, "hasRoom" | "send" | "give" | "owe"> | undefined;
  resumes = 0;
  /** Pause that the session asked for at the last frame, ms. */
  pauseMs = 0;
  /** Refusal of an address whose minute is spent. */
  spentMinute: Refusal | undefined;
  /** Number of charges taken back. */
  givenBack = 0;
  /** Token of the last login. */
  token = "";
  readonly replies: AnyReply[] = [];
  readonly pushes: Push[] = [];

  constructor(readonly harness: NodeHarness, readonly address: string) {
    this.session = harness.sessions.open(this);
  }

  get hasRoom(): boolean {
    return this.pipe?.hasRoom ?? true;
  }

  send(frame: Uint8Array, unbounded?: boolean): void {
    if (this.pipe) this.pipe.send(frame, unbounded);
    else this.receive(frame);
  }

  give(frame: Uint8Array, unbounded: boolean): void {
    if (this.pipe) this.pipe.give(frame, unbounded);
    else this.receive(frame);
  }

  /** Takes frames of the node. */
  receive(frames: Uint8Array): void {
    const reader = new FrameReader(0xffffffff);
    reader.push(frames);
    for (let whole = reader.next(); whole !== undefined; whole = reader.next()) this.receiveFrame(whole);
    if (reader.pendingBytes > 0 || this.closed) {
      throw new Error("the node sent no whole frames to an open link");
    }
  }

  /** Takes a frame that has arrived. */
  receiveFrame(whole: Frame): void {
    if (this.dialect === "original") {
      this.replies.push(decodeOriginalReply(whole));
      return;
    }
    const said = decodeFromServer(whole);
    if ("push" in said) this.pushes.push(said.push);
    else this.replies.push(said.reply);
  }

  owe(bytes: number, memoryBytes: number): void {
    this.pipe?.owe(bytes, memoryBytes);
  }

  because(cause: EndCause): void {
    this.cause ??= cause;
  }

  close(): void {
    this.closed = true;
  }

  resume(): void {
    this.resumes++;
    if (this.session.isUnfinished) this.pauseMs = this.session.goOn();
  }

  charge(): MinuteCharge {
    const { spentMinute } = this;
    return { refusal: spentMinute, giveBack: () => this.givenBack++ };
  }

  /** Passes bytes to the session as a connection does. */
  write(bytes: Uint8Array): void {
    const reader = new FrameReader(this.session.payloadBytesMax);
    reader.push(bytes);
    try {
      const frame = reader.next();
      if (frame === undefined) throw new Error("no whole frame was written");
      this.pauseMs = this.session.received(frame);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.session.malformed(error);
    }
  }

  /** Sends a request and does not wait. */
  request<Name extends RequestName>(
    name: Name,
    payload: RequestPayload<Name>,
  ): void {
    this.write(encodeRequest({ name, payload } as Request, this.dialect));
  }

  /** Sends a frame with this payload. */
  frame(type: number, payload: Uint8Array = new Uint8Array(0)): void {
    this.write(encodeFrame(type, (writer) => writer.raw(payload)));
  }

  /** The replies since the last call. */
  takeReplies(): AnyReply[] {
    this.harness.settle();
    return this.replies.splice(0);
  }

  /** The pushes since the last call. */
  takePushes(): Push[] {
    this.harness.settle();
    return this.pushes.splice(0);
  }

  /** The one reply since the last call. @throws {Error} if there is none or more */
  takeReply(): AnyReply {
    const replies = this.takeReplies();
    const [reply] = replies;
    if (reply === undefined || replies.length > 1) throw new Error(`${replies.length} replies, one expected`);
    return reply;
  }

  /** Sends a request and returns its one reply. */
  ask<Name extends RequestName>(
    name: Name,
    payload: RequestPayload<Name>,
  ): AnyReply {
    this.harness.settle();
    this.replies.length = 0;
    this.request(name, payload);
    return this.takeReply();
  }

  /** The same, in short: the code of an ERROR, the count of an OK, or the name of the reply. */
  tell<Name extends RequestName>(
    name: Name,
    payload: RequestPayload<Name>,
  ): string {
    return inShort(this.ask(name, payload));
  }

  /** Sends HELLO. */
  hello(): void {
    this.request("hello", { version: 2, client: "test" });
    this.dialect = "confirmed";
    const reply = this.takeReply();
    if (reply.name !== "welcome") throw new Error(`HELLO was answered with ${inShort(reply)}`);
  }

  /** Sends LOGIN_1 and LOGIN_2. @throws {Error} if one of them fails */
  login(name: string, password: string): void {
    this.ask("startLogin", { name });
    const reply = this.ask("finishLogin", { password });
    if (reply.name !== "loginSuccess") {
      throw new Error(`the login of ${name} was answered with ${inShort(reply)}`);
    }
    if ("token" in reply.payload) this.token = reply.payload.token;
  }
}

/** See `HarnessClient.tell`. */
export function inShort(reply: AnyReply): string {
  if (reply.name === "error") return typeof reply.payload === "string" ? reply.payload : reply.payload.code;
  return reply.name === "ok" && reply.payload ? `ok ${reply.payload.count}` : reply.name;
}
