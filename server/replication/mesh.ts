/**
 * Replication as a mesh: every node streams to every peer the entries that the peer is missing
 * (`docs/replication.md`).
 *
 * @module
 */

import type { Version } from "../core/version.ts";
import type { CopiesNeeded, PeerStatus, Replication } from "../ports/node.ts";
import type { PeerAddress, PeerLink, PeerStream } from "../ports/peers.ts";
import { type ClockJump, ClockWatch } from "./clock_watch.ts";
import { Filling } from "./filling.ts";
import { versionOf } from "./handshake.ts";
import { type IncomingObserver, IncomingStream } from "./incoming_stream.ts";
import type { MeshOptions } from "./mesh_host.ts";
import type { OutgoingObserver } from "./outgoing_stream.ts";
import { Peer } from "./peer.ts";
import type { HelloMessage, ReserveMessage } from "../ports/peer_message.ts";
import { Presence } from "./presence.ts";
import { RecentEnds } from "./recent_ends.ts";
import { RefusalLog } from "./refusal_log.ts";
import { RELAY_MS } from "./replication_limits.ts";
import { Reservations } from "./reservations.ts";
import { Settlement } from "./settlement.ts";

/** Interval of the diagnostics of a node that fills itself, ms. */
const FILLING_LOG_MS = 1_000;

/** Replication of a node. */
export class Mesh implements Replication {
  readonly #options: MeshOptions;
  readonly #peers = new Map<string, Peer>();
  /** Streams whose other end has not said hello. */
  readonly #unknown = new Set<IncomingStream>();
  readonly #presence: Presence;
  readonly #reservations: Reservations;
  readonly #ends: RecentEnds;
  readonly #filling: Filling;
  readonly #refusals: RefusalLog;
  readonly #clockWatch = new ClockWatch();
  readonly #settlement = new Settlement();
  #filledLogMs = 0;
  #isStopped = false;
  /** Names of the peers in sync, and `alone`, when the host last heard of them. */
  #toldCluster = "";

  constructor(options: MeshOptions, peers: readonly PeerAddress[]) {
    this.#options = options;
    const { clock, history, host } = options;
    for (const address of peers) this.#peers.set(address.name, new Peer(options, address));
    this.#presence = new Presence((account, online) => host.presenceChanged(account, online));
    this.#reservations = new Reservations(options.name);
    this.#refusals = new RefusalLog(options.logger);
    this.#ends = new RecentEnds(history.end);
    this.#filling = new Filling(options.lacksAll && peers.length > 0, clock.monotonicMs());
  }

