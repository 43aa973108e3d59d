/**
 * Forks: origins with two branches, because a data folder was copied and both copies were used. A node whose own
 * origin it is, is a *half*: it stops serving, looks for the entry at which the branches part, and halts. All other
 * nodes are *third*: they go on without that origin (`docs/replication.md`).
 *
 * @module
 */

import { nodeOf } from "../core/entry.ts";
import { type ChainedPlace, seqOf, type Version } from "../core/version.ts";
import type { PeerMessage } from "../ports/peer_message.ts";
import { Branching, type SharedEnd } from "./branching.ts";
import { comparePlace, type Comparison, type PlacesHere } from "./compare_places.ts";
import type { ForkParts } from "./fork_host.ts";
import { ForkSearches, type PeerTalk, type Search } from "./fork_searches.ts";
import { ForkMarks } from "./fork_marks.ts";
import { narrow, takeOther } from "./narrow.ts";
import { OwnFork } from "./own_fork.ts";
import { placesAt } from "./places_at.ts";
import { TRACE_MS } from "./replication_limits.ts";

type TraceMessage = Extract<PeerMessage, { type: "trace" }>;
type TracedMessage = Extract<PeerMessage, { type: "traced" }>;

/** Places of a peer that were asked for, and those of the same numbers here. */
interface Answer {
  readonly seqs: readonly number[];
  readonly theirs: readonly ChainedPlace[];
  readonly ours: readonly ChainedPlace[];
}

/** The forks that this node has seen. */
export class Forks {
  readonly #parts: ForkParts;
  readonly #searches: ForkSearches;
  /** The forked origins of others; and where they part, and the own one. */
  readonly marks = new ForkMarks();
  readonly #own: OwnFork;
  #onMark: (origin: string) => void = () => {};
  #onAgreed: () => void = () => {};

  constructor(parts: ForkParts) {
    this.#parts = parts;
    this.#searches = new ForkSearches(parts.origin);
    this.#own = new OwnFork(parts);
  }

  /** Takes over the forks that were found before the start, with the names of the configured peers. */
  begin(names: ReadonlySet<string>): void {
    this.marks.names = names;
    for (const fork of this.#parts.host.keptForks()) {
      if (fork.settled === true) this.#own.restore(fork);
      else this.marks.restore(fork);
    }
  }

  /**
   * Sets the callbacks.
   *
   * @param onMark an origin has been found to be forked
   * @param onAgreed a forked origin has one branch again: its entries are missing on streams that are open
   */
  observe(onMark: (origin: string) => void, onAgreed: () => void): void {
    this.#onMark = onMark;
    this.#onAgreed = onAgreed;
  }

  /** True once this node's own origin is known to be forked: it acknowledges nothing any more. */
  get isHalf(): boolean {
    return this.#own.isHalf;
  }

  /** True if a peer has another branch of this node's origin, which is given up: it takes no entries of this node. */
  isApart(peer: string): boolean {
    return this.#searches.isApart(peer);
  }

  /** True if an origin of others is forked: its entries are neither taken nor passed on. */
  isMarked(origin: string): boolean {
    return this.marks.has(origin);
  }

  /** A version without the forked origins. */
  without(version: Version): Version {
    return this.marks.without(version);
  }

