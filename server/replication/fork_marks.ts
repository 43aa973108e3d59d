/**
 * The forked origins of other nodes, and the peers that hold another branch of them than this node.
 *
 * @module
 */

import { nodeOf } from "../core/entry.ts";
import { type ChainedPlace, seqOf, type Version } from "../core/version.ts";
import type { ForkStatus } from "../ports/node.ts";
import type { SharedEnd } from "./branching.ts";
import { TRACE_MS } from "./replication_limits.ts";

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
  /** Of each origin, the places where other branches part from that of this node. */
  readonly #partings = new Map<string, readonly Parting[]>();
  /** Of each origin of which a parting was found, the peers not seen without another branch. */
  readonly #unresolved = new Map<string, Set<string>>();
  /** Of each origin, when its own node last had another branch, and if it has had that of this node since. */
  readonly #twins = new Map<string, { readonly seenMs: number; agrees: boolean }>();
  /** Names of the configured peers; nobody waits for others. */
  names: ReadonlySet<string> = new Set();

  /** True if no origin is marked. */
  get isEmpty(): boolean {
    return this.#peers.size === 0;
  }

  /** True if an origin is marked. */
  has(origin: string): boolean {
    return this.#peers.has(origin);
  }

  /** True if a version holds entries of which a peer has others: of a marked origin, behind the last shared one. */
  differs(peer: string, version: Version): boolean {
    return this.#peers.entries().some(([origin, peers]) =>
      peers.has(peer) && seqOf(version, origin) > (this.#after(origin) ?? 0)
    );
  }

  /** A version without the marked origins. */
  without(version: Version): Version {
    if (this.isEmpty) return version;
    return new Map([...version].filter(([origin]) => !this.has(origin)));
  }

  /** Origins of which a peer holds another branch, or held one and was not seen without it since. */
  of(peer: string): { readonly origin: string; readonly after: number }[] {
    const has = (origin: string): boolean => this.#with(origin).has(peer);
    return this.#origins.filter(has).map((origin) => ({ origin, after: this.#after(origin) ?? 0 }));
  }

  /** Takes over a fork that was found before the start: any peer may have another branch. */
  restore(end: SharedEnd): void {
    const { origin, after, chain, other } = end;
    const places = [{ origin, seq: after, stamp: 0, chain }, {
      origin,
      seq: after + 1,
      stamp: 0,
      chain: other,
    }];
    this.parts({ end, places: places.filter((place) => place.seq > 0 && place.chain !== undefined) });
    this.#unresolved.set(origin, new Set(this.names));
  }

  /** Marks an origin; false if the peer was known to hold another branch of it. */
  add(origin: string, peer: string, nowMs: number): boolean {
    if (peer === nodeOf(origin)) this.#twins.set(origin, { seenMs: nowMs, agrees: false });
    const peers = this.#peers.get(origin) ?? new Set();
    if (peers.has(peer)) return false;
    this.#peers.set(origin, peers.add(peer));
    this.#unresolved.get(origin)?.add(peer);
    return true;
  }

  /** True if a moment ago the origin's own node had another branch: one of two copies of its folder. */
  hasTwins(origin: string, nowMs: number): boolean {
    return nowMs - (this.#twins.get(origin)?.seenMs ?? -Infinity) < TRACE_MS;
  }

  /** The origin's own node was seen with the branch of this node, while it may run on two copies. */
  agreesLater(origin: string): void {
    const twins = this.#twins.get(origin);
    if (twins !== undefined) twins.agrees = true;
  }

  /** The nodes that have shown no branch but that of this node for a while. */
  agreed(nowMs: number): { readonly origin: string; readonly peer: string }[] {
    const agreed = [...this.#twins].filter(([origin, { agrees }]) => agrees && !this.hasTwins(origin, nowMs));
    for (const [origin] of agreed) this.#twins.delete(origin);
    return agreed.map(([origin]) => ({ origin, peer: nodeOf(origin) }));
  }

  /** A peer has no other branch than this node; true if that ends the mark of the origin. */
  remove(origin: string, peer: string): boolean {
    this.#unresolved.get(origin)?.delete(peer);
    const peers = this.#peers.get(origin);
    if (!peers?.delete(peer) || peers.size > 0) return false;
    this.#peers.delete(origin);
    return true;
  }

  /** Takes a parting; false if it is known. */
  parts(parting: Parting): boolean {
    const { origin, after, other } = parting.end;
    const known = this.#partings.get(origin) ?? [];
    if (known.some(({ end }) => end.after === after && end.other === other)) return false;
    this.#partings.set(origin, [...known, parting]);
    const peers = [...this.#unresolved.get(origin) ?? [], ...this.#peers.get(origin) ?? []];
    this.#unresolved.set(origin, new Set([nodeOf(origin), ...peers]));
    return true;
  }

  /** Forgets the forks of which no configured peer can have another branch any more; returns their origins. */
  resolve(): string[] {
    const over = [...this.#unresolved.keys()].filter((origin) => this.#unseen(origin).size === 0);
    for (const origin of over) {
      this.#unresolved.delete(origin);
      this.#partings.delete(origin);
    }
    return over;
  }

  /** The known partings. */
  get partings(): Parting[] {
    return [...this.#partings.values()].flat();
  }

  /** The forks: the last shared entry if it is known, the holders of another branch, and the peers to be seen. */
  get all(): Omit<ForkStatus, "same">[] {
    return this.#origins.map((origin) => {
      const other = this.#peers.get(origin) ?? new Set();
      return {
        origin,
        after: this.#after(origin) ?? null,
        other: [...other],
        unseen: [...this.#unseen(origin).difference(other)],
      };
    }).filter(({ other, unseen }) => other.length + unseen.length > 0);
  }

  /** The peers that have, or may have, another branch of any origin. */
  get suspects(): Set<string> {
    return new Set(this.#origins.flatMap((origin) => [...this.#with(origin)]));
  }

  get #origins(): string[] {
    return [...new Set([...this.#peers.keys(), ...this.#unresolved.keys()])];
  }

  /** Sequence number of the last entry that all branches share, if any parting is known. */
  #after(origin: string): number | undefined {
    const partings = this.#partings.get(origin);
    return partings && Math.min(...partings.map(({ end }) => end.after));
  }

  #with(origin: string): Set<string> {
    return new Set([...this.#peers.get(origin) ?? [], ...this.#unresolved.get(origin) ?? []]);
  }

  #unseen(origin: string): Set<string> {
    return (this.#unresolved.get(origin) ?? new Set()).intersection(this.names);
  }
}
