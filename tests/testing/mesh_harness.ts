/**
 * A mesh of nodes in one process, over a tiny network. The test delivers messages, syncs logs and passes
 * time.
 *
 * @module
 */

import type { Clock, Logger } from "../../server/ports/outside.ts";
import type { PeerAddress, PeerLink, PeerNetwork, PeerStream } from "../../server/ports/peers.ts";
import type { PeerMessage } from "../../server/ports/peer_message.ts";
import { MeshMember } from "./mesh_member.ts";
import { SeededNumbers } from "./seeded_numbers.ts";

/** Interval of every mesh's ticks, ms. */
const TICK_MS = 100;

/** A sent message, its sender and its receiver. */
export interface Sent {
  readonly from: string;
  readonly to: string;
  readonly message: PeerMessage;
}

/** A message in transit. */
interface Parcel {
  readonly from: string;
  readonly to: string;
  arrive(): void;
}

/** One end of a stream. */
class End implements PeerLink {
  provenName: string | undefined;
  stream: PeerStream | undefined;
  other: End | undefined;
  #isClosed = false;

  constructor(readonly harness: MeshHarness, readonly from: string, readonly to: string) {}

  send(message: PeerMessage): void {
    if (this.#isClosed) return;
    const sent = { from: this.from, to: this.to, message };
    this.harness.sent.push(sent);
    if (this.harness.loses(sent)) return;
    this.harness.post(this.from, this.to, () => this.other?.arrived(this.harness.alters(sent)));
  }

  arrived(message: PeerMessage): void {
    if (!this.#isClosed) this.stream?.received(message);
  }

  close(): void {
    if (this.#isClosed) return;
    this.harness.post(this.from, this.to, () => this.other?.ended("the peer has closed the stream"));
    this.ended("this node has closed the stream");
  }

  ended(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.harness.post(this.from, this.from, () => this.stream?.closed(reason));
  }
}

/** The nodes of a mesh and the network between them. */
export class MeshHarness {
  readonly time = { wallMs: 1_700_000_000_000, monotonicMs: 1_000 };
  readonly members = new Map<string, MeshMember>();
  /** Every message ever sent. */
  readonly sent: Sent[] = [];
  /** Diagnostics, each with its node. */
  readonly logged: string[] = [];
  /** Returns true for a message to lose, although its stream goes on. */
  loses: (sent: Sent) => boolean = () => false;
  /** Changes a message when it arrives. */
  alters: (sent: Sent) => PeerMessage = ({ message }) => message;
  /** The member that one reaches under the name of another: two nodes may run under one name. */
  readonly routes = new Map<string, string>();
  readonly #cuts = new Set<string>();
  #parcels: Parcel[] = [];
  #ends: End[] = [];

  /** @param names names of the nodes, which all know each other; those in `started` run */
  constructor(readonly names: readonly string[], started = names) {
    for (const name of started) this.start(name);
  }

  /** The configured peers of a node. */
  peersOf(name: string): PeerAddress[] {
    return this.names.filter((each) => each !== name).map(addressOf);
  }

  /** Starts a node with its disk, or with a new one. */
  start(name: string, member = new MeshMember(name), peers = this.peersOf(name)): MeshMember {
    this.members.set(name, member);
    member.start({
      peers,
      network: this.#network(name),
      clock: this.#clock(member),
      random: { bytes: (count) => new Uint8Array(count) },
      logger: this.#logger(name),
    });
    return member;
  }

  /** A running node. */
  member(name: string): MeshMember {
    const member = this.members.get(name);
    if (member === undefined) throw new Error(`${name} does not run`);
    return member;
  }

  /** Ends a node's process and breaks its streams; returns its disk. */
  kill(name: string): MeshMember {
    const member = this.member(name);
    this.members.delete(name);
    for (const end of this.#ends) {
      if (end.from !== name) continue;
      end.stream = undefined;
      end.other?.ended("connection reset");
    }
    return member;
  }

  #clock(member: MeshMember): Clock {
    return {
      wallMs: () => this.time.wallMs + member.clockAheadMs,
      monotonicMs: () => this.time.monotonicMs,
    };
  }

  #logger(name: string): Logger {
    const log = (event: string): void => void this.logged.push(`${name} ${event}`);
    return { debug: log, info: log, warn: log, error: log };
  }

  #network(from: string): PeerNetwork {
    return { dial: (peer, stream) => this.#dial(from, peer.name, stream) };
  }

  #dial(from: string, name: string, stream: PeerStream): PeerLink {
    const to = this.routes.get(`${from}>${name}`) ?? name;
    const near = new End(this, from, to);
    near.stream = stream;
    const member = this.members.get(to);
    if (member === undefined) {
      near.ended("connection refused");
      return near;
    }
    const far = new End(this, to, from);
    near.other = far;
    far.other = near;
    this.#ends.push(near, far);
    this.post(from, to, () => far.stream = member.mesh.accept(far));
    return near;
  }

  /** Puts a message into transit. */
  post(from: string, to: string, arrive: () => void): void {
    this.#parcels.push({ from, to, arrive });
  }

  /** Cuts two nodes off from each other, in both directions; messages are held back. */
  cut(a: string, b: string): void {
    this.#cuts.add(`${a}>${b}`).add(`${b}>${a}`);
  }

  /** Reopens both directions. */
  join(a: string, b: string): void {
    this.#cuts.delete(`${a}>${b}`);
    this.#cuts.delete(`${b}>${a}`);
  }

  /** Delivers messages and syncs logs until nothing is left to do. */
  settle(): void {
    for (let isQuiet = false; !isQuiet;) {
      isQuiet = !this.#deliverOne();
      if (!isQuiet) continue;
      for (const member of this.members.values()) if (member.sync()) isQuiet = false;
    }
  }

  #deliverOne(): boolean {
    const i = this.#parcels.findIndex(({ from, to }) => !this.#cuts.has(`${from}>${to}`));
    const [parcel] = i < 0 ? [] : this.#parcels.splice(i, 1);
    parcel?.arrive();
    return parcel !== undefined;
  }

  /** Lets time pass, with ticks and deliveries. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += TICK_MS) {
      this.time.wallMs += TICK_MS;
      this.time.monotonicMs += TICK_MS;
      for (const member of this.members.values()) member.mesh.tick();
      this.settle();
    }
  }

  /** Number of entries sent from one node to another so far. */
  entriesSent(from: string, to: string): number {
    let count = 0;
    for (const each of this.sent) {
      if (each.from === from && each.to === to && each.message.type === "entries") {
        count += each.message.count;
      }
    }
    return count;
  }

  /** State of a node's peers: name and state. */
  states(name: string): string[] {
    return this.member(name).mesh.status().map((peer) => `${peer.name} ${peer.state}`);
  }
}

/** Address of a node. */
export function addressOf(name: string): PeerAddress {
  return { name, host: `${name}.test`, port: 6_000 };
}

/** Seeded random bytes. */
export function randomOf(seed: number): { bytes(count: number): Uint8Array } {
  const numbers = new SeededNumbers(seed);
  return { bytes: (count) => Uint8Array.from({ length: count }, () => numbers.below(256)) };
}
