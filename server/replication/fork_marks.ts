/**
 * The forked origins of other nodes, and the peers that hold another branch of them than this node.
 *
 * @module
 */

import { nodeOf } from "../core/entry.ts";
import type { ChainedPlace, Version } from "../core/version.ts";
import type { SharedEnd } from "./branching.ts";

/** The place where two branches part, as nodes tell it to each other. */
interface Parting {
  readonly end: SharedEnd;
  /** The last shared entry, if there is one, and the first one of the other branch. */
  readonly places: readonly ChainedPlace[];
}

/** Marks of origins. */
export class ForkMarks {
  /** Of each forked origin, the peers with another branch. */
  readonly #peers = new Map<string, Set<string>>();
  readonly #partings = new Map<string, Parting>();
  /** Of each origin whose parting was found, the last shared entry, and the peers that had another branch. */
  readonly #unresolved = new Map<string, { readonly after: number; readonly peers: Set<string> }>();

  /** True if no origin is marked. */
  get isEmpty(): boolean {
    return this.#peers.size === 0;
  }

  /** True if an origin is marked. */
  has(origin: string): boolean {
    return this.#peers.has(origin);
  }

  /** A version without the marked origins. */
  without(version: Version): Version {
    if (this.isEmpty) return version;
    return new Map([...version].filter(([origin]) => !this.has(origin)));
  }

  /** Origins for which a peer is known to hold another branch. */
  of(peer: string): string[] {
    return [...this.#peers].filter(([, peers]) => peers.has(peer)).map(([origin]) => origin);
  }

  /** Marks an origin; false if the peer was known to hold another branch of it. */
  add(origin: string, peer: string): boolean {
    const peers = this.#peers.get(origin) ?? new Set();
    if (peers.has(peer)) return false;
    this.#peers.set(origin, peers.add(peer));
    this.#unresolved.get(origin)?.peers.add(peer);
    return true;
  }

  /** A peer holds the same branch as this node; true if that ends the mark of the origin. */
  remove(origin: string, peer: string): boolean {
    const peers = this.#peers.get(origin);
    if (!peers?.delete(peer) || peers.size > 0) return false;
    this.#peers.delete(origin);
    this.#partings.delete(origin);
    return true;
  }

  /** Takes a parting; false if one is known that is as early. */
  parts(parting: Parting): boolean {
    const { origin, after } = parting.end;
    const known = this.#partings.get(origin);
    if (known !== undefined && known.end.after <= after) return false;
    this.#partings.set(origin, parting);
    const peers = [...this.#unresolved.get(origin)?.peers ?? [], ...this.#peers.get(origin) ?? []];
    this.#unresolved.set(origin, { after, peers: new Set([nodeOf(origin), ...peers]) });
    return true;
  }

  /** The forks, past ones too, in which a peer had another branch that it was not seen without since. */
  unresolved(peer: string): { readonly origin: string; readonly after: number }[] {
    const had = [...this.#unresolved].filter(([, { peers }]) => peers.has(peer));
    return had.map(([origin, { after }]) => ({ origin, after }));
  }

  /** A peer has come back without its branch. */
  resolve(origin: string): void {
    this.#unresolved.delete(origin);
    this.#partings.delete(origin);
  }

  /** The known partings. */
  get partings(): Parting[] {
    return [...this.#partings.values()];
  }

  /** The marked origins, with the last shared entry if it is known. */
  get all(): { readonly origin: string; readonly after: number | undefined; readonly other: string[] }[] {
    return [...this.#peers].map(([origin, peers]) => ({
      origin,
      after: this.#partings.get(origin)?.end.after,
      other: [...peers],
    }));
  }

  /** The peers with another branch of any origin. */
  get holders(): Set<string> {
    return new Set(this.#peers.values().flatMap((peers) => peers));
  }
}
