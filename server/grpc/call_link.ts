/**
 * One gRPC call as a `PeerLink`, at either end.
 *
 * @module
 */

import { ProtocolError } from "../../common/errors.ts";
import type { PeerMessage, RefusalCode } from "../ports/peer_message.ts";
import type { PeerLink, PeerStream } from "../ports/peers.ts";
import type { ProofExchange } from "./key_proof.ts";
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
  /** Name that the peer's certificate proves. */
  readonly provenName?: string | undefined;
  /**
   * Lets go of the call and everything below it; called once, before the stream hears that it is over.
   *
   * @param problem the other end's breach of the protocol, if there was one
   */
  release(problem?: string): void;
}

/** A proof that the other end owes. */
export interface OwedProof {
  readonly exchange: ProofExchange;
  /** The other end has proved its name. */
  proven(name: string): void;
}

/** One gRPC call. The call itself queues messages that it cannot send yet, in order and without bound. */
export class CallLink implements PeerLink {
  /** Resolves when the stream is over. */
  readonly ended: Promise<void>;
  readonly #release: (problem?: string) => void;
  readonly #resolveEnded: () => void;
  #provenName: string | undefined;
  #call: Call | undefined;
  #owed: OwedProof | undefined;
  /** Messages of this end that wait for the proof. */
  #waiting: PeerMessage[] = [];
  #stream: PeerStream | undefined;
  #state: "open" | "closing" | "over" = "open";
  #flushTimer: ReturnType<typeof setTimeout> | undefined;

  constructor({ provenName, release }: CallLinkOptions) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#provenName = provenName;
    this.ended = promise;
    this.#resolveEnded = resolve;
    this.#release = release;
  }

  /** Name that the other end has proved, by its certificate or by the cluster key. */
  get provenName(): string | undefined {
    return this.#provenName;
  }

  /** True until the other end has given the proof that it owes. */
  get isProving(): boolean {
    return this.#owed !== undefined;
  }

  /** Hands all further messages over to `stream`. */
  deliverTo(stream: PeerStream): void {
    this.#stream = stream;
  }

  /**
   * Carries the stream over a call, in place of an earlier one.
   *
   * @param owed given if the other end must prove itself before anything else is said or taken
   */
  carry(call: Call, owed?: OwedProof): void {
    this.#call = call;
    this.#owed = owed;
    call.on("data", (message) => {
      if (this.#call === call) this.#received(message);
    });
    const opening = owed?.exchange.opening;
    if (opening !== undefined) call.write(encodeMessage(opening));
    if (owed === undefined) this.#sendWaiting();
  }

  /** Queues one message; nothing happens once the stream has ended. */
  send(message: PeerMessage): void {
    if (this.#state !== "open") return;
    if (this.#call === undefined || this.isProving) this.#waiting.push(message);
    else this.#call.write(encodeMessage(message));
  }

  /** Ends the stream once the queue was sent. Messages that come afterwards are not handed over any more. */
  close(): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#call?.end();
    this.#flushTimer = setTimeout(() => this.finish("this node has closed the stream"), FLUSH_MS);
  }

  /** Ends the stream, because the call has ended or has to. Only the first call counts. */
  finish(reason: string): void {
    const isUnfinished = this.#state === "open" && this.#owed !== undefined;
    this.#finish(reason, isUnfinished ? this.#owed?.exchange.unfinished : undefined);
  }

  /** Ends the stream, because the other end must not have it. */
  refuse(reason: string, code?: RefusalCode): void {
    this.#finish(reason, reason, code);
  }

  #finish(reason: string, problem?: string, code?: RefusalCode): void {
    if (this.#state === "over") return;
    const told = this.#state === "closing" ? "this node has closed the stream" : reason;
    this.#state = "over";
    clearTimeout(this.#flushTimer);
    this.#release(problem);
    this.#resolveEnded();
    this.#stream?.closed(told, code);
  }

  #received(wire: WireMessage): void {
    if (this.#state !== "open") return;
    const message = this.#decoded(wire);
    if (message === undefined) return;
    if (this.#owed !== undefined) this.#takeProof(this.#owed, message);
    else this.#stream?.received(message);
  }

  #takeProof({ exchange, proven }: OwedProof, message: PeerMessage): void {
    const step = exchange.take(message);
    if (step.result === "refused") return this.refuse(step.reason, step.code);
    if (step.say !== undefined) this.#call?.write(encodeMessage(step.say));
    if (step.result === "waiting") return;
    this.#owed = undefined;
    this.#provenName = step.name;
    proven(step.name);
    this.#sendWaiting();
  }

  #sendWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) this.send(message);
  }

  #decoded(wire: WireMessage): PeerMessage | undefined {
    try {
      return decodeMessage(wire);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.refuse(`the other end does not keep to proto/replication.proto: ${error.message}`);
      return undefined;
    }
  }
}
