/**
 * Stamps and chains of the latest entries of every origin, for comparing places with a peer that is some seconds
 * behind. Behind a gap the chains are unknown, and the stamps alone tell two branches apart.
 *
 * @module
 */

import type { ChainedPlace, Reached } from "../core/version.ts";

/** Entries of one origin that are remembered: some seconds at full load, in 192 KiB. */
export const CHAINS_KEPT = 16_384;

/** Positions of a ring at its beginning; it doubles until it holds `CHAINS_KEPT`. */
const FIRST_CAPACITY = 256;

/** Origins that are remembered, those of the latest entries: few of them write at one time. */
const ORIGINS_KEPT = 16;

/** A ring of the latest entries of one origin; a chain of 0 stands for one that is unknown. */
interface Ring {
  chains: Uint32Array;
  stamps: Float64Array;
  /** Sequence number of the first entry that is remembered, and of the last one. */
  first: number;
  last: number;
}

/** Remembers stamps and chains. */
export class RecentChains {
  readonly #rings = new Map<string, Ring>();

  /** Remembers the place of a durable entry; those of an origin come in order. */
  add({ origin, seq, stamp, chain }: ChainedPlace): void {
    let ring = this.#rings.get(origin);
    if (ring === undefined) {
      this.#forgetOldest();
      ring = { ...arraysOf(FIRST_CAPACITY), first: seq, last: seq - 1 };
      this.#rings.set(origin, ring);
    }
    if (seq !== ring.last + 1) ring.first = seq;
    ring.last = seq;
    if (seq - ring.first >= ring.chains.length) makeRoom(ring);
    ring.chains[seq % ring.chains.length] = chain ?? 0;
    ring.stamps[seq % ring.chains.length] = stamp;
  }

  /** An entry; `undefined` if it is unknown or too long ago. */
  at(origin: string, seq: number): Reached | undefined {
    const ring = this.#rings.get(origin);
    if (ring === undefined || seq < ring.first || seq > ring.last) return undefined;
    const at = seq % ring.chains.length;
    return { seq, stamp: ring.stamps[at] ?? 0, chain: ring.chains[at] || undefined };
  }

  #forgetOldest(): void {
    if (this.#rings.size < ORIGINS_KEPT) return;
    for (const origin of this.#rings.keys()) return void this.#rings.delete(origin);
  }
}

function arraysOf(capacity: number): Pick<Ring, "chains" | "stamps"> {
  return { chains: new Uint32Array(capacity), stamps: new Float64Array(capacity) };
}

/** Doubles a ring, or lets its oldest entry go. */
function makeRoom(ring: Ring): void {
  const { chains, stamps, first, last } = ring;
  if (chains.length === CHAINS_KEPT) {
    ring.first++;
    return;
  }
  Object.assign(ring, arraysOf(chains.length * 2));
  for (let seq = first; seq < last; seq++) {
    ring.chains[seq % ring.chains.length] = chains[seq % chains.length] ?? 0;
    ring.stamps[seq % ring.chains.length] = stamps[seq % chains.length] ?? 0;
  }
}
