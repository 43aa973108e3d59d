/**
 * The searches for branchings, over each stream.
 *
 * @module
 */

import type { PeerMessage } from "../ports/peer_message.ts";
import { Branching } from "./branching.ts";

/** A stream to or from a peer that knows chains. */
export interface PeerTalk {
  /** Name of the peer. */
  readonly peer: string;
  send(message: PeerMessage): void;
}

/** The search for one branching over one stream. */
export interface Search {
  readonly branching: Branching;
  /** When the peer was last asked, ms; `-Infinity` if it has answered. */
  askedMs: number;
  state: "new" | "asked" | "over";
  /** When it began, ms. */
  readonly begunMs: number;
}

/** All searches. */
export class ForkSearches {
  readonly #byTalk = new Map<PeerTalk, Map<string, Search>>();
  /** Those for the own origin, by peer: they outlive their streams, which the other copy of this node may replace. */
  readonly #ownBranchings = new Map<string, Branching>();
  readonly #ownOrigin: string;

  constructor(ownOrigin: string) {
    this.#ownOrigin = ownOrigin;
  }

  /** The streams. */
  get talks(): PeerTalk[] {
    return [...this.#byTalk.keys()];
  }

  /** A stream has begun. */
  begin(talk: PeerTalk): void {
    this.#byTalk.set(talk, new Map());
  }

  /** A stream is over. */
  end(talk: PeerTalk): void {
    this.#byTalk.delete(talk);
  }

  /** True if a stream is open to a peer with another branch. */
  isLive(origin: string): boolean {
    return this.#byTalk.values().some((searches) => searches.get(origin)?.branching.isSeen);
  }

  /** The search over a stream, if there is one. */
  get(talk: PeerTalk, origin: string): Search | undefined {
    return this.#byTalk.get(talk)?.get(origin);
  }

  /** True if a stream is open to a peer with another branch of the own origin. */
  isApart(peer: string): boolean {
    return this.#own.some(([talk, { branching }]) => talk.peer === peer && branching.isSeen);
  }

  /** True if another branch of the own origin was seen that long ago, and its beginning has not been found since. */
  isOverdue(beforeMs: number): boolean {
    return this.#own.some(([, { branching, begunMs, state }]) =>
      branching.isSeen && state !== "over" && begunMs <= beforeMs
    );
  }

  get #own(): (readonly [PeerTalk, Search])[] {
    return [...this.#byTalk].flatMap(([talk, searches]) => {
      const search = searches.get(this.#ownOrigin);
      return search === undefined ? [] : [[talk, search] as const];
    });
  }

  /** The search over a stream, begun if there is none; `undefined` if the stream is over. */
  of(talk: PeerTalk, origin: string, nowMs: number): Search | undefined {
    const searches = this.#byTalk.get(talk);
    const known = searches?.get(origin);
    if (searches === undefined || known !== undefined) return known;
    const search: Search = {
      branching: this.#branchingOf(talk.peer, origin),
      askedMs: -Infinity,
      state: "new",
      begunMs: nowMs,
    };
    searches.set(origin, search);
    return search;
  }

  #branchingOf(peer: string, origin: string): Branching {
    if (origin !== this.#ownOrigin) return new Branching(origin);
    const branching = this.#ownBranchings.get(peer) ?? new Branching(origin);
    this.#ownBranchings.set(peer, branching);
    return branching;
  }

  /** The branching is found, without a search over this stream. */
  told(talk: PeerTalk, branching: Branching): void {
    const search: Search = { branching, askedMs: -Infinity, state: "over", begunMs: -Infinity };
    this.#byTalk.get(talk)?.set(branching.origin, search);
  }

  /** A peer has a branch of the own origin that somebody has given up: its next stream may show another one. */
  settled(peer: string): void {
    this.#ownBranchings.delete(peer);
  }

  /** There is nothing to look for. */
  drop(talk: PeerTalk, origin: string): void {
    this.#byTalk.get(talk)?.delete(origin);
  }
}
