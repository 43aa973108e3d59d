/**
 * A node whose disk is empty fills itself from its peers before it serves anybody.
 *
 * @module
 */

import { covers, entriesMissing, type Version } from "../core/version.ts";
import { FILLING_MS, FILLING_STALLED_MS } from "./replication_limits.ts";

/** The filling of an empty node. */
export class Filling {
  /** Version of each peer that answered: the node waits for all of it. */
  readonly #wanted = new Map<string, Version>();
  /** Peers from which there is nothing to be had: not reached at the first attempt, or empty themselves. */
  readonly #useless = new Set<string>();
  #isOver: boolean;
  /** True if any peer had anything. */
  #hasBegun = false;
  /** Since when nobody is there to be filled from. */
  #aloneSinceMs: number;
  /** Number of entries at the last look, and the time since which there are no more. */
  #have = -1;
  #advancedMs = 0;

  /** @param isEmpty true if there is anything to be filled at all */
  constructor(isEmpty: boolean, nowMs: number) {
    this.#isOver = !isEmpty;
    this.#aloneSinceMs = nowMs;
  }

  /** True once clients can be served. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** True while a peer that can fill this node may still turn up. */
  get isSearching(): boolean {
    return !this.#isOver && this.#wanted.size === 0;
  }

  /** A peer has told its version: a smaller one than before, if it has lost its disk meanwhile. */
  answered(peer: string, version: Version, nowMs: number): void {
    if (this.#isOver) return;
    if (version.size === 0) return this.lost(peer, nowMs);
    this.#hasBegun = true;
    this.#wanted.set(peer, version);
  }

  /** An origin is forked: nobody waits for its entries. */
  leavesOut(origin: string): void {
    for (const [peer, version] of this.#wanted) {
      this.#wanted.set(peer, new Map([...version].filter(([each]) => each !== origin)));
    }
  }

  /** A peer cannot be reached, or is gone, or has nothing. */
  lost(peer: string, nowMs: number): void {
    if (!this.#wanted.delete(peer)) this.#useless.add(peer);
    else if (this.#wanted.size === 0) this.#aloneSinceMs = nowMs;
  }

  /**
   * Looks at how far it is.
   *
   * @param version of this node
   * @param peers number of configured peers
   * @param isFull true while there is no room for what is missing: half a history is not served
   * @returns true if it is over
   */
  look(version: Version, peers: number, nowMs: number, isFull = false): boolean {
    if (this.#isOver) return true;
    if (isFull && this.#hasBegun) return false;
    this.#isOver = this.#wanted.size > 0
      ? this.#wanted.values().every((wanted) => covers(version, wanted)) || this.#isStalled(version, nowMs)
      : this.#isInVain(peers) || nowMs - this.#aloneSinceMs >= FILLING_MS;
    return this.#isOver;
  }

  /** True if nothing has come for a while: those peers may not reach this node. */
  #isStalled(version: Version, nowMs: number): boolean {
    const have = entriesIn(version);
    if (have === this.#have) return nowMs - this.#advancedMs >= FILLING_STALLED_MS;
    this.#have = have;
    this.#advancedMs = nowMs;
    return false;
  }

  /** True if no peer can fill this node, and none had begun to: one that had may come back. */
  #isInVain(peers: number): boolean {
    return !this.#hasBegun && this.#useless.size >= peers;
  }

  /** Its progress, for people. */
  progress(version: Version): string {
    const missing = Math.max(0, ...this.#wanted.values().map((wanted) => entriesMissing(version, wanted)));
    const have = entriesIn(version);
    return this.#wanted.size === 0
      ? "this node has an empty disk and looks for another to fill itself from; try again in a second"
      : `this node fills itself from the others: it has ${have} entries, and ${missing} are missing; ` +
        "try again in a second, or another node";
  }
}

function entriesIn(version: Version): number {
  return version.values().reduce((sum, { seq }) => sum + seq, 0);
}
