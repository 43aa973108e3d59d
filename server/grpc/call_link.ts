/**
 * One gRPC call as a `PeerLink`, at either end.
 *
 * @module
 */

import { ProtocolError } from "../../common/errors.ts";
import type { PeerLink, PeerStream } from "../ports/peers.ts";
import type { PeerMessage } from "../ports/peer_message.ts";
import { decodeMessage, encodeMessage, type WireMessage } from "./message_codec.ts";

/** Time that the other end has to take the queue when this one closes, ms. */
export const FLUSH_MS = 500;

/** The methods that the calls of client and server have in common. */
interface Call {
  write(message: WireMessage): boolean;
  end(): unknown;
  on(event: "data", listener: (message: WireMessage) => void): unknown;
}

/** The differences between the two ends. */
interface CallLinkOptions {
  readonly call: Call;
  /** Name that the peer's certificate proves. */
  readonly provenName: string | undefined;
  /**
   * Lets go of the call and everything below it; called once, before the stream hears that it is over.
   *
   * @param problem the other end's breach of the protocol, if there was one
   */
  release(problem?: string): void;
}

/** One gRPC call. The call itself queues messages that it cannot send yet, in order and without bound. */
export class CallLink implements PeerLink {
  readonly provenName: string | undefined;
  /** Resolves when the stream is over. */
  readonly ended: Promise<void>;
  readonly #call: Call;
  readonly #release: (problem?: string) => void;
  readonly #resolveEnded: () => void;
  #stream: PeerStream | undefined;
  #state: "open" | "closing" | "over" = "open";
  #flushTimer: ReturnType<typeof setTimeout> | undefined;

  constructor({ call, provenName, release }: CallLinkOptions) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.provenName = provenName;
    this.ended = promise;
    this.#resolveEnded = resolve;
    this.#call = call;
    this.#release = release;
  }

  /** Hands all further messages over to `stream`. */
  deliverTo(stream: PeerStream): void {
    this.#stream = stream;
    this.#call.on("data", (message) => this.#received(message));
  }

  /** Queues one message; nothing happens once the stream has ended. */
  send(message: PeerMessage): void {
    if (this.#state === "open") this.#call.write(encodeMessage(message));
  }

  /** Ends the stream once the queue was sent. Messages that come afterwards are not handed over any more. */
  close(): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#call.end();
    this.#flushTimer = setTimeout(() => this.finish("this node has closed the stream"), FLUSH_MS);
  }

  /** Ends the stream, because the call has ended or has to. Only the first call counts. */
  finish(reason: string): void {
    this.#finish(reason);
  }

  #finish(reason: string, problem?: string): void {
    if (this.#state === "over") return;
    const told = this.#state === "closing" ? "this node has closed the stream" : reason;
    this.#state = "over";
    clearTimeout(this.#flushTimer);
    this.#release(problem);
    this.#resolveEnded();
    this.#stream?.closed(told);
  }

  #received(wire: WireMessage): void {
    if (this.#state !== "open") return;
    const message = this.#decoded(wire);
    if (message !== undefined) this.#stream?.received(message);
  }

  #decoded(wire: WireMessage): PeerMessage | undefined {
    try {
      return decodeMessage(wire);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      const problem = `the other end does not keep to proto/replication.proto: ${error.message}`;
      this.#finish(problem, problem);
      return undefined;
    }
  }
}
