/**
 * The network between the nodes: streams that keep their order, over directions that are slow, cut or frozen.
 *
 * @module
 */

import type { PeerAddress, PeerLink, PeerNetwork, PeerStream } from "../../server/ports/peers.ts";
import type { PeerMessage } from "../../server/ports/peer_message.ts";
import type { Machine } from "./machine.ts";
import { StreamWindow } from "./stream_window.ts";
import type { ServerProcess } from "./server_process.ts";
import type { World } from "./world.ts";

/** How long an attempt to reach somebody takes where nothing arrives, ms. */
const TIMEOUT_MS = 3_000;

/** What is on its way: a message, or the end of the stream. */
type Parcel = PeerMessage | "end";

/** One end of a stream: a process, and what it does with what comes. */
interface End {
  readonly process: ServerProcess;
  stream: PeerStream | undefined;
}

/** One direction of a stream. */
class Direction implements PeerLink {
  readonly window = new StreamWindow();
  /** What would have arrived if the way were not cut. */
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

  /** The process is gone; whether its system could still say so. */
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
    // What is sent at one moment arrives in its order, whatever the tie-break.
    this.#lastMs += 0.001;
  }

  #arrives(parcel: Parcel): void {
    const { wires } = this.#world;
    const isCut = wires.isCut(this.from.process.machine, this.to.process.machine);
    if (isCut || this.held.length > 0) this.held.push(parcel);
    else this.#deliver(parcel);
  }

  /** The way is open again. */
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
    const acceptorName = isProven ? acceptor.process.machine.name : undefined;
    this.there = new Direction(this, dialler, acceptor, acceptorName);
    this.back = new Direction(this, acceptor, dialler, isProven ? dialler.process.machine.name : undefined);
  }

  other(direction: Direction): Direction {
    return direction === this.there ? this.back : this.there;
  }

  involves(process: ServerProcess): boolean {
    return this.there.from.process === process || this.there.to.process === process;
  }

  /** The stream is over; those who live and have not ended it themselves hear why. */
  end(reason: string, ...ends: readonly End[]): void {
    this.isOver = true;
    for (const { process, stream } of ends) process.later(0, () => stream?.closed(reason));
  }
}

/** See the module. */
export class PeerWires {
  #streams: Stream[] = [];
  readonly #cuts = new Set<string>();
  readonly #slow = new Map<string, number>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** How long something takes from one machine to another, ms. */
  delayMs(from: Machine, to: Machine): number {
    const { chance, settings } = this.#world;
    const slowMs = this.#slow.size === 0 ? 0 : this.#slow.get(wayOf(from, to)) ?? 0;
    return 0.05 + chance.delay(settings.delayMs, settings.delayMsMax) + slowMs;
  }

  /** Everything takes that much longer from one machine to another. */
  slow(from: Machine, to: Machine, ms: number): void {
    this.#slow.set(wayOf(from, to), ms);
  }

  /** Whether nothing gets from one machine to another. */
  isCut(from: Machine, to: Machine): boolean {
    return this.#cuts.size > 0 && this.#cuts.has(wayOf(from, to));
  }

  /** Nothing gets from one machine to another any more. */
  cut(from: Machine, to: Machine): void {
    this.#cuts.add(wayOf(from, to));
  }

  /** Everything gets through again; what was on its way arrives now. */
  join(from: Machine, to: Machine): void {
    if (!this.#cuts.delete(wayOf(from, to))) return;
    for (const { there, back } of this.#streams) {
      for (const direction of [there, back]) {
        if (direction.from.process.machine === from && direction.to.process.machine === to) direction.flush();
      }
    }
  }

  /** All ways are open. */
  heal(): void {
    this.#cuts.clear();
    this.#slow.clear();
    for (const { there, back } of this.#streams) {
      there.flush();
      back.flush();
    }
  }

  /** Every stream between two machines breaks. */
  reset(a: Machine, b: Machine): void {
    for (const stream of this.#streams) {
      const { from, to } = stream.there;
      const [one, other] = [from.process.machine, to.process.machine];
      if ((one === a && other === b) || (one === b && other === a)) stream.end("connection reset", from, to);
    }
  }

  /** A process has ended. @param isTold whether the other ends hear of it */
  ended(process: ServerProcess, isTold: boolean): void {
    for (const { there, back } of this.#streams) {
      if (there.from.process === process) there.abandon(isTold);
      if (back.from.process === process) back.abandon(isTold);
    }
    this.#streams = this.#streams.filter((stream) =>
      !stream.isOver && (stream.there.from.process.isAlive || stream.there.to.process.isAlive)
    );
  }

  /** The network as a process sees it. */
  of(process: ServerProcess): PeerNetwork {
    return { dial: (peer, stream) => this.#dial(process, peer, stream) };
  }

  #dial(process: ServerProcess, peer: PeerAddress, stream: PeerStream): PeerLink {
    const world = this.#world;
    const target = world.machine(peer.name);
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
