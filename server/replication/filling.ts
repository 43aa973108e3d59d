/**
 * A node whose disk is empty fills itself from its peers before it serves anybody.
 *
 * @module
 */

import { covers, entriesMissing, type Version } from "../core/version.ts";
import { FILLING_MS, FILLING_STALLED_MS } from "./replication_limits.ts";

/** See the module. */
export class Filling {
  /** What each peer that answered has: all of it is waited for. */
  readonly #wanted = new Map<string, Version>();
  /** Peers from which there is nothing to be had: not reached at the first attempt, or empty themselves. */
  readonly #useless = new Set<string>();
  #isOver: boolean;
  /** Whether there was anything to be had from anybody. */
  #hasBegun = false;
  /** Since when nobody is there to be filled from. */
  #aloneSinceMs: number;
  /** How many entries there were when last looked at, and since when there are no more. */
  #have = -1;
  #advancedMs = 0;

  /** @param isEmpty whether there is anything to be filled at all */
  constructor(isEmpty: boolean, nowMs: number) {
    this.#isOver = !isEmpty;
    this.#aloneSinceMs = nowMs;
  }

  /** Whether clients can be served. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether it is still open whether anybody can fill this node. */
  get isSearching(): boolean {
    return !this.#isOver && this.#wanted.size === 0;
  }

  /** A peer has said what it has: less than before, if it has lost its disk meanwhile. */
  answered(peer: string, version: Version, nowMs: number): void {
    if (this.#isOver) return;
    if (version.size === 0) return this.lost(peer, nowMs);
    this.#hasBegun = true;
    this.#wanted.set(peer, version);
  }

  /** A peer cannot be reached, or is gone, or has nothing. */
  lost(peer: string, nowMs: number): void {
    if (!this.#wanted.delete(peer)) this.#useless.add(peer);
    else if (this.#wanted.size === 0) this.#aloneSinceMs = nowMs;
  }

  /**
   * Looks at how far it is.
   *
   * @param version what is here
   * @param peers how many peers are configured
   * @returns whether it is over
   */
  look(version: Version, peers: number, nowMs: number): boolean {
    if (this.#isOver) return true;
    this.#isOver = this.#wanted.size > 0
      ? this.#wanted.values().every((wanted) => covers(version, wanted)) || this.#isStalled(version, nowMs)
      : this.#isInVain(peers) || nowMs - this.#aloneSinceMs >= FILLING_MS;
    return this.#isOver;
  }

  /** Whether those who could fill this node do not: they may not reach it. */
  #isStalled(version: Version, nowMs: number): boolean {
    const have = entriesIn(version);
    if (have === this.#have) return nowMs - this.#advancedMs >= FILLING_STALLED_MS;
    this.#have = have;
    this.#advancedMs = nowMs;
    return false;
  }

  /** Whether no time to wait is left: whoever had begun to fill this node may come back within it. */
  #isInVain(peers: number): boolean {
    return !this.#hasBegun && this.#useless.size >= peers;
  }

  /** How far it is, for people. */
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
