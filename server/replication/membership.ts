/**
 * The place of this node in its cluster: a node that every reachable peer refuses as a stranger was removed, and
 * what it acknowledged would stay with it.
 *
 * @module
 */

import { FIRST_LOOK_MS } from "./replication_limits.ts";

/**
 * The word of a peer about this node. `stranger` holds until the peer says something else, whether it can be
 * reached meanwhile or not.
 */
export type Standing = "member" | "stranger" | "refused" | "unreachable" | "unasked";

/** True if a peer refuses this node as a stranger, and none that can be reached does otherwise. */
export function isRemoved(standings: readonly Standing[]): boolean {
  return standings.includes("stranger") &&
    standings.every((standing) => standing !== "member" && standing !== "refused");
}

/** The first moment after a start, in which a node with data asks its peers before it serves clients. */
export class FirstLook {
  readonly #untilMs: number;
  #isOver: boolean;

  /** @param isNeeded true if there are peers whose word counts */
  constructor(isNeeded: boolean, nowMs: number) {
    this.#isOver = !isNeeded;
    this.#untilMs = nowMs + FIRST_LOOK_MS;
  }

  /** True once clients can be served, unless this node was removed. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends it once a peer takes this node, or all have been asked, or time is up. */
  look(standings: readonly Standing[], nowMs: number): void {
    this.#isOver ||= nowMs >= this.#untilMs || standings.includes("member") || !standings.includes("unasked");
  }
}
