/**
 * Chains of the latest entries of every origin, for comparing places with a peer that is some seconds behind.
 *
 * @module
 */

import type { ChainedPlace } from "../core/version.ts";

/** Entries of one origin that are remembered: some seconds at full load, in 64 KiB. */
export const CHAINS_KEPT = 16_384;

/** Positions of a ring at its beginning; it doubles until it holds `CHAINS_KEPT`. */
const FIRST_CAPACITY = 256;

/** Origins that are remembered, those of the latest entries: few of them write at one time. */
const ORIGINS_KEPT = 16;

/** A ring of the latest chains of one origin; 0 stands for one that is unknown. */
interface Ring {
  chains: Uint32Array;
  /** Sequence number of the first entry that is remembered, and of the last one. */
  first: number;
  last: number;
}

/** Remembers chains. */
export class RecentChains {
  readonly #rings = new Map<string, Ring>();

  /** Remembers the place of a durable entry; those of an origin come in order. */
  add({ origin, seq, chain }: ChainedPlace): void {
    let ring = this.#rings.get(origin);
    if (ring === undefined) {
      this.#forgetOldest();
      ring = { chains: new Uint32Array(FIRST_CAPACITY), first: seq, last: seq - 1 };
      this.#rings.set(origin, ring);
    }
    if (seq !== ring.last + 1) ring.first = seq;
    ring.last = seq;
    if (seq - ring.first >= ring.chains.length) makeRoom(ring);
    ring.chains[seq % ring.chains.length] = chain ?? 0;
  }

  /** Chain of an entry; `undefined` if it is unknown or too long ago. */
  at(origin: string, seq: number): number | undefined {
    const ring = this.#rings.get(origin);
    if (ring === undefined || seq < ring.first || seq > ring.last) return undefined;
    return ring.chains[seq % ring.chains.length] || undefined;
  }

  #forgetOldest(): void {
    if (this.#rings.size < ORIGINS_KEPT) return;
    for (const origin of this.#rings.keys()) return void this.#rings.delete(origin);
  }
}

/** Doubles a ring, or lets its oldest chain go. */
function makeRoom(ring: Ring): void {
  const { chains, first, last } = ring;
  if (chains.length === CHAINS_KEPT) {
    ring.first++;
    return;
  }
  ring.chains = new Uint32Array(chains.length * 2);
  for (let seq = first; seq < last; seq++) {
    ring.chains[seq % ring.chains.length] = chains[seq % chains.length] ?? 0;
  }
}
