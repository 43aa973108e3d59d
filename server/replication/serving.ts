/**
 * The answer to the question if this node may serve clients: not before it is filled, not before its peers have had
 * a moment to speak, and not once they have removed it.
 *
 * @module
 */

import type { Version } from "../core/version.ts";
import { aloneText, removedText } from "./alone.ts";
import { Filling } from "./filling.ts";
import { FirstLook, isRemoved } from "./membership.ts";
import type { MeshOptions } from "./mesh_host.ts";
import type { PeerSet } from "./peer_set.ts";

/** Interval of the diagnostics of a node that fills itself, ms. */
const FILLING_LOG_MS = 1_000;

/** The service of one node to its clients. */
export class Serving {
  readonly #options: MeshOptions;
  readonly #peers: PeerSet;
  readonly #filling: Filling;
  readonly #firstLook: FirstLook;
  /** True while every reachable peer refuses this node as a stranger. */
  #isRemoved = false;
  #filledLogMs = 0;

  constructor(options: MeshOptions, peers: PeerSet) {
    this.#options = options;
    this.#peers = peers;
    const { clock, lacksAll, servesAlone } = options;
    const nowMs = clock.monotonicMs();
    const hasPeers = peers.size > 0;
    this.#filling = new Filling(lacksAll && hasPeers, nowMs);
    this.#firstLook = new FirstLook(!lacksAll && servesAlone !== true && hasPeers, nowMs);
  }

  /** True if this node has an empty disk and a peer that can fill it may still turn up. */
  get isSearching(): boolean {
    return this.#filling.isSearching && !this.#isOut;
  }

  /** True if a node with data has not heard yet if its peers still take it. */
  get isLooking(): boolean {
    return !this.#firstLook.isOver;
  }

  /** The reason that clients are not served, with the progress or the way out; undefined while they are. */
  get unavailable(): string | undefined {
    if (this.#isOut) return removedText();
    if (!this.#filling.isOver) return this.#fillingText();
    return this.#firstLook.isOver ? undefined : "this node has just started and asks its peers first";
  }

  #fillingText(): string {
    const { host: { full }, history } = this.#options;
    const progress = this.#filling.progress(history.end.version);
    return full === undefined
      ? progress
      : `${progress}; the ${full} of this node is full, so nothing comes in`;
  }

  /** The reason that this node takes nothing from others; undefined while it does, or has no peers. */
  get alone(): string | undefined {
    const { host: { full }, servesAlone = false } = this.#options;
    return aloneText({ peers: this.#peers.status(), full, isRemoved: this.#isRemoved, servesAlone });
  }

  /** True while clients must go to other nodes, since what they store here would stay here. */
  get #isOut(): boolean {
    return this.#isRemoved && this.#options.servesAlone !== true;
  }

  /** A peer has told its version. */
  answered(peer: string, version: Version, nowMs: number): void {
    this.#filling.answered(peer, version, nowMs);
  }

  /** A peer cannot be reached, or is gone. */
  lost(peer: string, nowMs: number): void {
    this.#filling.lost(peer, nowMs);
  }

  /** An origin is forked: a node that fills itself does not wait for its entries. */
  leavesOut(origin: string): void {
    this.#filling.leavesOut(origin);
  }

  /** Looks at the peers' last words, and at how far the filling is. */
  look(nowMs: number): void {
    this.#lookAtMembership(nowMs);
    // A node that was removed has to be filled once it is taken again.
    if (!this.#filling.isOver && !this.#isOut) this.#fill(nowMs);
  }

  #lookAtMembership(nowMs: number): void {
    const { host, logger } = this.#options;
    const standings = this.#peers.standings();
    this.#firstLook.look(standings, nowMs);
    const wasRemoved = this.#isRemoved;
    this.#isRemoved = isRemoved(standings);
    if (this.#isRemoved === wasRemoved) return;
    if (!this.#isRemoved) return logger.info("takenAgain");
    logger.error("removed", { reason: this.alone });
    if (this.#isOut) host.dismissClients(removedText());
  }

  #fill(nowMs: number): void {
    const { history, host, logger } = this.#options;
    if (this.#filling.look(history.end.version, this.#peers.size, nowMs, host.full !== undefined)) {
      host.filled();
      const entries = history.end.position;
      if (entries > 0) logger.info("filled", { entries });
      else logger.info("startsEmpty", { reason: "no other node has anything, or answers" });
      return;
    }
    if (nowMs - this.#filledLogMs < FILLING_LOG_MS) return;
    this.#filledLogMs = nowMs;
    logger.info("filling", { progress: this.unavailable });
  }
}
