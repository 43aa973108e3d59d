/**
 * One connection to one node: requests out, their replies back in the order of the requests, pushes in
 * between (client protocol, section 4).
 *
 * @module
 */

import { CLIENT_LIMITS } from "../../common/client_limits.ts";
import { decodeFromServer, encodeForServer, isStrangePush } from "../../common/protocol/client_codec.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { PROTOCOL_VERSION } from "../../common/protocol/requests.ts";
import type { Request } from "../../common/protocol/requests.ts";
import { FrameReader } from "../../common/wire/frame.ts";
import type { Welcome } from "../core/model.ts";
import type { NodePlace } from "../core/node_list.ts";
import type { Stream, Transport } from "./transport.ts";
import { within } from "./within.ts";

/** Time without a request after which a PING keeps the connection, ms (client protocol, section 4). */
const PING_MS = 60_000;

/** Time without a byte from the node, while it owes a handshake or a reply, after which it is given up, ms. */
export const SILENCE_MS = 20_000;

/** Time for a sign of life of a node that may be gone, ms. */
const PROBE_MS = 3_000;

/** Interval of checks for both, ms. */
const CHECK_MS = 1_000;

interface Waiting {
  readonly sinceMs: number;
  resolve(reply: ConfirmedReply): void;
  reject(error: Error): void;
}

/** A connection to one node. */
export class NodeConnection {
  readonly #waiting: Waiting[] = [];
  readonly #reader = new FrameReader(CLIENT_LIMITS.replyBytes);
  #sending: Promise<unknown> = Promise.resolve();
  #lastRequestMs = performance.now();
  #lastReceivedMs = 0;
  #closedBecause: string | undefined;
  readonly #checks: ReturnType<typeof setInterval>;
  #probe: ReturnType<typeof setTimeout> | undefined;
  #resolveClosed: (reason: string) => void = () => {};

  /** Resolves with the reason once the connection has ended, from either side. */
  readonly closed: Promise<string>;

  private constructor(
    readonly stream: Stream,
    readonly reasonOf: Transport["reasonOf"],
    readonly onPush: (push: Push) => void,
  ) {
    this.closed = new Promise((resolve) => this.#resolveClosed = resolve);
    this.#checks = setInterval(() => this.#check(), CHECK_MS);
    this.#receive();
  }

  /**
   * Connects and says HELLO. A node that is slow to answer is waited for: with all its clients coming back after a
   * restart, it would never get to anybody who came again and again.
   *
   * @param signal ends the attempt
   * @returns the connection, and the WELCOME of the node
   * @throws {Error} with the reason, if there is none
   */
  static async open(
    place: NodePlace,
    transport: Transport,
    onPush: (push: Push) => void,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<{ readonly connection: NodeConnection; readonly welcome: Welcome }> {
    const stream = await transport.open(place, signal);
    const connection = new NodeConnection(stream, transport.reasonOf, onPush);
    try {
      const hello = { version: PROTOCOL_VERSION, client: transport.program };
      const answer = connection.request({ name: "hello", payload: hello });
      const reply = await within(SILENCE_MS, signal, answer);
      if (reply.name === "welcome") return { connection, welcome: reply.payload };
      throw new Error(reply.name === "error" ? reply.payload.message : `it answers HELLO with ${reply.name}`);
    } catch (error) {
      connection.close(transport.reasonOf(error));
      throw error;
    }
  }

  /**
   * Sends a request.
   *
   * @returns its reply
   * @throws {Error} if the connection ends before the reply
   */
  request(request: Request): Promise<ConfirmedReply> {
    if (this.#closedBecause !== undefined) return Promise.reject(new Error(this.#closedBecause));
    this.#lastRequestMs = performance.now();
    const frame = encodeForServer(request);
    this.#sending = this.#sending.then(() => this.#write(frame));
    return new Promise((resolve, reject) =>
      this.#waiting.push({ sinceMs: this.#lastRequestMs, resolve, reject })
    );
  }

  /** Gives the node up unless it says something within a short time. */
  probe(): void {
    const sinceMs = performance.now();
    this.request({ name: "ping", payload: null }).catch(() => {});
    clearTimeout(this.#probe);
    this.#probe = setTimeout(() => {
      if (this.#lastReceivedMs < sinceMs) this.close(`no answer for ${PROBE_MS / 1_000} s`);
    }, PROBE_MS);
  }

  /** Ends the connection; requests without a reply are rejected. */
  close(reason: string): void {
    if (this.#closedBecause !== undefined) return;
    this.#closedBecause = reason;
    clearInterval(this.#checks);
    clearTimeout(this.#probe);
    this.stream.close();
    for (const waiting of this.#waiting.splice(0)) waiting.reject(new Error(reason));
    this.#resolveClosed(reason);
  }

  async #write(frame: Uint8Array): Promise<void> {
    try {
      if (this.#closedBecause === undefined) await this.stream.write(frame);
    } catch (error) {
      this.close(this.reasonOf(error));
    }
  }

  async #receive(): Promise<void> {
    try {
      while (true) {
        const bytes = await this.stream.read();
        if (bytes === null) return this.close("the node closed the connection");
        this.#lastReceivedMs = performance.now();
        this.#reader.push(bytes);
        for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
          if (isStrangePush(frame)) continue;
          const received = decodeFromServer(frame);
          // Not here and now: a fault of the program must not pass for one of the connection.
          if ("push" in received) queueMicrotask(() => this.onPush(received.push));
          else this.#answer(received.reply);
        }
      }
    } catch (error) {
      this.close(this.reasonOf(error));
    }
  }

  #answer(reply: ConfirmedReply): void {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return waiting.resolve(reply);
    const reason = reply.name === "error" ? reply.payload.message : "the node sent a reply to nothing";
    this.close(reason);
  }

  #check(): void {
    const nowMs = performance.now();
    const oldest = this.#waiting[0];
    // On a slow line, a reply stands behind all that was sent before it.
    if (oldest !== undefined && nowMs - Math.max(oldest.sinceMs, this.#lastReceivedMs) > SILENCE_MS) {
      this.close(`no answer for ${SILENCE_MS / 1_000} s`);
    } else if (nowMs - this.#lastRequestMs > PING_MS) {
      this.request({ name: "ping", payload: null }).catch(() => {});
    }
  }
}