  /** A peer has opened a stream. */
  accept(link: PeerLink): PeerStream {
    const stream = new IncomingStream(this.#options, link, this.#incomingObserver);
    this.#unknown.add(stream);
    if (this.#isStopped) stream.end("this node is being stopped");
    return stream;
  }

  /** Time has passed; to be called every 100 ms, and once at the start. */
  tick(): void {
    if (this.#isStopped) return;
    const nowMs = this.#options.clock.monotonicMs();
    this.#watchClock(nowMs);
    this.#ends.record(nowMs, this.#options.history.end);
    const relayable = this.#ends.at(nowMs - RELAY_MS);
    for (const peer of this.#peers.values()) {
      peer.dial(nowMs, this.#outgoingObserver(peer));
      peer.tick(nowMs, this.#ends, relayable);
    }
    for (const stream of this.#unknown) stream.tick(nowMs);
    // A request that has waited for a peer in vain does not wait for it once more, for the copy of the account.
    for (const name of this.#reservations.tick(nowMs)) this.#peers.get(name)?.isLate(nowMs);
    this.#fill(nowMs);
    this.#settlement.look(nowMs, this.#options.history.end.version, this.#peers);
    this.#tellCluster();
    this.#options.host.replicated();
  }

  #tellCluster(): void {
    const inSync = [...this.#peers.values()].filter((peer) => peer.isInSync).map(({ name }) => name);
    const cluster = JSON.stringify([inSync, this.alone]);
    if (cluster === this.#toldCluster) return;
    this.#toldCluster = cluster;
    this.#options.host.clusterChanged();
  }

  /** Says a jump of the own clock to everybody: the nodes compare their clocks at once. */
  #watchClock(nowMs: number): void {
    const { clock, logger } = this.#options;
    const byMs = this.#clockWatch.look(clock);
    if (byMs === undefined) return;
    const reason = "the wall clock was set, or the machine slept; compare it with that of the other nodes";
    logger.warn("clockJumped", { byMs, reason });
    for (const peer of this.#peers.values()) peer.tellClock(nowMs);
  }

  /** Other peers are configured from now on. */
  reconfigure(peers: readonly PeerAddress[]): void {
    const addresses = new Map(peers.map((address) => [address.name, address]));
    for (const [name, peer] of this.#peers) {
      const { host, port } = peer.address;
      const address = addresses.get(name);
      if (address?.host === host && address.port === port) continue;
      this.#peers.delete(name);
      peer.stop("the configuration has changed");
    }
    // In the order of the configuration, in which people look at them.
    const kept = new Map(this.#peers);
    this.#peers.clear();
    for (const [name, address] of addresses) {
      this.#peers.set(name, kept.get(name) ?? new Peer(this.#options, address));
    }
    this.#settlement.beginAnew();
  }

  /** Ends all streams. */
  stop(): void {
    this.#isStopped = true;
    for (const peer of this.#peers.values()) peer.stop("this node is being stopped");
    for (const stream of this.#unknown) stream.end("this node is being stopped");
  }

  /** See `Replication`. */
  synced(): void {
    for (const peer of this.#peers.values()) peer.connected?.synced();
  }

  /** See `Replication`. */
  copies(needed: CopiesNeeded): number {
    let copies = 0;
    for (const peer of this.#peers.values()) if (peer.has(needed)) copies++;
    return copies;
  }

  /** See `Replication`. */
  isAwaited(needed: CopiesNeeded): boolean {
    for (const peer of this.#peers.values()) if (peer.isInSync && !peer.has(needed)) return true;
    return false;
  }

  /** See `Replication`. */
  reserveName(name: string, done: (granted: boolean) => void): void {
    const { clock, host } = this.#options;
    const peers = [...this.#peers.values()].filter((peer) => peer.isInSync);
    this.#reservations.reserve(name, host.stamp(), peers, clock.monotonicMs(), done);
  }

  /** See `Replication`. */
  announce(account: string, online: boolean): void {
    if (online) this.#presence.own.add(account);
    else this.#presence.own.delete(account);
    const [came, went] = online ? [[account], []] : [[], [account]];
    for (const peer of this.#peers.values()) peer.connected?.tellPresence(came, went);
  }

  /** See `Replication`. */
  isOnline(account: string): boolean {
    return this.#presence.isElsewhere(account);
  }

  /** True if this node has an empty disk and a peer that can fill it may still turn up. */
  get isSearching(): boolean {
    return this.#filling.isSearching;
  }

  /** See `Replication`. */
  get filling(): string | undefined {
    return this.#filling.isOver ? undefined : this.#filling.progress(this.#options.history.end.version);
  }

  /** See `Replication`. */
  get isBehind(): boolean {
    const { history, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    return this.#peers.values().some((peer) => peer.isAheadOf(history.end.version, nowMs));
  }

  /** See `Replication`. */
  get settled(): Version {
    return this.#settlement.settled;
  }

  /** See `Replication`. */
  get alone(): string | undefined {
    const peers = [...this.#peers.values()];
    if (peers.length === 0 || peers.some((peer) => (peer.connected ?? peer.incoming) !== undefined)) {
      return undefined;
    }
    const names = peers.map(({ name }) => name).join(", ");
    return `there is no connection to any other node (${names})`;
  }

  /** See `Replication`. */
  status(): readonly PeerStatus[] {
    return [...this.#peers.values()].map((peer) => peer.status());
  }

  /** The last jump of this node's clock; `undefined` if there was none within a day. */
  get clockJump(): ClockJump | undefined {
    return this.#clockWatch.jump(this.#options.clock.monotonicMs());
  }

  #fill(nowMs: number): void {
    if (this.#filling.isOver) return;
    const { history, host, logger } = this.#options;
    if (this.#filling.look(history.end.version, this.#peers.size, nowMs)) {
      host.filled();
      const entries = history.end.position;
      if (entries > 0) logger.info("filled", { entries });
      else logger.info("startsEmpty", { reason: "no other node has anything, or answers" });
      return;
    }
    if (nowMs - this.#filledLogMs < FILLING_LOG_MS) return;
    this.#filledLogMs = nowMs;
    logger.info("filling", { progress: this.filling });
  }

  #outgoingObserver(peer: Peer): OutgoingObserver {
    const { clock, host, logger } = this.#options;
    return {
      opened: (hello) => {
        logger.info("peerConnected", { peer: peer.name });
        this.#promised(peer, hello);
        peer.look(clock.monotonicMs(), this.#ends);
        peer.connected?.tellPresence([...this.#presence.own], []);
      },
      advanced: () => {
        peer.look(clock.monotonicMs(), this.#ends);
        host.replicated();
      },
      reserved: (number, granted) => this.#reservations.answered(peer.name, number, granted),
      ended: () => {
        if (peer.incoming === undefined) this.#filling.lost(peer.name, clock.monotonicMs());
        this.#fill(clock.monotonicMs());
        this.#reservations.lost(peer.name);
        host.replicated();
      },
    };
  }

  readonly #incomingObserver: IncomingObserver = {
    isMember: (name) => this.#peers.has(name),
    opened: (stream, hello) => this.#opened(stream, hello),
    presence: (node, online, offline) => this.#presence.update(node, online, offline),
    reserve: (node, message) => this.#reserve(node, message),
    release: (node, number) => this.#reservations.released(node, number),
    refused: (fields) => this.#refusals.refused(fields, this.#options.clock.monotonicMs()),
    ended: (stream, reason) => this.#ended(stream, reason),
  };

  #opened(stream: IncomingStream, hello: HelloMessage): void {
    this.#unknown.delete(stream);
    const peer = this.#peers.get(hello.node);
    if (peer === undefined) return;
    const before = peer.incoming;
    peer.incoming = stream;
    if (before) {
      before.end("the peer has opened another stream");
      // It lists its online accounts anew: those that have gone meanwhile must not stay.
      this.#presence.forget(peer.name);
    }
    peer.isThere();
    this.#promised(peer, hello);
  }

  /** A peer has told its version. */
  #promised(peer: Peer, { version }: HelloMessage): void {
    const nowMs = this.#options.clock.monotonicMs();
    const promised = versionOf(version);
    peer.promises(promised, nowMs);
    this.#filling.answered(peer.name, promised, nowMs);
  }

  #ended(stream: IncomingStream, reason: string): void {
    this.#unknown.delete(stream);
    this.#options.logger.debug("peerStreamEnded", { peer: stream.node, reason });
    const peer = stream.node === undefined ? undefined : this.#peers.get(stream.node);
    // Another stream of the same peer may have taken its place.
    if (stream.node === undefined || (peer && peer.incoming !== stream)) return;
    this.#presence.forget(stream.node);
    if (peer) peer.incoming = undefined;
    if (peer?.connected === undefined) this.#filling.lost(stream.node, this.#options.clock.monotonicMs());
  }

  #reserve(node: string, message: ReserveMessage): boolean {
    const { clock, host } = this.#options;
    const isTaken = host.isNameTaken(message.name);
    return this.#reservations.asked(node, message, isTaken, clock.monotonicMs());
  }
}
