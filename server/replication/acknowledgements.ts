/**
 * Acknowledgements to a peer: all that is on the disk here, each time as far as the peer has not been told.
 *
 * @module
 */

import type { ChainedPlace } from "../core/version.ts";
import type { PeerLink } from "../ports/peers.ts";
import { placeOf } from "./handshake.ts";
import type { StreamOptions } from "./mesh_host.ts";
import { HEARTBEAT_MS } from "./replication_limits.ts";

/** What one peer has been told of the disk. */
export class Acknowledgements {
  /** The last sequence number of each origin that the peer was told of. */
  readonly #told = new Map<string, number>();
  /** Number of the last message of entries that is on the disk. */
  #number = 0;
  /** When everything on the disk was told last; monotonic, ms. */
  #toldAllMs: number;
  readonly #options: StreamOptions;
  readonly #link: PeerLink;

  constructor(options: StreamOptions, link: PeerLink) {
    this.#options = options;
    this.#link = link;
    this.#toldAllMs = options.clock.monotonicMs();
  }

  /** The peer was told everything on the disk as the stream was opened. */
  opened(): void {
    for (const [origin, { seq }] of this.#options.history.end.version) this.#told.set(origin, seq);
    this.#toldAllMs = this.#options.clock.monotonicMs();
  }

  /** A message of entries is on the disk. */
  synced(number: number): void {
    this.#number = number;
    this.tell(true);
  }

  /** Says all that is on the disk, now and then: an acknowledgement may have been lost, and this is a sign of life. */
  tick(nowMs: number): void {
    if (nowMs - this.#toldAllMs >= HEARTBEAT_MS) this.tellAll(nowMs);
  }

  /** Says all that is on the disk, and the clock of this node. */
  tellAll(nowMs: number): void {
    this.#toldAllMs = nowMs;
    this.#told.clear();
    this.tell(true, this.#options.clock.wallMs());
  }

  /** Acknowledges the entries on the disk, if that is news or an answer is due. */
  tell(isDue: boolean, wallMs?: number): void {
    if (this.#options.forks.isHalf) return;
    const version: ChainedPlace[] = [];
    for (const [origin, reached] of this.#options.history.end.version) {
      if (reached.seq <= (this.#told.get(origin) ?? 0)) continue;
      this.#told.set(origin, reached.seq);
      version.push(placeOf(origin, reached));
    }
    if (version.length === 0 && !isDue) return;
    this.#link.send({ type: "ack", number: this.#number, version, wallMs });
  }
}
