/**
 * One peer: the stream to it, the stream from it, and its place in the in-sync set.
 *
 * @module
 */

import { covers, entriesMissing, seqOf, type Version } from "../core/version.ts";
import type { LogPlace } from "../ports/history.ts";
import type { CopiesNeeded, PeerStatus } from "../ports/node.ts";
import type { PeerAddress } from "../ports/peers.ts";
import type { IncomingStream } from "./incoming_stream.ts";
import type { StreamOptions } from "./mesh_host.ts";
import { AckDelays } from "./ack_delays.ts";
import type { Standing } from "./membership.ts";
import { type OutgoingObserver, OutgoingStream, type Refusal } from "./outgoing_stream.ts";
import type { PeerMessage } from "../ports/peer_message.ts";
import {
  AWAY_MS,
  BACK_OFF_MS,
  BACK_OFF_MS_MAX,
  BEHIND_MS_MAX,
  LAG_MS,
  RELAYED_LAG_MS,
  SLOW_MS,
} from "./replication_limits.ts";
import { leftOutText } from "./fork_text.ts";
import type { RecentEnds } from "./recent_ends.ts";

/** A peer of this node. */
export class Peer {
  /** The stream that it has opened to this node. */
  incoming: IncomingStream | undefined;
  /** True if it has everything but for the entries of the last second. */
  keepsUp = false;
  /** True once it has kept up since it was connected: before, it fetches what it missed. */
  #hasKeptUp = false;
  /** Delays of its acknowledgements. */
  readonly delays = new AckDelays();
  /** Its version at its last hello, and the time of that. */
  #promised: Version = new Map();
  #promisedMs = -Infinity;
  #outgoing: OutgoingStream | undefined;
  /** Its version when it was last connected; undefined if that was before this process. */
  #lastKnown: Version | undefined;
  #failures = 0;
  #dialMs = -Infinity;
  /** When it was last waited for in vain; it is not in sync before it has said something since. */
  #lateMs = -Infinity;
  #reason: string | undefined;
  /** The last reason that was logged since it was connected. */
  #saidReason: string | undefined;
  /** Since when it is not connected. */
  #awaySinceMs: number;
  #refusal: Refusal | undefined;
  /** True once it was connected, or could not be. */
  #wasAsked = false;
  /** True from when it refused this node as a stranger until it says something else. */
  #deniesUs = false;
  readonly #options: StreamOptions;

  constructor(options: StreamOptions, readonly address: PeerAddress) {
    this.#options = options;
    this.#awaySinceMs = options.clock.monotonicMs();
  }

  /** Its name. */
  get name(): string {
    return this.address.name;
  }

  /** Version on its disk, as it says; undefined while it is not connected. */
  get known(): Version | undefined {
    return this.#outgoing?.known;
  }

  /** The stream to it, once it has said hello. */
  get connected(): OutgoingStream | undefined {
    return this.known === undefined ? undefined : this.#outgoing;
  }

  /** Says something to it, if it is connected. */
  send(message: PeerMessage): void {
    this.connected?.send(message);
  }

  /** Says the clock of this node to it at once, over both streams. */
  tellClock(nowMs: number): void {
    this.connected?.tellClock(nowMs);
    this.incoming?.tellClock(nowMs);
  }

  /** It has shown that it lives: it is dialled at once. */
  isThere(): void {
    this.#dialMs = -Infinity;
  }

