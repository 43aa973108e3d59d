/**
 * Forks of the node's own origin: they make it a half, unless they are settled.
 *
 * @module
 */

import type { ChainedPlace } from "../core/version.ts";
import type { Branching, SharedEnd } from "./branching.ts";
import { ForkHalt } from "./fork_halt.ts";
import type { ForkParts } from "./fork_host.ts";
import { halvedText, unfoundText } from "./fork_text.ts";
import { TRACE_MS } from "./replication_limits.ts";
import { SettledForks } from "./settled_forks.ts";

/** The own origin, as other nodes hold it. */
export class OwnFork {
  readonly #parts: ForkParts;
  readonly #settled = new SettledForks();
  readonly #halt = new ForkHalt();

  constructor(parts: ForkParts) {
    this.#parts = parts;
  }

  /** True once the node is a half: it acknowledges nothing any more. */
  get isHalf(): boolean {
    return this.#halt.isNear;
  }

  /** Takes over a settled fork of this origin or of an earlier one. */
  restore(fork: SharedEnd): void {
    if (fork.origin === this.#parts.origin) this.#settled.add(fork);
  }

  /** True if a peer has told of a branch that is given up. */
  isGivenUp(origin: string, places: readonly ChainedPlace[]): boolean {
    return origin === this.#parts.origin && places.some((place) => this.#settled.begins(place));
  }

  /** A peer has another branch: the node becomes a half, unless that branch is, or may be, one that is given up. */
  seen(peer: string, branching: Branching): void {
    if (!this.#settled.mayHave(branching)) this.halve(peer);
  }

  /** The node becomes a half. */
  halve(peer?: string): void {
    if (this.isHalf) return;
    const { origin, host, logger, clock } = this.#parts;
    this.#halt.begin(clock.monotonicMs());
    logger.error("forked", { origin, peer });
    host.forsake("its data folder was copied, and both copies were used");
  }

  /** True if the branch that was found is given up: the node goes on. */
  goesOn(peer: string, branching: Branching): boolean {
    const { logger, origin } = this.#parts;
    if (this.isHalf || !this.#settled.mayHave(branching)) return false;
    logger.warn("forkSettled", { origin, peer });
    return true;
  }

  /** The branching is found: the node is a half, and halts soon. */
  found(peer: string, end: SharedEnd): void {
    this.halve(peer);
    this.#halt.found(halvedText(end), this.#parts.clock.monotonicMs());
  }

  /** A peer is told of the branching. */
  tells(): void {
    this.#halt.tells(this.#parts.clock.monotonicMs());
  }

  /**
   * Time has passed.
   *
   * @param isHeard true if a peer is connected
   */
  tick(nowMs: number, isHeard: boolean): void {
    const { host, origin } = this.#parts;
    const reason = this.#halt.due(nowMs, isHeard, () => unfoundText(origin, TRACE_MS / 1_000));
    if (reason !== undefined) host.halt(new Error(reason));
  }
}
