/**
 * The network between the nodes: ordered streams over directions that can be slow, cut or frozen.
 *
 * @module
 */

import type { PeerAddress, PeerLink, PeerNetwork, PeerStream } from "../../server/ports/peers.ts";
import type { PeerMessage } from "../../server/ports/peer_message.ts";
import type { Machine } from "./machine.ts";
import { StreamWindow } from "./stream_window.ts";
import type { ServerProcess } from "./server_process.ts";
import type { World } from "./world.ts";

/** Duration of a dial attempt over a cut direction, ms. */
const TIMEOUT_MS = 3_000;

/** A message in transit, or the end of the stream. */
type Parcel = PeerMessage | "end";

/** One end of a stream: a process and the receiver of its messages. */
interface End {
  readonly process: ServerProcess;
  stream: PeerStream | undefined;
}

/** One direction of a stream. */
class Direction implements PeerLink {
  readonly window = new StreamWindow();
  /** Parcels held back by a cut. */
  readonly held: Parcel[] = [];
  #lastMs = 0;
  #isEnded = false;

  constructor(
    readonly stream: Stream,
    readonly from: End,
    readonly to: End,
    readonly provenName: string | undefined,
  ) {}

  get #world(): World {
    return this.from.process.machine.world;
  }

  send(message: PeerMessage): void {
    if (this.#isEnded || this.stream.isOver || !this.from.process.isAlive) return;
    const { machine } = this.from.process;
    this.#world.watch.peerSends(machine, this.to.process.machine.name, message, this.window);
    this.#world.trace.add(machine.name, "sends", message.type, this.to.process.machine.name);
    this.#post(message);
  }

  close(): void {
    if (this.#isEnded) return;
    this.#post("end");
    this.#isEnded = true;
    const { process } = this.from;
    process.later(0, () => this.from.stream?.closed("this node has closed the stream"));
  }

  /** The process has died; `isTold` is true if its system still announces the end. */
  abandon(isTold: boolean): void {
    if (isTold && !this.#isEnded) this.#post("end");
    this.#isEnded = true;
  }

  #post(parcel: Parcel): void {
    const world = this.#world;
    const { wires } = world;
    const { machine } = this.from.process;
    const atMs = world.nowMs + wires.delayMs(machine, this.to.process.machine);
    this.#lastMs = Math.max(this.#lastMs, atMs);
    world.at(this.#lastMs, () => this.#arrives(parcel));
    // Keeps the order of parcels sent at one moment, whatever the tie-break.
    this.#lastMs += 0.001;
  }

  #arrives(parcel: Parcel): void {
    const { wires } = this.#world;
    const isCut = wires.isCut(this.from.process.machine, this.to.process.machine);
    if (isCut || this.held.length > 0) this.held.push(parcel);
    else this.#deliver(parcel);
  }

  /** The direction is open again. */
  flush(): void {
    for (const parcel of this.held.splice(0)) this.#deliver(parcel);
  }

  #deliver(parcel: Parcel): void {
    if (this.stream.isOver) return;
    if (parcel === "end") return this.stream.end("the peer has closed the stream", this.to);
    if (parcel.type === "ack") this.stream.other(this).window.acknowledged(parcel.number);
    this.to.process.run(() => this.to.stream?.received(parcel));
  }
}

/** A stream between two processes. */
class Stream {
  isOver = false;
  readonly there: Direction;
  readonly back: Direction;

  constructor(dialler: End, acceptor: End, isProven: boolean) {
    const acceptorName = isProven ? acceptor.process.machine.node : undefined;
    this.there = new Direction(this, dialler, acceptor, acceptorName);
    this.back = new Direction(this, acceptor, dialler, isProven ? dialler.process.machine.node : undefined);
  }

  other(direction: Direction): Direction {
    return direction === this.there ? this.back : this.there;
  }

  involves(process: ServerProcess): boolean {
    return this.there.from.process === process || this.there.to.process === process;
  }

