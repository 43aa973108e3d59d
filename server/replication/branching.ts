/**
 * The search for the entry at which two branches of an origin part. Before it all places are the same, behind it
 * none is.
 *
 * @module
 */

import { FIRST_CHAIN, nextChain } from "../core/chain.ts";
import type { ChainedPlace } from "../core/version.ts";
import { TRACED_MAX } from "../ports/peer_message.ts";

/** Distance in which both ends answer from memory: the first question goes back so far. */
const NEAR_ENTRIES = 8_192;

/** The last entry that two branches share, and the first one behind it. */
export interface SharedEnd {
  readonly origin: string;
  /** Its sequence number; 0 if the branches share nothing. */
  readonly after: number;
  /** Chain of the origin up to it. */
  readonly chain: number;
  /** Chain of the first entry of the other branch, which tells it from further ones; `undefined` if it is unknown. */
  readonly other?: number | undefined;
}

/** Narrows the search down, question by question. */
export class Branching {
  /** The last place that is known to be the same. */
  #shared: ChainedPlace | undefined;
  /** Number of the first entry that is known to differ, and the entry of the other branch. */
  #differing = Infinity;
  #other: ChainedPlace | undefined;
  #questions = 0;
  #isClosed = false;

  constructor(readonly origin: string) {}

  /** True once the branches are known to differ at all. */
  get isSeen(): boolean {
    return this.#differing < Infinity;
  }

  /** The last shared entry, once it is known. */
  get shared(): ChainedPlace | undefined {
    return this.#shared;
  }

  /** The first entry of the other branch, once `end` is known. */
  get other(): ChainedPlace | undefined {
    return this.#other;
  }

  /** The place where the branches part, once it is known. */
  get end(): SharedEnd | undefined {
    const after = this.#shared?.seq ?? 0;
    const chain = this.#shared?.chain ?? FIRST_CHAIN;
    const first = this.#differing === after + 1 ? this.#other : undefined;
    if (first === undefined && !(this.#isClosed && this.isSeen)) return undefined;
    return { origin: this.origin, after, chain, other: first && chainOf(first, chain) };
  }

  /** The last shared entry, if there is one, and the first known one of the other branch. */
  get places(): ChainedPlace[] {
    return [this.#shared, this.#other].filter((place) => place !== undefined);
  }

  /** Sequence number of the first entry that is known to differ. */
  get differing(): number {
    return this.#differing;
  }

  /** Nobody knows the entries between, which are in a gap of a log: they count as entries of the branches. */
  close(): void {
    this.#isClosed = true;
  }

  /** The two branches share this entry. */
  isShared(place: ChainedPlace): void {
    if (place.seq > (this.#shared?.seq ?? 0) && place.seq < this.#differing) this.#shared = place;
  }

  /** The other branch has this entry, and this one has another; or none, and cannot get it any more. */
  differs(place: ChainedPlace): void {
    if (place.seq > this.#differing || place.seq <= (this.#shared?.seq ?? 0)) return;
    this.#differing = place.seq;
    this.#other = place;
  }

  /** This branch ends before an entry. */
  endsBefore(seq: number): void {
    if (seq >= this.#differing) return;
    this.#differing = seq;
    this.#other = undefined;
  }

  /** The numbers to ask for next: the first one that differs, and some before it. */
  question(): number[] {
    const first = (this.#shared?.seq ?? 0) + 1;
    const width = this.#differing - first;
    const asked = width < TRACED_MAX
      ? Array.from({ length: width }, (_, i) => first + i)
      : this.#shared === undefined && this.#questions < 2
      ? this.#doubling(first)
      : Array.from(
        { length: TRACED_MAX - 1 },
        (_, i) => first + Math.floor(width * (i + 1) / TRACED_MAX),
      );
    this.#questions++;
    return [...asked, this.#differing];
  }

  /** Steps back that double: a fork is most often a young one. */
  #doubling(first: number): number[] {
    const steps: number[] = [];
    const isNear = this.#questions === 0;
    for (let step = isNear ? 1 : NEAR_ENTRIES; this.#differing - step >= first; step *= 2) {
      if (isNear && step > NEAR_ENTRIES) break;
      steps.push(this.#differing - step);
    }
    return steps.reverse();
  }
}

/** @param before chain of the entry before it */
function chainOf({ seq, stamp, chain }: ChainedPlace, before: number): number | undefined {
  return chain ?? (stamp === 0 ? undefined : nextChain(before, seq, stamp));
}
