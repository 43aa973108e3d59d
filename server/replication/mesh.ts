/**
 * Replication as a mesh: every node streams to every peer the entries that the peer is missing
 * (`docs/replication.md`).
 *
 * @module
 */

import { seqOf, type Version } from "../core/version.ts";
import type { CopiesNeeded, ForkStatus, PeerStatus, Replication } from "../ports/node.ts";
import type { PeerAddress, PeerLink, PeerStream } from "../ports/peers.ts";
import { type ClockJump, ClockWatch } from "./clock_watch.ts";
import { Forks } from "./forks.ts";
import { versionOf } from "./handshake.ts";
import { type IncomingObserver, IncomingStream } from "./incoming_stream.ts";
import type { MeshOptions, StreamOptions } from "./mesh_host.ts";
import type { OutgoingObserver } from "./outgoing_stream.ts";
import type { Peer } from "./peer.ts";
import { PeerSet } from "./peer_set.ts";
import type { HelloMessage, ReserveMessage } from "../ports/peer_message.ts";
import { Presence } from "./presence.ts";
import { RecentEnds } from "./recent_ends.ts";
import { RefusalLog } from "./refusal_log.ts";
import { RELAY_MS } from "./replication_limits.ts";
import { Reservations } from "./reservations.ts";
import { Serving } from "./serving.ts";
import { Settlement } from "./settlement.ts";

const NOTHING: Version = new Map();

/** Replication of a node. */
export class Mesh implements Replication {
  readonly #options: StreamOptions;
  readonly #forks: Forks;
  readonly #peers: PeerSet;
  /** Streams whose other end has not said hello. */
  readonly #unknown = new Set<IncomingStream>();
  readonly #presence: Presence;
  readonly #reservations: Reservations;
  readonly #ends: RecentEnds;
  readonly #serving: Serving;
  readonly #refusals: RefusalLog;
  readonly #clockWatch = new ClockWatch();
  readonly #settlement = new Settlement();
  #isStopped = false;
  /** Names of the peers in sync, and `alone`, when the host last heard of them. */
  #toldCluster = "";
  /** True if the streams must begin anew, with entries that they have left out. */
  #mustReopen = false;

  constructor(options: MeshOptions, peers: readonly PeerAddress[]) {
    this.#forks = new Forks(options);
    this.#options = { ...options, forks: this.#forks };
    const { history, host } = options;
    this.#peers = new PeerSet(this.#options, peers);
    this.#presence = new Presence((account, online) => host.presenceChanged(account, online));
    this.#reservations = new Reservations(options.name);
    this.#refusals = new RefusalLog(options.logger);
    this.#ends = new RecentEnds(history.end);
    this.#serving = new Serving(options, this.#peers);
    this.#forks.begin(new Set(peers.map(({ name }) => name)));
    this.#forks.observe((origin) => this.#serving.leavesOut(origin), () => this.#mustReopen = true);
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
    const { host } = this.#options;
    const late = this.#reservations.tick(nowMs, (name) => host.isTaken(name));
    for (const name of late) this.#peers.get(name)?.isLate(nowMs);
    this.#peers.judgeDelays(nowMs);
    this.#serving.look(nowMs);
    this.#lookForForks(nowMs);
    this.#settlement.look(nowMs, this.#options.history.end.version, this.#peers.byName);
    this.#tellCluster();
    this.#options.host.replicated();
  }

