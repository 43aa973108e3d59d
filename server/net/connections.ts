/**
 * All client connections of this node, from all of its listeners.
 *
 * @module
 */

import { encodeOriginalReply } from "../../common/protocol/codec.ts";
import type { ClientLink, ClientSession, MinuteCharge } from "../ports/clients.ts";
import type { ConnectionMemory } from "../ports/memory.ts";
import { Admission, type Dismissal } from "./admission.ts";
import { Connection } from "./connection.ts";
import type { ConnectionContext } from "./connection_context.ts";
import { ConnectionCounts, type TurnedAwayBy } from "./connection_counts.ts";
import { OutboundTotal } from "./outbound_queue.ts";
import type { Socket, Transport } from "./socket.ts";
import { Rounds } from "./rounds.ts";

/** Interval at which the time limits of every connection are enforced. */
const SWEEP_MS = 1_000;

/** Connections that are being told why they have to end; further ones are closed without a message. */
const FAREWELLS_MAX = 64;

/** Memory of an idle connection with TLS, most of it the engine's, bytes: as measured. */
const CONNECTION_BYTES = 55_296;

/** Settings and callbacks of all connections. */
interface ConnectionsOptions
  extends Omit<ConnectionContext<Connection>, "outboundTotal" | "counts" | "rounds" | "charge" | "onEnd"> {
  /** The heap, if it has a limit that connections can reach. */
  readonly memory?: ConnectionMemory;
}

/** Admits connections, enforces their time limits, and ends them. */
export class Connections {
  readonly counts = new ConnectionCounts();
  readonly #options: ConnectionsOptions;
  readonly #context: ConnectionContext<Connection>;
  readonly #admission: Admission<Connection>;
  readonly #admitted = new Map<Connection, Transport>();
  /** Connections that are being told why they have to end. */
  readonly #farewells = new Set<Connection>();
  #sweeper: ReturnType<typeof setInterval> | undefined;
  #nextRound: ReturnType<typeof setTimeout> | undefined;
  #onEmpty: (() => void) | undefined;

