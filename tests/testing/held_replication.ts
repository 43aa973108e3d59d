/**
 * Replication under the control of a test: acknowledgements of peers and grants of names come on demand.
 *
 * @module
 */

import type { Entry } from "../../server/core/entry.ts";
import type { State } from "../../server/core/state.ts";
import { advance, covers, type Reached, seqOf, type Version } from "../../server/core/version.ts";
import type { CopiesNeeded, PeerStatus, Replication } from "../../server/ports/node.ts";

/** A peer as the node knows it. */
export interface HeldPeer {
  isInSync: boolean;
  readonly version: Map<string, Reached>;
}

/** A requested name, and the callback of its request. */
interface Reservation {
  readonly name: string;
  readonly done: (granted: boolean) => void;
}

/** Replication with acknowledgements and grants made by the test. */
export class HeldReplication implements Replication {
  isBehind = false;
  alone: string | undefined;
  unavailable: string | undefined;
  settled: Version = new Map();
  /** True if names are granted at once. */
  grants = true;
  readonly peers = new Map<string, HeldPeer>();
  readonly reservations: Reservation[] = [];
  /** `+` and `-` before the ids of accounts that were announced. */
  readonly announced: string[] = [];
  /** Account ids that are online elsewhere. */
  readonly online = new Set<string>();
  syncs = 0;

  /** @param origin of the node */
  constructor(readonly origin = "node1#aaaaaaaaaaaa") {}

  /** Adds a peer that is in sync and has all entries. */
  join(name: string, state: State): void {
    this.peers.set(name, { isInSync: true, version: new Map(state.version) });
  }

  /** A peer acknowledges all entries up to a version. */
  catchUp(name: string, version: Version): void {
    for (const [origin, reached] of version) this.peers.get(name)?.version.set(origin, reached);
  }

  /** A peer acknowledges an entry, with all earlier ones of its origin. */
  acknowledge(name: string, entry: Entry): void {
    const peer = this.peers.get(name);
    if (peer) advance(peer.version, entry);
  }

  synced(): void {
    this.syncs++;
  }

  copies(needed: CopiesNeeded): number {
    return [...this.peers.values()].filter((peer) => this.#has(peer, needed)).length;
  }

  isAwaited(needed: CopiesNeeded): boolean {
    return this.peers.values().some((peer) => peer.isInSync && !this.#has(peer, needed));
  }

  #has({ version }: HeldPeer, needed: CopiesNeeded): boolean {
    if (seqOf(version, this.origin) < needed.seq) return false;
    return needed.version === undefined || covers(version, needed.version);
  }

  reserve(name: string, done: (granted: boolean) => void): void {
    if (this.grants) done(true);
    else this.reservations.push({ name, done });
  }

  announce(account: string, online: boolean): void {
    this.announced.push(`${online ? "+" : "-"}${account}`);
  }

  isOnline(account: string): boolean {
    return this.online.has(account);
  }

  get forks(): [] {
    return [];
  }

  status(): readonly PeerStatus[] {
    return [...this.peers].map(([name, { isInSync }]) => {
      return { name, state: isInSync ? "in sync" : "behind", entriesBehind: 0 };
    });
  }
}
