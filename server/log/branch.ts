/**
 * The branch of a fork that gets an origin of its own (`proto/log_format.md`, section 8). Every node that holds the
 * branch makes the same entries of it. Of an origin that was copied more than once, each part between two branchings
 * gets an origin of its own: two of three branches share the part before they part too.
 *
 * @module
 */

import { nextChain } from "../core/chain.ts";
import { nodeOf, type Place } from "../core/entry.ts";
import type { Digest } from "../ports/outside.ts";
import type { StoredFork } from "./fork_file.ts";

/** Hexadecimal digits of an incarnation. */
const INCARNATION_DIGITS = 12;

/** A branch, found by the entries of a log in their order. */
export class Branch {
  /** Name of the new origin; `undefined` while no entry of the branch was met. */
  origin: string | undefined;
  /** Number of its entries that still have the old origin. */
  waiting = 0;
  /** True if the log has entries of the origin that came after the fork was found: its node goes on with this branch. */
  hasGoneOn = false;
  /** Last number in the new origin that the log has. */
  #reached = 0;
  /** Origins that were met. */
  readonly #met = new Set<string>();
  readonly fork: StoredFork;
  /** Number of its last entry in the old origin: another branch parts there. */
  readonly #last: number;
  readonly #digest: Digest;

  constructor(fork: StoredFork, last: number, digest: Digest) {
    this.fork = fork;
    this.#last = last;
    this.#digest = digest;
  }

  /** True if an entry is of the branch, and still has the old origin. */
  has({ origin, seq }: Place): boolean {
    return origin === this.fork.origin && seq > this.fork.after && seq <= this.#last;
  }

  /** Takes the next entry of the log. */
  meet(entry: Place): void {
    if (this.has(entry)) {
      this.hasGoneOn ||= entry.seq > (this.fork.until ?? Infinity);
      this.origin ??= this.#originOf(entry);
      this.waiting++;
    } else if (this.origin === undefined) this.#lookForMoved(entry);
    if (entry.origin === this.origin) this.#reached = entry.seq;
  }

  /** Entries may be moved by now: a repair was ended half way, or another node has moved and sent them. */
  #lookForMoved(entry: Place): void {
    if (this.#met.has(entry.origin)) return;
    this.#met.add(entry.origin);
    const moved = this.#originOf({ ...entry, seq: entry.seq + this.fork.after });
    if (entry.origin === moved) this.origin = moved;
  }

  /** The place of an entry of the branch under the new origin. */
  moved({ seq, stamp }: Place): Place {
    return { origin: this.origin ?? this.fork.origin, seq: seq - this.fork.after, stamp };
  }

  /** True if the log has an entry of the branch under its new name too. */
  hasMoved({ seq }: Place): boolean {
    return seq - this.fork.after <= this.#reached;
  }

  /** @param first first entry of the branch, with its number in the old origin */
  #originOf({ seq, stamp }: Place): string {
    const { origin, after, chain } = this.fork;
    const text = `${origin}/${after}/${nextChain(chain, seq, stamp)}`;
    return `${nodeOf(origin)}#${this.#digest(text).slice(0, INCARNATION_DIGITS)}`;
  }
}