  /** A peer has said hello: its version is compared anew. */
  greeted(talk: PeerTalk, version: readonly ChainedPlace[]): void {
    this.#searches.begin(talk);
    const places = new Map(version.map((place) => [place.origin, place]));
    for (const { origin, after } of this.marks.of(talk.peer)) {
      const place = places.get(origin);
      const comparison = place === undefined || place.seq <= after ? "same" : this.compare(place);
      const isWithout = (place?.seq ?? 0) <= after;
      if (comparison === "same" && (isWithout || !this.#mayBeTwin(talk.peer, origin))) {
        this.#agrees(talk.peer, origin);
      } else if (comparison === "unknown") this.#ask(talk, origin, [seqOf(this.#durable, origin)]);
    }
    this.named(talk, version);
    this.#own.tells();
    for (const { end: { origin, after }, places: parting } of this.marks.partings) {
      const isHalf = talk.peer === nodeOf(origin) && (places.get(origin)?.seq ?? 0) > after;
      if (isHalf || origin === this.#parts.origin || this.#isLive(origin)) this.#tell(talk, parting);
    }
  }

  /** The stream is over. */
  left(talk: PeerTalk): void {
    this.#searches.end(talk);
  }

  /** Other peers are configured. */
  reconfigured(names: ReadonlySet<string>): void {
    this.marks.names = names;
    for (const peer of this.marks.suspects.difference(names)) {
      for (const { origin } of this.marks.of(peer)) this.#agrees(peer, origin);
    }
  }

  /** True while both branches are in use: a peer that is away may come back repaired. */
  #isLive(origin: string): boolean {
    return this.#searches.isLive(origin) || this.marks.hasTwins(origin, this.#parts.clock.monotonicMs());
  }

  /** Compares a place with the entry here. */
  compare(place: ChainedPlace): Comparison {
    return comparePlace(this.#here, place);
  }

  /** A peer has named places of entries on its disk. */
  named(talk: PeerTalk, places: readonly ChainedPlace[]): void {
    for (const place of places) if (this.compare(place) === "other") this.differs(talk, place);
  }

  /** A peer has another entry than this node in a place. */
  differs(talk: PeerTalk, place: ChainedPlace): void {
    const search = this.#searches.of(talk, place.origin, this.#parts.clock.monotonicMs());
    if (search === undefined || search.state === "over") return;
    takeOther(search.branching, place, this.#here.version);
    this.#seen(talk.peer, search.branching);
    this.#goOn(talk, search);
  }

  /** A peer asks for places: it may have seen a fork that this node has not, and is asked for the same. */
  asked(talk: PeerTalk, { origin, seqs }: TraceMessage): void {
    placesAt(this.#parts.history, origin, seqs, (places) => {
      if (places instanceof Error) return this.#parts.host.halt(places);
      talk.send({ type: "traced", origin, seqs, places });
      if (this.#searches.get(talk, origin) !== undefined) return;
      const here = places.map(({ seq }) => seq);
      if (here.length > 0) this.#ask(talk, origin, here);
    });
  }

  /** A peer has answered; or tells, without being asked, where two branches part. */
  answered(talk: PeerTalk, { origin, seqs, places }: TracedMessage): void {
    const theirs = places.filter((place) => place.origin === origin);
    const isAnswer = seqs.length > 0;
    const search = this.#searches.get(talk, origin);
    if (search?.state === "over" || isAnswer && search === undefined) return;
    placesAt(this.#parts.history, origin, theirs.map(({ seq }) => seq), (ours) => {
      if (ours instanceof Error) return this.#parts.host.halt(ours);
      const answer = { seqs, theirs, ours };
      if (isAnswer && search !== undefined) this.#narrow(talk, search, answer);
      else if (!this.#own.isGivenUp(origin, theirs)) this.#told(talk, new Branching(origin), answer);
    });
  }

  /** Takes places of one branch that a peer has told, which need not be its own. */
  #told(talk: PeerTalk, branching: Branching, { theirs, ours }: Answer): void {
    narrow(branching, theirs, ours, this.#here);
    if (branching.shared !== undefined) branching.close();
    const { origin, end } = branching;
    if (!branching.isSeen) return;
    // A third node marks an origin only if it was comparing with this peer: others tell of branches of others.
    if (origin === this.#parts.origin || this.#searches.get(talk, origin)) {
      this.#seen(talk.peer, branching);
      if (end !== undefined) this.#searches.told(talk, branching);
    }
    if (end !== undefined) this.#finds(talk, branching, end);
  }

  /** Takes the answer to a question. */
  #narrow(talk: PeerTalk, search: Search, { seqs, theirs, ours }: Answer): void {
    search.askedMs = -Infinity;
    const { branching } = search;
    const before = [branching.shared?.seq, branching.other?.seq];
    const last = narrow(branching, theirs, ours, this.#here);
    if (branching.isSeen) {
      this.#seen(talk.peer, branching);
      const isNarrower = branching.shared?.seq !== before[0] || branching.other?.seq !== before[1];
      if (isNarrower || branching.end !== undefined) this.#goOn(talk, search);
      else this.#askElse(talk, search, seqs);
      return;
    }
    this.#searches.drop(talk, branching.origin);
    if (last === "same" && theirs.at(-1)?.seq === seqOf(this.#durable, branching.origin)) {
      if (!this.#mayBeTwin(talk.peer, branching.origin)) this.#agrees(talk.peer, branching.origin);
    }
  }

  /** Asks for other places than those that have told nothing; if there are none, a log has a gap between. */
  #askElse(talk: PeerTalk, search: Search, seqs: readonly number[]): void {
    const { branching } = search;
    const next = branching.question();
    if (next.join() !== seqs.join()) return this.#ask(talk, branching.origin, next);
    if (seqOf(this.#durable, branching.origin) < branching.differing - 1) return;
    branching.close();
    this.#goOn(talk, search);
  }

  /** True if another copy of the peer's data folder was here a moment ago: the peer agrees if that does not come back. */
  #mayBeTwin(peer: string, origin: string): boolean {
    if (peer !== nodeOf(origin) || !this.marks.hasTwins(origin, this.#parts.clock.monotonicMs())) {
      return false;
    }
    this.marks.agreesLater(origin);
    return true;
  }

  /** Time has passed. */
  tick(nowMs: number): void {
    this.#own.tick(nowMs, this.#searches.talks.length > 0);
    if (this.#searches.isOverdue(nowMs - TRACE_MS)) this.#own.halve();
    for (const { origin, peer } of this.marks.agreed(nowMs)) this.#agrees(peer, origin);
  }

  get #here(): PlacesHere {
    const { origin, history, host } = this.#parts;
    return { origin, version: host.version, history };
  }

  get #durable(): Version {
    return this.#parts.history.end.version;
  }

  #ask(talk: PeerTalk, origin: string, seqs: readonly number[]): void {
    const nowMs = this.#parts.clock.monotonicMs();
    const search = this.#searches.of(talk, origin, nowMs);
    if (search === undefined) return;
    search.askedMs = nowMs;
    search.state = "asked";
    talk.send({ type: "trace", origin, seqs });
  }

  /** Asks on, or ends the search. */
  #goOn(talk: PeerTalk, search: Search): void {
    const { branching, askedMs, state } = search;
    // The peer is asked at least once: that lets it know that it holds another branch.
    if (branching.end !== undefined && state === "asked") {
      search.state = "over";
      this.#finds(talk, branching, branching.end);
    } else if (this.#parts.clock.monotonicMs() - askedMs >= TRACE_MS) {
      this.#ask(talk, branching.origin, branching.question());
    }
  }

  #seen(peer: string, branching: Branching): void {
    const { origin: own, logger, clock } = this.#parts;
    const { origin } = branching;
    if (origin === own) return this.#own.seen(peer, branching);
    if (!this.marks.add(origin, peer, clock.monotonicMs())) return;
    logger.error("forkSeen", { origin, peer });
    this.#onMark(origin);
  }

  /** The place where the branches part is known: it is kept, and told to everybody who may need it. */
  #finds(talk: PeerTalk, branching: Branching, end: SharedEnd): void {
    const { origin, after } = end;
    const { host, history, logger } = this.#parts;
    const { places, shared } = branching;
    const isOwn = origin === this.#parts.origin;
    if (isOwn && this.#own.goesOn(talk.peer, branching)) this.#searches.settled(talk.peer);
    else if (this.marks.parts({ end, places })) {
      logger.error("forkFound", { origin, after });
      host.forkFound(end, !isOwn);
      if (isOwn) this.#own.found(talk.peer, end);
      for (const each of this.#searches.talks) if (each !== talk) this.#tell(each, places);
    }
    placesAt(history, origin, [branching.differing], (ours) => {
      if (!(ours instanceof Error)) this.#tell(talk, shared === undefined ? ours : [shared, ...ours]);
    });
  }

  #tell(talk: PeerTalk, places: readonly ChainedPlace[]): void {
    const origin = places[0]?.origin;
    if (origin !== undefined) talk.send({ type: "traced", origin, seqs: [], places });
  }

  /** A peer has no other branch than this node, or no more. */
  #agrees(peer: string, origin: string): void {
    const isUnmarked = this.marks.remove(origin, peer);
    for (const over of this.marks.resolve()) this.#parts.host.forkOver(over);
    if (!isUnmarked) return;
    this.#parts.logger.info("forkOver", { origin });
    this.#onAgreed();
  }
}