  /** True if it has all of it, but for forked origins, of which nothing can be waited for. */
  has({ seq, version }: CopiesNeeded): boolean {
    const { known } = this;
    if (known === undefined || seqOf(known, this.#options.origin) < seq || this.#leavesUsOut) return false;
    return version === undefined || covers(known, this.#options.forks.without(version));
  }

  /** True if all of it is on its disk. Behind a branching its entries are others, whatever their numbers. */
  holds(needed: CopiesNeeded): boolean {
    const { known } = this;
    if (known === undefined || !this.has(needed)) return false;
    const { version } = needed;
    return version === undefined ||
      covers(known, version) && !this.#options.forks.marks.differs(this.name, version);
  }

  /**
   * True if it is connected, and had something at its hello that is not in a version. After a while that
   * does not count any more: it may not be able to reach this node.
   */
  isAheadOf(version: Version, nowMs: number): boolean {
    const isThere = (this.connected ?? this.incoming) !== undefined;
    if (!isThere || nowMs - this.#promisedMs > BEHIND_MS_MAX) return false;
    return !covers(version, this.#options.forks.without(this.#promised));
  }

  /** True if it takes no entries of this node. */
  get #leavesUsOut(): boolean {
    return this.connected?.leavesUsOut ?? false;
  }

  /** It has said hello, with its version. */
  promises(version: Version, nowMs: number): void {
    this.#promised = version;
    this.#promisedMs = nowMs;
  }

  /** Opens the stream, if there is none and it is time. */
  dial(nowMs: number, observer: OutgoingObserver): void {
    if (this.#outgoing !== undefined || nowMs < this.#dialMs) return;
    this.#outgoing = new OutgoingStream(this.#options, this.address, {
      ...observer,
      opened: (hello) => {
        this.#failures = 0;
        this.#wasAsked = true;
        this.#deniesUs = false;
        this.#reason = undefined;
        this.#saidReason = undefined;
        observer.opened(hello);
      },
      ended: (reason, refusal) => {
        this.#ended(reason, refusal);
        observer.ended(reason, refusal);
      },
    });
  }

  #ended(reason: string, refusal: Refusal | undefined): void {
    const { clock, random } = this.#options;
    const nowMs = clock.monotonicMs();
    const wasConnected = this.known !== undefined;
    this.#lastKnown = this.known ?? this.#lastKnown;
    this.#outgoing = undefined;
    this.keepsUp = false;
    this.#hasKeptUp = false;
    this.delays.clear();
    const waitMs = refusal ? BACK_OFF_MS_MAX : Math.min(BACK_OFF_MS * 2 ** this.#failures, BACK_OFF_MS_MAX);
    this.#failures++;
    // Of many nodes that start again, not all should come at the same moment.
    const jitter = 0.5 + (random.bytes(1)[0] ?? 0) / 512;
    this.#dialMs = nowMs + waitMs * jitter;
    if (wasConnected) this.#awaySinceMs = nowMs;
    this.#reason = reason;
    this.#refusal = refusal;
    this.#wasAsked = true;
    if (refusal) this.#deniesUs = refusal.code === "stranger" && refusal.isTheirs;
    this.#log(wasConnected, nowMs);
  }

  /** Says that it is gone; and, if it stays so, why it cannot be reached, once for each reason. */
  #log(wasConnected: boolean, nowMs: number): void {
    const { logger } = this.#options;
    const fields = { peer: this.name, reason: this.#reason };
    if (wasConnected) logger.info("peerLost", fields);
    const isSaid = this.#saidReason === this.#reason;
    if (isSaid || (!this.#refusal && nowMs - this.#awaySinceMs < AWAY_MS)) return;
    this.#saidReason = this.#reason;
    logger.warn(this.#refusal ? "peerRefusesUs" : "peerUnreachable", fields);
  }

  /** Time has passed: does everything that is due on both streams, and updates `keepsUp`. */
  tick(nowMs: number, ends: RecentEnds, relayable: LogPlace): void {
    this.#outgoing?.tick(nowMs, relayable);
    this.incoming?.tick(nowMs);
    this.look(nowMs, ends);
  }

  /** Updates `keepsUp`. */
  look(nowMs: number, ends: RecentEnds): void {
    const { known } = this;
    if (known === undefined || !this.#hasSpokenSince(this.#lateMs)) return;
    const { origin, forks } = this.#options;
    const awaited = seqOf(ends.at(nowMs - LAG_MS).version, origin);
    const isFast = seqOf(known, origin) >= awaited;
    const relayed = (): Version => forks.without(ends.at(nowMs - RELAYED_LAG_MS).version);
    this.keepsUp = isFast && !this.#leavesUsOut && (this.keepsUp || covers(known, relayed()));
    this.#hasKeptUp ||= this.keepsUp;
  }

  /** Own entries up to a number are on the disk here; measures how long it takes to acknowledge them. */
  written(seq: number, nowMs: number): void {
    if (this.#hasKeptUp) this.delays.written(seq, nowMs);
    this.connected?.synced();
  }

  /** It was waited for and has not answered. */
  isLate(nowMs: number): void {
    this.#lateMs = nowMs;
    this.keepsUp = false;
  }

  #hasSpokenSince(timeMs: number): boolean {
    return this.#outgoing !== undefined && this.#outgoing.heardMs > timeMs;
  }

  /** Ends both streams. */
  stop(reason: string): void {
    this.#outgoing?.end(reason);
    this.incoming?.end(reason);
  }

  /** Its last word about this node. */
  get standing(): Standing {
    if ((this.connected ?? this.incoming) !== undefined) return "member";
    if (this.#deniesUs) return "stranger";
    if (!this.#wasAsked) return "unasked";
    return this.#refusal ? "refused" : "unreachable";
  }

  /**
   * Its status, for people.
   *
   * @param isInSync true if replies wait for it; those that keep up, unless given
   */
  status(isInSync = this.keepsUp): PeerStatus {
    const heldMs = this.incoming?.heldMs(this.#options.clock.monotonicMs());
    const status = this.#status(isInSync);
    return heldMs === undefined ? status : { ...status, heldMs };
  }

  #status(isInSync: boolean): PeerStatus {
    const known = this.known ?? this.#lastKnown;
    const { forks, history } = this.#options;
    const entriesBehind = known === undefined ? 0 : entriesMissing(known, forks.without(history.end.version));
    const { name } = this;
    if (this.known === undefined) {
      const reason = this.#reason ?? "it has not answered yet";
      if (this.#refusal === undefined) return { name, state: "unreachable", entriesBehind, reason };
      return { name, state: "refused", entriesBehind, reason, code: this.#refusal.code };
    }
    const { full } = this.#options.host;
    if (full) {
      return {
        name,
        state: "behind",
        entriesBehind,
        reason: `the ${full} of this node is full and takes nothing of it`,
      };
    }
    if (this.#leavesUsOut) {
      const reason = leftOutText(this.#options.origin);
      return { name, state: "refused", entriesBehind, reason, code: "fork" };
    }
    if (isInSync) return { name, state: "in sync", entriesBehind };
    if (!this.keepsUp) return { name, state: "behind", entriesBehind };
    const reason = this.slowness(this.#options.clock.monotonicMs());
    return { name, state: "slow", entriesBehind, reason };
  }

  /** The delay of its acknowledgements, for people. */
  slowness(nowMs: number): string {
    const ms = this.delays.latestMs(nowMs);
    if (ms === undefined) return "it has acknowledged nothing lately";
    return ms > SLOW_MS
      ? `it acknowledges entries after ${Math.round(ms)} ms, and the others much sooner: look at its disk`
      : `it was slow, and acknowledges entries after ${
        Math.round(ms)
      } ms now: it counts once that has lasted`;
  }
}
