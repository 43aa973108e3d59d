/**
 * All client connections of this node, from all of its listeners.
 *
 * @module
 */

import { encodeOriginalReply } from "../../common/protocol/codec.ts";
import type { ClientLink, ClientSession } from "../ports/clients.ts";
import { Admission } from "./admission.ts";
import { Connection, type ConnectionContext, type Socket } from "./connection.ts";
import { OutboundTotal } from "./outbound_queue.ts";

/** Interval at which the time limits of every connection are enforced. */
const SWEEP_MS = 1_000;

/** Refused connections that are being told why; further ones are closed without a message. */
const REFUSALS_MAX = 64;

/** Settings and callbacks of all connections. */
type ConnectionsOptions = Omit<ConnectionContext, "outboundTotal" | "onEnd">;

/** Admits connections, enforces their time limits, and ends them. */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #context: ConnectionContext;
  readonly #admission: Admission<Connection>;
  readonly #admitted = new Set<Connection>();
  readonly #refused = new Set<Connection>();
  #sweeper: ReturnType<typeof setInterval> | undefined;
  #onEmpty: (() => void) | undefined;

  /** Starts nothing: the timer runs only while connections exist. */
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

  /** Number of admitted connections. */
  get count(): number {
    return this.#admitted.size;
  }

  /** Admits an accepted socket, or refuses it with an ERROR that names the reason. */
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
   * Ends all connections once their queues are written, and resolves when the last one has ended. The
   * listeners must be closed first.
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

  /** Stops the timer if no connection is left. */
  #rest(): void {
    if (this.#admitted.size + this.#refused.size > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
    this.#onEmpty?.();
  }
}

/** The session of a refused connection: sends the reason and closes. */
function refusingSession(link: ClientLink, reason: string): ClientSession {
  link.send(encodeOriginalReply({ name: "error", payload: reason }));
  link.close();
  return {
    payloadBytesMax: 0,
    loggedIn: false,
    outlet: { relieved: () => {}, closing: () => {} },
    deadlineMs: Infinity,
    received: () => Infinity,
    malformed: () => {},
    finished: () => {},
    disconnected: () => {},
  };
}
