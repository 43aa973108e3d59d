/**
 * Two ends of streams between nodes, on real sockets.
 *
 * @module
 */

import type { PeerCertificate } from "../../server/grpc/credentials.ts";
import { GrpcListener } from "../../server/grpc/grpc_listener.ts";
import { GrpcNetwork } from "../../server/grpc/grpc_network.ts";
import type { LogFields, Logger } from "../../server/ports/outside.ts";
import type { PeerLink, PeerStream } from "../../server/ports/peers.ts";
import type { PeerMessage, RefusalCode } from "../../server/ports/peer_message.ts";
import { eventually } from "../testing/eventually.ts";

/** A receiver that records everything. */
export class RecordingStream implements PeerStream {
  readonly messages: PeerMessage[] = [];
  readonly reasons: string[] = [];
  /** Code of this node's refusal, if it has refused the other end. */
  code: RefusalCode | undefined;
  /** Messages that came after the end. */
  late = 0;
  /** Set at once, if the test is to answer. */
  onMessage: (message: PeerMessage) => void = () => {};

  received(message: PeerMessage): void {
    if (this.reasons.length > 0) this.late++;
    this.messages.push(message);
    this.onMessage(message);
  }

  closed(reason: string, code?: RefusalCode): void {
    this.reasons.push(reason);
    this.code = code;
  }

  /** Resolves with the reason when the stream is over. */
  async end(): Promise<string> {
    await eventually("the stream is over", () => this.reasons.length > 0);
    return this.reasons[0] ?? "";
  }
}

/** A stream that a listener has accepted. */
export interface Taken {
  readonly link: PeerLink;
  readonly stream: RecordingStream;
}

/** A node that accepts streams, and a node that opens them. */
export class TwoNodes {
  readonly taken: Taken[] = [];
  readonly warnings: LogFields[] = [];
  /** Set if the test prepares every stream before the first message. */
  onTaken: (taken: Taken) => void = () => {};
  readonly network: GrpcNetwork;
  #listener: GrpcListener | undefined;
  #isStopped = false;

  private constructor(certificate: PeerCertificate | undefined) {
    this.network = new GrpcNetwork(certificate);
  }

  /** Starts both, each with its certificate or without. */
  static async start(
    target?: PeerCertificate,
    source?: PeerCertificate,
  ): Promise<TwoNodes> {
    const nodes = new TwoNodes(source);
    nodes.#listener = await GrpcListener.start({
      host: "127.0.0.1",
      port: 0,
      certificate: target,
      logger: nodes.#logger(),
      isPeerAddress: () => true,
      accept: (link) => nodes.#accept(link),
    });
    return nodes;
  }

  /** The listener of the accepting node. */
  get listener(): GrpcListener {
    if (this.#listener === undefined) throw new Error("it does not listen");
    return this.#listener;
  }

  /** The port of the accepting node. */
  get port(): number {
    return this.#listener?.port ?? 0;
  }

  /** Opens a stream to the accepting node. */
  dial(name = "node2"): { link: PeerLink; stream: RecordingStream } {
    const stream = new RecordingStream();
    const link = this.network.dial({ name, host: "127.0.0.1", port: this.port }, stream);
    return { link, stream };
  }

  /** Opens a stream, and waits until the other end has it. */
  async connect(): Promise<{ near: Taken; far: Taken }> {
    const count = this.taken.length;
    const near = this.dial();
    near.link.send({ type: "heartbeat", number: 0, version: [] });
    await eventually("the stream is taken", () => (this.taken[count]?.stream.messages.length ?? 0) > 0);
    const far = this.taken[count];
    if (far === undefined) throw new Error("no stream was taken");
    near.stream.messages.length = 0;
    far.stream.messages.length = 0;
    return { near, far };
  }

  /** Stops the accepting node. */
  async stopTarget(): Promise<void> {
    if (!this.#isStopped) await this.#listener?.stop();
    this.#isStopped = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.network.stop(), this.stopTarget()]);
  }

  #accept(link: PeerLink): PeerStream {
    const taken = { link, stream: new RecordingStream() };
    this.taken.push(taken);
    this.onTaken(taken);
    return taken.stream;
  }

  #logger(): Logger {
    const ignored = (): void => {};
    return {
      debug: ignored,
      info: ignored,
      warn: (event, fields = {}) => this.warnings.push({ event, ...fields }),
      error: ignored,
    };
  }
}
