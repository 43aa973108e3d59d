/**
 * A node under the control of a test, reduced to the view that replication has of it.
 *
 * @module
 */

import type { EncodedEntry } from "../../server/core/encoded_entry.ts";
import { type Entry, entryOf } from "../../server/core/entry.ts";
import type { Event } from "../../server/core/events.ts";
import { advance, type Reached, seqOf } from "../../server/core/version.ts";
import type { SharedEnd } from "../../server/replication/branching.ts";
import type { KeptFork } from "../../server/replication/fork_host.ts";
import { Forks } from "../../server/replication/forks.ts";
import { Mesh } from "../../server/replication/mesh.ts";
import type { MeshHost, MeshOptions, StreamOptions } from "../../server/replication/mesh_host.ts";
import type { Full } from "../../server/ports/node.ts";
import type { PeerAddress } from "../../server/ports/peers.ts";
import { MemoryHistory } from "./memory_history.ts";

/** Options of a node's start. */
type MemberPorts = Pick<MeshOptions, "network" | "clock" | "random" | "logger"> & {
  readonly peers: readonly PeerAddress[];
};

/** A message of this length, in characters. */
export function messageOf(length: number): Event {
  return { type: "messageSent", id: "m", from: "ann.1", to: "bob.1", content: "x".repeat(length) };
}

/** A node of a mesh. */
export class MeshMember implements MeshHost {
  readonly version = new Map<string, Reached>();
  readonly history: MemoryHistory = new MemoryHistory();
  full: Full | undefined;
  /** Calls that wait until entries can be absorbed; `undefined` while all can be at once. */
  preparing: (() => void)[] | undefined;
  /** True while nothing becomes durable. */
  isStuck = false;
  clockAheadMs = 0;
  halted: Error | undefined;
  isFilled = false;
  /** `+` and `-` before the account id. */
  readonly presence: string[] = [];
  readonly takenNames = new Set<string>();
  replications = 0;
  /** `alone` of the mesh at each change of the cluster that the host heard of. */
  readonly clusterChanges: (string | undefined)[] = [];
  /** The reasons for which clients were sent away. */
  readonly dismissals: string[] = [];
  /** True if it goes on as a removed node. */
  servesAlone = false;
  #pending: { readonly entries: readonly Entry[]; readonly durable: () => void }[] = [];
  #mesh: Mesh | undefined;
  #clock: MeshOptions["clock"] | undefined;

  constructor(readonly name: string, readonly origin = `${name}#aaaaaaaaaaaa`) {}

  /** Its replication. */
  get mesh(): Mesh {
    if (this.#mesh === undefined) throw new Error(`${this.name} was not started`);
    return this.#mesh;
  }

  /** Begins to replicate the entries on its disk. */
  start({ peers, ...ports }: MemberPorts): void {
    this.#pending = [];
    this.#clock = ports.clock;
    this.version.clear();
    for (const entry of this.history.entries) advance(this.version, entry);
    this.#mesh = new Mesh(this.options(ports), peers);
  }

  /** Options of its streams. */
  options(ports: Omit<MemberPorts, "peers">): StreamOptions {
    const { name, origin, history, servesAlone } = this;
    const lacksAll = history.end.position === 0;
    const options = { name, cluster: "test", origin, host: this, history, lacksAll, servesAlone, ...ports };
    return { ...options, forks: new Forks(options) };
  }

  /** A copy of its disk, under the same name or another. */
  copy(name = this.name, origin = this.origin): MeshMember {
    const copy = new MeshMember(name, origin);
    copy.history.append(...this.history.entries);
    return copy;
  }

  /** Writes entries of its own, which are not durable yet. */
  write(count = 1, event: Event = messageOf(3)): Entry[] {
    const written: Entry[] = [];
    for (let i = 0; i < count; i++) {
      const entry = entryOf(this.origin, seqOf(this.version, this.origin) + 1, this.stamp(), event);
      advance(this.version, entry);
      written.push(entry);
    }
    this.#pending.push({ entries: written, durable: () => {} });
    return written;
  }

  prepare(_entries: readonly EncodedEntry[], then: () => void): void {
    if (this.preparing === undefined) then();
    else this.preparing.push(then);
  }

  absorb(received: readonly EncodedEntry[], durable: () => void): void {
    const entries = received.map(({ entry }) => entry);
    for (const entry of entries) {
      if (entry.seq <= seqOf(this.version, entry.origin)) throw new Error("an entry was absorbed twice");
      advance(this.version, entry);
    }
    this.#pending.push({ entries, durable });
  }

  /** Makes written entries durable; returns true if there were any. */
  sync(): boolean {
    const batch = this.isStuck ? [] : this.#pending.splice(0);
    if (batch.length === 0) return false;
    for (const { entries } of batch) this.history.append(...entries);
    this.#mesh?.synced();
    for (const { durable } of batch) durable();
    return true;
  }

  stamp(): number {
    const last = this.version.get(this.origin)?.stamp ?? 0;
    return Math.max(last + 1, (this.#clock?.wallMs() ?? 0) * 1_000);
  }

  isTaken(name: string): boolean {
    return this.takenNames.has(name);
  }

  presenceChanged(account: string, online: boolean): void {
    this.presence.push(`${online ? "+" : "-"}${account}`);
  }

  filled(): void {
    this.isFilled = true;
  }

  replicated(): void {
    this.replications++;
  }

  clusterChanged(): void {
    this.clusterChanges.push(this.mesh.alone);
  }

  dismissClients(reason: string): void {
    this.dismissals.push(reason);
  }

  /** Reason for which it does not serve any more, once it does not. */
  forsaken: string | undefined;
  /** The branching that it keeps, as the file in its data folder would. */
  fork: (SharedEnd & { readonly isThird: boolean }) | undefined;

  /** The forks of its origin that are settled. */
  settled: readonly KeptFork[] = [];

  forsake(reason: string): void {
    this.forsaken = reason;
  }

  forkFound(end: SharedEnd, isThird: boolean): void {
    this.fork = { ...end, isThird };
  }

  keptForks(): readonly KeptFork[] {
    return this.fork?.isThird === true ? [this.fork] : this.settled;
  }

  forkOver(origin: string): void {
    if (this.fork?.isThird === true && this.fork.origin === origin) this.fork = undefined;
  }

  halt(error: Error): void {
    this.halted ??= error;
  }
}