  /** Starts nothing: the timer runs only while connections exist. */
  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#context = {
      ...options,
      openSession: (link) => {
        // Its handshake is over. The session must be there before strangers, perhaps this one, have to go.
        queueMicrotask(() => this.#grow());
        return options.openSession(link);
      },
      onFault: (error) => options.onFault(error),
      // Deno calls immediates one after the other without a look at the sockets, and whatever comes at once leaves
      // too little time for others: a timer of 0 ms leaves them a millisecond.
      rounds: new Rounds(
        options.limits,
        () => this.#nextRound = setTimeout(() => this.#context.rounds.next()),
      ),
      outboundTotal: new OutboundTotal(options.limits.outboundBytesTotal),
      counts: this.counts,
      charge: (connection) => this.#charge(connection),
      onEnd: (connection) => this.#remove(connection),
    };
    this.#admission = new Admission(options.limits);
  }

  /** Number of admitted connections. */
  get count(): number {
    return this.#admitted.size;
  }

  /** Number of admitted connections by transport. */
  byTransport(): Readonly<Record<Transport, number>> {
    const counts = { tcp: 0, tls: 0, web: 0 };
    for (const transport of this.#admitted.values()) counts[transport]++;
    return counts;
  }

  /** Number of connections that wait for their turn in a round. */
  get waiting(): number {
    return this.#context.rounds.waiting;
  }

  /** Memory of the output that waits for clients, and bytes that were written since the start. */
  get outbound(): { readonly waitingBytes: number; readonly writtenBytes: number } {
    const { bytes: waitingBytes, writtenBytes } = this.#context.outboundTotal;
    return { waitingBytes, writtenBytes };
  }

  /** Admits an accepted socket, or refuses it. */
  accept(socket: Socket): void {
    this.#grow();
    if (this.#strangersMax === 0) {
      this.#turnAway(socket.address, "memory", "the memory of this node is exhausted");
      return socket.close();
    }
    const refusal = this.#admission.refusal();
    if (refusal !== undefined) return this.refuse(socket, refusal);
    const connection = new Connection(socket, this.#context);
    const dismissal = this.#admission.enter(connection, this.#options.clock.monotonicMs());
    if (dismissal !== undefined) this.#dismiss(dismissal);
    this.#admitted.set(connection, socket.transport);
    this.counts.admitted[socket.transport]++;
    this.#begin(connection);
    this.#shed();
  }

  /**
   * Lets strangers give way because no descriptor is left, as many as can be told why. Those that are being told
   * already count: their descriptors are free in a moment.
   */
  makeWay(): void {
    const told = [...this.#farewells].filter(({ isBeingTold }) => isBeingTold);
    const count = FAREWELLS_MAX - told.length;
    const problem = "this node has no descriptor left";
    for (const dismissal of this.#admission.giveWay(count, "descriptors", problem)) this.#dismiss(dismissal);
  }

  /** Closes an accepted socket, with an ERROR that names the reason unless many get one at the moment. */
  refuse(socket: Socket, reason: string): void {
    this.#turnAway(socket.address, "connections", reason);
    if (this.#farewells.size >= FAREWELLS_MAX) return socket.close();
    const connection = new Connection(socket, {
      ...this.#context,
      isRefused: true,
      openSession: (link) => refusingSession(link, reason),
    });
    this.#farewells.add(connection);
    this.#begin(connection);
  }

  /**
   * Ends all connections once their queues are written, and resolves when the last one has ended. The
   * listeners must be closed first.
   */
  closeAll(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      for (const connection of [...this.#admitted.keys(), ...this.#farewells]) {
        connection.because("node stops");
        connection.close();
      }
      this.#rest();
    });
  }

  get #strangersMax(): number {
    return this.#options.memory?.strangersMax ?? Infinity;
  }

  /** Reckons with the memory of another connection. */
  #grow(): void {
    this.#options.memory?.took(CONNECTION_BYTES);
    this.#shed();
  }

  /** Ends strangers that the memory has no room for, at once: a farewell takes more of it. */
  #shed(): void {
    for (const dismissal of this.#admission.shed(this.#strangersMax)) {
      this.#countDismissal(dismissal);
      dismissal.guest.end();
    }
  }

  #charge(connection: Connection): MinuteCharge {
    const charge = this.#admission.charge(connection, this.#options.clock.monotonicMs());
    const { refusal } = charge;
    if (refusal !== undefined) {
      this.#turnAway(connection.address, "newConnectionsPerMinute", refusal.message);
    }
    return charge;
  }

  #turnAway(address: string, by: TurnedAwayBy, reason: string): void {
    this.counts.turnedAway[by]++;
    this.#options.logger.debug("connectionRefused", { address, reason });
  }

  #dismiss(dismissal: Dismissal<Connection>): void {
    const { guest, reason } = dismissal;
    this.#countDismissal(dismissal);
    this.#admitted.delete(guest);
    const isTold = this.#farewells.size < FAREWELLS_MAX;
    this.#farewells.add(guest);
    if (isTold) guest.dismiss(reason);
    else guest.end();
  }

  #countDismissal({ guest: { address }, reason: { message }, by }: Dismissal<Connection>): void {
    this.counts.turnedAway[by]++;
    this.#options.logger.debug("connectionDismissed", { address, reason: message });
  }

  #begin(connection: Connection): void {
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_MS);
    void connection.start();
  }

  #sweep(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const connection of this.#farewells) connection.sweep(nowMs);
    for (const connection of this.#admitted.keys()) {
      connection.sweep(nowMs);
      this.#admission.update(connection);
    }
    for (const dismissal of this.#admission.trim(nowMs)) this.#dismiss(dismissal);
    this.#shed();
    this.#admission.forget(nowMs);
  }

  #remove(connection: Connection): void {
    this.#farewells.delete(connection);
    if (this.#admitted.delete(connection)) this.#admission.leave(connection);
    this.#rest();
  }

  /** Stops the timers if no connection is left. */
  #rest(): void {
    if (this.#admitted.size + this.#farewells.size > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
    clearTimeout(this.#nextRound);
    this.#context.rounds.next();
    this.#onEmpty?.();
  }
}

/** The session of a refused connection: sends the reason and closes. */
function refusingSession(link: ClientLink, reason: string): ClientSession {
  link.send(encodeOriginalReply({ name: "error", payload: reason }));
  link.because("turned away");
  link.close();
  return {
    payloadBytesMax: 0,
    loggedIn: false,
    loggingIn: false,
    outlet: { relieved: () => {}, closing: () => {} },
    deadlineMs: Infinity,
    isUnfinished: false,
    received: () => Infinity,
    goOn: () => Infinity,
    malformed: () => {},
    dismiss: () => {},
    finished: () => {},
    disconnected: () => {},
  };
}
