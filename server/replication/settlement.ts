/**
 * Settlement: finds versions after which no peer can send an entry that was made without their knowledge.
 *
 * @module
 */

import { covers, type Version } from "../core/version.ts";

/** Interval of the looks, ms. */
const INTERVAL_MS = 1_000;

/** The facts about a peer. */
interface Settling {
  /** Version on its disk; undefined while it is not connected. */
  readonly known: Version | undefined;
}

/**
 * Goes in rounds. A round settles the version that this node had at its beginning: first every peer has that on its
 * disk, then this node has everything that each peer had by then. A peer that is not connected holds it up.
 */
export class Settlement {
  #settled: Version = new Map();
  /** Version of this node at the beginning of the round. */
  #candidate: Version | undefined;
  /** Versions of the peers when they had the candidate. */
  readonly #awaited = new Map<string, Version>();
  #lookedMs = -Infinity;

  /** The version that is settled. */
  get settled(): Version {
    return this.#settled;
  }

  /** The peers are others from now on: begins another round. What is settled stays so. */
  beginAnew(): void {
    this.#candidate = undefined;
    this.#awaited.clear();
  }

  /**
   * Goes on with the round, once a second.
   *
   * @param durable version on the disk here; it may change later
   * @param peers every configured peer by name
   */
  look(nowMs: number, durable: Version, peers: ReadonlyMap<string, Settling>): void {
    if (nowMs - this.#lookedMs < INTERVAL_MS) return;
    this.#lookedMs = nowMs;
    const candidate = this.#candidate ??= new Map(durable);
    for (const [name, { known }] of peers) {
      const awaited = this.#awaited.get(name);
      if (known === undefined) continue;
      // It has lost its disk, and what it had may never arrive.
      if (awaited !== undefined && !covers(known, awaited)) return this.beginAnew();
      if (awaited === undefined && covers(known, candidate)) this.#awaited.set(name, new Map(known));
    }
    if (this.#awaited.size < peers.size) return;
    if (!this.#awaited.values().every((version) => covers(durable, version))) return;
    this.#settled = candidate;
    this.beginAnew();
  }
}
