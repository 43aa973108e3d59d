/**
 * The peers of a node, and those of them that are in sync: replies wait for these.
 *
 * @module
 */

import { seqOf } from "../core/version.ts";
import type { CopiesNeeded, ForkStatus, PeerStatus } from "../ports/node.ts";
import type { PeerAddress } from "../ports/peers.ts";
import type { Standing } from "./membership.ts";
import type { StreamOptions } from "./mesh_host.ts";
import { Peer } from "./peer.ts";

/** The configured peers, in the order of the configuration, in which people look at them. */
export class PeerSet {
  #byName: ReadonlyMap<string, Peer> = new Map();
  #peers: readonly Peer[] = [];
  readonly #options: StreamOptions;

  constructor(options: StreamOptions, addresses: readonly PeerAddress[]) {
    this.#options = options;
    this.reconfigure(addresses);
  }

  /** Number of peers. */
  get size(): number {
    return this.#peers.length;
  }

  /** All of them by name. */
  get byName(): ReadonlyMap<string, Peer> {
    return this.#byName;
  }

  /** True if a peer of this name is configured. */
  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** The peer of this name. */
  get(name: string): Peer | undefined {
    return this.#byName.get(name);
  }

  /** All of them. */
  values(): readonly Peer[] {
    return this.#peers;
  }

  /** Takes over a changed list: stops the peers that are not in it, or have another address. */
  reconfigure(addresses: readonly PeerAddress[]): void {
    const before = this.#peers;
    this.#peers = addresses.map((address) => {
      const known = this.get(address.name);
      const isSame = known?.address.host === address.host && known.address.port === address.port;
      return isSame ? known : new Peer(this.#options, address);
    });
    this.#byName = new Map(this.#peers.map((peer) => [peer.name, peer]));
    for (const peer of before) {
      if (!this.#peers.includes(peer)) peer.stop("the configuration has changed");
    }
  }

  /** True if replies wait for a peer: for a slow one only if no other keeps up, since two copies are the least. */
  isInSync(peer: Peer): boolean {
    return peer.keepsUp && (!peer.delays.isSlow || !this.#peers.some(isFast));
  }

  /** Number of peers that have all of it. */
  copies(needed: CopiesNeeded): number {
    let copies = 0;
    for (const peer of this.#peers) if (peer.holds(needed)) copies++;
    return copies;
  }

  /** True if a peer that is in sync lacks some of it. */
  isAwaited(needed: CopiesNeeded): boolean {
    return this.#peers.some((peer) => this.isInSync(peer) && !peer.has(needed));
  }

  /** Finds the peers whose acknowledgements are slow, and those that have become fast again. */
  judgeDelays(nowMs: number): void {
    for (const peer of this.#peers) {
      const others = this.#peers.filter((other) => other !== peer && isFast(other));
      const othersMs = others.map(({ delays }) => delays.medianMs(nowMs)).filter((ms) => ms !== undefined);
      if (!peer.delays.judge(othersMs, nowMs)) continue;
      const { logger } = this.#options;
      if (peer.delays.isSlow) logger.warn("peerSlow", { peer: peer.name, reason: peer.slowness(nowMs) });
      else logger.info("peerSteady", { peer: peer.name });
    }
  }

  /** The last word of each about this node. */
  standings(): Standing[] {
    return this.#peers.map(({ standing }) => standing);
  }

  /** The forked origins, each with the peers that hold the branch of this node and those that hold another. */
  get forks(): readonly ForkStatus[] {
    return this.#options.forks.marks.all.map((fork) => {
      const { origin, after, other, unseen } = fork;
      const holds = ({ name, known }: Peer): boolean =>
        !other.includes(name) && !unseen.includes(name) && after !== null && known !== undefined &&
        seqOf(known, origin) > after;
      return { ...fork, same: this.#peers.filter(holds).map(({ name }) => name) };
    });
  }

  /** Their status, for people. */
  status(): PeerStatus[] {
    return this.#peers.map((peer) => peer.status(this.isInSync(peer)));
  }
}

function isFast({ keepsUp, delays }: Peer): boolean {
  return keepsUp && !delays.isSlow;
}
