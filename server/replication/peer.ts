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
import type { MeshOptions } from "./mesh_host.ts";
import { type OutgoingObserver, OutgoingStream } from "./outgoing_stream.ts";
import type { PeerMessage } from "../ports/peer_message.ts";
import {
  AWAY_MS,
  BACK_OFF_MS,
  BACK_OFF_MS_MAX,
  BEHIND_MS_MAX,
  LAG_MS,
  RELAYED_LAG_MS,
} from "./replication_limits.ts";
import type { RecentEnds } from "./recent_ends.ts";

/** A peer of this node. */
export class Peer {
  /** The stream that it has opened to this node. */
  incoming: IncomingStream | undefined;
  /** True if it has everything but for the entries of the last second. */
  isInSync = false;
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
  #wasRefused = false;
  readonly #options: MeshOptions;

  constructor(options: MeshOptions, readonly address: PeerAddress) {
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

  /** True if it has all of it. */
  has({ seq, version }: CopiesNeeded): boolean {
    const { known } = this;
    if (known === undefined || seqOf(known, this.#options.origin) < seq) return false;
    return version === undefined || covers(known, version);
  }

  /**
   * True if it is connected, and had something at its hello that is not in a version. After a while that
   * does not count any more: it may not be able to reach this node.
   */
  isAheadOf(version: Version, nowMs: number): boolean {
    const isThere = (this.connected ?? this.incoming) !== undefined;
    if (!isThere || nowMs - this.#promisedMs > BEHIND_MS_MAX) return false;
    return !covers(version, this.#promised);
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
        this.#reason = undefined;
        this.#saidReason = undefined;
        observer.opened(hello);
      },
      ended: (reason, wasRefused) => {
        this.#ended(reason, wasRefused);
        observer.ended(reason, wasRefused);
      },
    });
  }

  #ended(reason: string, wasRefused: boolean): void {
    const { clock, random } = this.#options;
    const nowMs = clock.monotonicMs();
    const wasConnected = this.known !== undefined;
    this.#lastKnown = this.known ?? this.#lastKnown;
    this.#outgoing = undefined;
    this.isInSync = false;
    const waitMs = wasRefused
      ? BACK_OFF_MS_MAX
      : Math.min(BACK_OFF_MS * 2 ** this.#failures, BACK_OFF_MS_MAX);
    this.#failures++;
    // Of many nodes that start again, not all should come at the same moment.
    const jitter = 0.5 + (random.bytes(1)[0] ?? 0) / 512;
    this.#dialMs = nowMs + waitMs * jitter;
    if (wasConnected) this.#awaySinceMs = nowMs;
    this.#reason = reason;
    this.#wasRefused = wasRefused;
    this.#log(wasConnected, nowMs);
  }

  /** Says that it is gone; and, if it stays so, why it cannot be reached, once for each reason. */
  #log(wasConnected: boolean, nowMs: number): void {
    const { logger } = this.#options;
    const fields = { peer: this.name, reason: this.#reason };
    if (wasConnected) logger.info("peerLost", fields);
    const isSaid = this.#saidReason === this.#reason;
    if (isSaid || (!this.#wasRefused && nowMs - this.#awaySinceMs < AWAY_MS)) return;
    this.#saidReason = this.#reason;
    logger.warn(this.#wasRefused ? "peerRefusesUs" : "peerUnreachable", fields);
  }

  /** Time has passed: does everything that is due on both streams, and updates `isInSync`. */
  tick(nowMs: number, ends: RecentEnds, relayable: LogPlace): void {
    this.#outgoing?.tick(nowMs, relayable);
    this.incoming?.tick(nowMs);
    this.look(nowMs, ends);
  }

  /** Updates `isInSync`. */
  look(nowMs: number, ends: RecentEnds): void {
    const { known } = this;
    if (known === undefined || !this.#hasSpokenSince(this.#lateMs)) return;
    const { origin } = this.#options;
    const awaited = seqOf(ends.at(nowMs - LAG_MS).version, origin);
    const keepsUp = seqOf(known, origin) >= awaited;
    this.isInSync = keepsUp && (this.isInSync || covers(known, ends.at(nowMs - RELAYED_LAG_MS).version));
  }

  /** It was waited for and has not answered. */
  isLate(nowMs: number): void {
    this.#lateMs = nowMs;
    this.isInSync = false;
  }

  #hasSpokenSince(timeMs: number): boolean {
    return this.#outgoing !== undefined && this.#outgoing.heardMs > timeMs;
  }

  /** Ends both streams. */
  stop(reason: string): void {
    this.#outgoing?.end(reason);
    this.incoming?.end(reason);
  }

  /** Its status, for people. */
  status(): PeerStatus {
    const known = this.known ?? this.#lastKnown;
    const entriesBehind = known === undefined ? 0 : entriesMissing(known, this.#options.history.end.version);
    const { name } = this;
    if (this.known !== undefined) {
      return { name, state: this.isInSync ? "in sync" : "behind", entriesBehind };
    }
    const state = this.#wasRefused ? "refused" : "unreachable";
    return { name, state, entriesBehind, reason: this.#reason ?? "it has not answered yet" };
  }
}
