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

  /** The search over a stream, begun if there is none; `undefined` if the stream is over. */
  of(talk: PeerTalk, origin: string): Search | undefined {
    const searches = this.#byTalk.get(talk);
    const known = searches?.get(origin);
    if (searches === undefined || known !== undefined) return known;
    const search: Search = {
      branching: this.#branchingOf(talk.peer, origin),
      askedMs: -Infinity,
      state: "new",
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
    this.#byTalk.get(talk)?.set(branching.origin, { branching, askedMs: -Infinity, state: "over" });
  }

  /** There is nothing to look for. */
  drop(talk: PeerTalk, origin: string): void {
    this.#byTalk.get(talk)?.delete(origin);
  }
}