  /** Ends the stream and tells the given ends why. */
  end(reason: string, ...ends: readonly End[]): void {
    this.isOver = true;
    for (const { process, stream } of ends) process.later(0, () => stream?.closed(reason));
  }
}

/** All streams of the world, and the state of every direction between two machines. */
export class PeerWires {
  #streams: Stream[] = [];
  readonly #cuts = new Set<string>();
  readonly #slow = new Map<string, number>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Delay of a message between two machines, ms. */
  delayMs(from: Machine, to: Machine): number {
    const { chance, settings } = this.#world;
    const slowMs = this.#slow.size === 0 ? 0 : this.#slow.get(wayOf(from, to)) ?? 0;
    return 0.05 + chance.delay(settings.delayMs, settings.delayMsMax) + slowMs;
  }

  /** Adds a delay to every message from one machine to another, ms. */
  slow(from: Machine, to: Machine, ms: number): void {
    this.#slow.set(wayOf(from, to), ms);
  }

  /** True if nothing gets from one machine to another. */
  isCut(from: Machine, to: Machine): boolean {
    return this.#cuts.size > 0 && this.#cuts.has(wayOf(from, to));
  }

  /** Cuts the direction from one machine to another. */
  cut(from: Machine, to: Machine): void {
    this.#cuts.add(wayOf(from, to));
  }

  /** Reopens a direction; messages held back arrive now. */
  join(from: Machine, to: Machine): void {
    if (!this.#cuts.delete(wayOf(from, to))) return;
    for (const { there, back } of this.#streams) {
      for (const direction of [there, back]) {
        if (direction.from.process.machine === from && direction.to.process.machine === to) direction.flush();
      }
    }
  }

  /** Reopens all directions and removes all added delays. */
  heal(): void {
    this.#cuts.clear();
    this.#slow.clear();
    for (const { there, back } of this.#streams) {
      there.flush();
      back.flush();
    }
  }

  /** Breaks every stream between two machines. */
  reset(a: Machine, b: Machine): void {
    for (const stream of this.#streams) {
      const { from, to } = stream.there;
      const [one, other] = [from.process.machine, to.process.machine];
      if ((one === a && other === b) || (one === b && other === a)) stream.end("connection reset", from, to);
    }
  }

  /**
   * A process has ended.
   *
   * @param isTold true if the other ends hear of it
   */
  ended(process: ServerProcess, isTold: boolean): void {
    for (const { there, back } of this.#streams) {
      if (there.from.process === process) there.abandon(isTold);
      if (back.from.process === process) back.abandon(isTold);
    }
    this.#streams = this.#streams.filter((stream) =>
      !stream.isOver && (stream.there.from.process.isAlive || stream.there.to.process.isAlive)
    );
  }

  /** The network as one process sees it. */
  of(process: ServerProcess): PeerNetwork {
    return { dial: (peer, stream) => this.#dial(process, peer, stream) };
  }

  #dial(process: ServerProcess, peer: PeerAddress, stream: PeerStream): PeerLink {
    const world = this.#world;
    const target = world.reached(process.machine, peer.name);
    const dialler: End = { process, stream };
    const [from, to] = [process.machine, target];
    const roundTripMs = this.delayMs(from, to) + this.delayMs(to, from);
    const refused = (reason: string, ms: number): PeerLink => {
      process.later(ms, () => stream.closed(reason));
      return { provenName: undefined, send: () => {}, close: () => {} };
    };
    if (this.isCut(from, to) || this.isCut(to, from)) return refused("nobody answers", TIMEOUT_MS);
    if (target.process === undefined) return refused("connection refused", roundTripMs);
    const acceptor: End = { process: target.process, stream: undefined };
    const opened = new Stream(dialler, acceptor, world.settings.hasCertificates);
    this.#streams.push(opened);
    world.at(world.nowMs, () => acceptor.process.run(() => this.#accept(opened, acceptor)));
    return opened.there;
  }

  #accept(opened: Stream, acceptor: End): void {
    acceptor.stream = acceptor.process.accept(opened.back);
  }
}

function wayOf(from: Machine, to: Machine): string {
  return `${from.name}>${to.name}`;
}