  #lookForForks(nowMs: number): void {
    this.#forks.tick(nowMs);
    if (!this.#mustReopen) return;
    this.#mustReopen = false;
    for (const peer of this.#peers.values()) peer.stop("an origin that had two branches has one again");
  }

  #tellCluster(): void {
    const inSync = this.#peers.values().filter((peer) => this.#peers.isInSync(peer)).map(({ name }) => name);
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
    this.#peers.reconfigure(peers);
    this.#forks.reconfigured(new Set(peers.map(({ name }) => name)));
    this.#serving.look(this.#options.clock.monotonicMs());
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
    const { origin, history, clock } = this.#options;
    const seq = seqOf(history.end.version, origin);
    for (const peer of this.#peers.values()) peer.written(seq, clock.monotonicMs());
  }

  /** See `Replication`. */
  copies(needed: CopiesNeeded): number {
    return this.#peers.copies(needed);
  }

  /** See `Replication`. */
  isAwaited(needed: CopiesNeeded): boolean {
    return this.#peers.isAwaited(needed);
  }

  /** See `Replication`. */
  reserve(name: string, done: (granted: boolean) => void): void {
    const { clock, host } = this.#options;
    const peers = this.#peers.values().filter(({ keepsUp }) => keepsUp);
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
    return this.#serving.isSearching;
  }

  /** True if a node with data has not heard yet if its peers still take it. */
  get isLooking(): boolean {
    return this.#serving.isLooking;
  }

  /** See `Replication`. */
  get unavailable(): string | undefined {
    return this.#serving.unavailable;
  }

  /** See `Replication`. */
  get alone(): string | undefined {
    return this.#serving.alone;
  }

  /** See `Replication`. */
  get isBehind(): boolean {
    const { history, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    // A process that was frozen has yet to hear what happened meanwhile.
    if (this.#clockWatch.isOverdue(nowMs)) return true;
    return this.#peers.values().some((peer) => peer.isAheadOf(history.end.version, nowMs));
  }

  /** See `Replication`. */
  get settled(): Version {
    return this.#settlement.settled;
  }

  /** See `Replication`. */
  get forks(): readonly ForkStatus[] {
    return this.#peers.forks;
  }

  /** See `Replication`. */
  status(): readonly PeerStatus[] {
    return this.#peers.status();
  }

  /** The last jump of this node's clock; `undefined` if there was none within a day. */
  get clockJump(): ClockJump | undefined {
    return this.#clockWatch.jump(this.#options.clock.monotonicMs());
  }

  #outgoingObserver(peer: Peer): OutgoingObserver {
    const { clock, host, logger, origin } = this.#options;
    return {
      opened: (hello) => {
        logger.info("peerConnected", { peer: peer.name });
        this.#promised(peer, hello);
        this.#serving.look(clock.monotonicMs());
        peer.look(clock.monotonicMs(), this.#ends);
        peer.connected?.tellPresence([...this.#presence.own], []);
      },
      advanced: () => {
        const nowMs = clock.monotonicMs();
        peer.delays.acknowledged(seqOf(peer.known ?? NOTHING, origin), nowMs);
        peer.look(nowMs, this.#ends);
        host.replicated();
      },
      reserved: (number, granted) => this.#reservations.answered(peer.name, number, granted),
      ended: () => {
        if (peer.incoming === undefined) this.#serving.lost(peer.name, clock.monotonicMs());
        this.#serving.look(clock.monotonicMs());
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
    this.#serving.answered(peer.name, this.#forks.without(promised), nowMs);
  }

  #ended(stream: IncomingStream, reason: string): void {
    this.#unknown.delete(stream);
    this.#options.logger.debug("peerStreamEnded", { peer: stream.node, reason });
    const peer = stream.node === undefined ? undefined : this.#peers.get(stream.node);
    // Another stream of the same peer may have taken its place.
    if (stream.node === undefined || (peer && peer.incoming !== stream)) return;
    this.#presence.forget(stream.node);
    if (peer) peer.incoming = undefined;
    if (peer?.connected === undefined) this.#serving.lost(stream.node, this.#options.clock.monotonicMs());
  }

  #reserve(node: string, message: ReserveMessage): boolean {
    const { clock, host } = this.#options;
    const isTaken = host.isTaken(message.name);
    return this.#reservations.asked(node, message, isTaken, clock.monotonicMs());
  }
}
