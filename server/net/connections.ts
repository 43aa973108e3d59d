/**
 * All client connections of this node, whatever listener they came through.
 *
 * @module
 */

import { encodeOriginalReply } from "../../common/protocol/codec.ts";
import type { ClientLink, ClientSession } from "../ports/node.ts";
import { Admission } from "./admission.ts";
import { Connection, type ConnectionContext, type Socket } from "./connection.ts";
import { OutboundTotal } from "./outbound_queue.ts";

/** How often every connection is looked at for what has a time limit. */
const SWEEP_MS = 1_000;

/** Refusals that are being said at the same time; beyond them, a connection is refused without a word. */
const REFUSALS_MAX = 64;

/** What is needed of the outside. */
type ConnectionsOptions = Omit<ConnectionContext, "outboundTotal" | "onEnd">;

/** Lets connections in, keeps them within their time limits, and ends them. */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #context: ConnectionContext;
  readonly #admission: Admission<Connection>;
  readonly #admitted = new Set<Connection>();
  readonly #refused = new Set<Connection>();
  #sweeper: ReturnType<typeof setInterval> | undefined;
  #onEmpty: (() => void) | undefined;

  /** Starts nothing: the timer runs only while there are connections. */
  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#context = {
      ...options,
      openSession: (link) => options.openSession(link),
      onFault: (error) => options.onFault(error),
      outboundTotal: new OutboundTotal(options.limits.outboundBytesTotal),
      onEnd: (connection) => this.#remove(connection),
    };
    this.#admission = new Admission(options.limits);
  }

  /** How many connections were let in and have not ended. */
  get count(): number {
    return this.#admitted.size;
  }

  /** Lets an accepted socket in, or refuses it with an ERROR that says why. */
  accept(socket: Socket): void {
    const address = "hostname" in socket.remoteAddr ? socket.remoteAddr.hostname : "";
    const refusal = this.#admission.refusal(address, this.#options.clock.monotonicMs());
    if (refusal !== undefined) return this.#refuse(socket, address, refusal);
    const connection = new Connection(socket, address, this.#context);
    this.#admission.enter(connection)?.end();
    this.#admitted.add(connection);
    this.#begin(connection);
  }

  /**
   * Ends all connections once what is queued was sent. Resolves when the last one has ended. The listeners
   * are to be closed first.
   */
  closeAll(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      for (const connection of [...this.#admitted, ...this.#refused]) connection.close();
      this.#rest();
    });
  }

  #refuse(socket: Socket, address: string, reason: string): void {
    this.#options.logger.debug("connectionRefused", { address, reason });
    if (this.#refused.size >= REFUSALS_MAX) return socket.close();
    const connection = new Connection(socket, address, {
      ...this.#context,
      openSession: (link) => refusingSession(link, reason),
    });
    this.#refused.add(connection);
    this.#begin(connection);
  }

  #begin(connection: Connection): void {
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_MS);
    void connection.start();
  }

  #sweep(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const connection of this.#refused) connection.sweep(nowMs);
    for (const connection of this.#admitted) {
      connection.sweep(nowMs);
      this.#admission.update(connection);
    }
    this.#admission.forget(nowMs);
  }

  #remove(connection: Connection): void {
    this.#refused.delete(connection);
    if (this.#admitted.delete(connection)) this.#admission.leave(connection);
    this.#rest();
  }

  /** Without a connection there is nothing to look at. */
  #rest(): void {
    if (this.#admitted.size + this.#refused.size > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
    this.#onEmpty?.();
  }
}

/** The session of a connection that is told why it may not come in, and closed. */
function refusingSession(link: ClientLink, reason: string): ClientSession {
  link.send(encodeOriginalReply({ name: "error", payload: reason }));
  link.close();
  return {
    payloadBytesMax: 0,
    loggedIn: false,
    deadlineMs: Infinity,
    received: () => Infinity,
    malformed: () => {},
    finished: () => {},
    disconnected: () => {},
  };
}
