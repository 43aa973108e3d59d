/**
 * A stream that a peer has opened, as its target: absorbs the entries of the peer, and acknowledges those on the
 * disk here.
 *
 * @module
 */

import type { EncodedEntry } from "../core/encoded_entry.ts";
import type { Place } from "../core/entry.ts";
import type { LogFields } from "../ports/outside.ts";
import type { Full } from "../ports/node.ts";
import type { PeerLink, PeerStream } from "../ports/peers.ts";
import { Acknowledgements } from "./acknowledgements.ts";
import { clockProblem, ClockWarnings } from "./clocks.ts";
import type { PeerTalk } from "./fork_searches.ts";
import { unsearchedText } from "./fork_text.ts";
import {
  CHAINS_MINOR,
  findFork,
  type Fork,
  helloOf,
  helloProblem,
  refusalMessage,
  unprovenMessage,
  versionOf,
} from "./handshake.ts";
import type { StreamOptions } from "./mesh_host.ts";
import type {
  EntriesMessage,
  HelloMessage,
  PeerMessage,
  PresenceMessage,
  RefusalMessage,
  ReserveMessage,
} from "../ports/peer_message.ts";
import { receive } from "./received_entries.ts";
import { HELLO_MS, ONLINE_ACCOUNTS_MAX, PROGRESS_MS, SILENCE_MS } from "./replication_limits.ts";

/** Callbacks of a stream to the mesh. */
export interface IncomingObserver {
  /** True if a node of this name is configured. */
  isMember(name: string): boolean;
  /** A peer has said hello. */
  opened(stream: IncomingStream, hello: HelloMessage): void;
  /** Accounts have come online at a peer, or have gone; returns false if they are too many. */
  presence(node: string, online: readonly string[], offline: readonly string[]): boolean;
  /** A peer asks for a name; returns true if it may give it. */
  reserve(node: string, message: ReserveMessage): boolean;
  /** A peer does not need a name any more. */
  release(node: string, number: number): void;
  /** A peer was refused; it is for the diagnostics. */
  refused(fields: LogFields & { readonly reason: string }): void;
  /** The stream is over. */
  ended(stream: IncomingStream, reason: string): void;
}

/** A stream from a peer. */
export class IncomingStream implements PeerStream {
  /** Name of the peer, once that is known. */
  node: string | undefined;
  readonly #options: StreamOptions;
  readonly #observer: IncomingObserver;
  readonly #link: PeerLink;
  /** The peer, if it knows chains. */
  #talk: PeerTalk | undefined;
  readonly #acknowledgements: Acknowledgements;
  /** Number of the last message of entries that has come. */
  #arrived = 0;
  readonly #openedMs: number;
  #heardMs: number;
  #progressMs: number;
  readonly #clockWarnings = new ClockWarnings();
  /** Messages that wait, in order, while what leads to them is prepared for; as many as the peer's window lets it send. */
  #held: PeerMessage[] | undefined;
  #heldSinceMs = 0;
  #isOver = false;

  constructor(options: StreamOptions, link: PeerLink, observer: IncomingObserver) {
    this.#options = options;
    this.#observer = observer;
    this.#link = link;
    this.#openedMs = options.clock.monotonicMs();
    this.#heardMs = this.#openedMs;
    this.#acknowledgements = new Acknowledgements(options, link);
    this.#progressMs = this.#openedMs;
  }

  /** Time for which entries have waited for what leads to them, ms; `undefined` while none wait. */
  heldMs(nowMs: number): number | undefined {
    return this.#held === undefined ? undefined : Math.round(nowMs - this.#heldSinceMs);
  }

  /** Time has passed. */
  tick(nowMs: number): void {
    if (this.node === undefined) {
      if (nowMs - this.#openedMs > HELLO_MS) this.#wrong(`it said nothing within ${HELLO_MS} ms`);
      return;
    }
    const { host, name } = this.#options;
    // At once, not only when entries come: until then the peer would take this node for one in sync.
    if (host.full) return this.#refuse(fullMessage(name, host.full), this.node);
    if (nowMs - this.#heardMs > SILENCE_MS) return this.end(`it was silent for ${SILENCE_MS} ms`);
    if (nowMs - this.#progressMs >= PROGRESS_MS) {
      this.#progressMs = nowMs;
      this.#acknowledgements.tell(false);
    }
    this.#acknowledgements.tick(nowMs);
  }

  /** Ends the stream. */
  end(reason: string): void {
    if (this.#isOver) return;
    this.#link.close();
    this.closed(reason);
  }

  /** The stream has ended. */
  closed(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#talk !== undefined) this.#options.forks.left(this.#talk);
    this.#observer.ended(this, reason);
  }

  /** Handles a message of the peer. */
  received(message: PeerMessage): void {
    if (this.#isOver) return;
    this.#heardMs = this.#options.clock.monotonicMs();
    if (this.#held !== undefined) return void this.#held.push(message);
    if (message.type === "hello") return this.#opened(message);
    const { node } = this;
    if (node === undefined) return this.#wrong(`it began with ${message.type} in place of hello`);
    if (this.#talk !== undefined) this.#compare(this.#talk, message);
    if (this.#options.forks.isHalf) return;
    if (message.type === "entries") this.#entries(message);
    else if (message.type === "presence") this.#presence(node, message);
    else if (message.type === "reserve") this.#reserve(node, message);
    else if (message.type === "release") this.#observer.release(node, message.number);
    else if (message.type === "heartbeat" && this.#checkArrived(message.number)) {
      this.#compareClocks(node, message.wallMs);
    }
  }

  /** Says at once that this node lives, all that is on its disk, and its clock. */
  tellClock(nowMs: number): void {
    if (this.node !== undefined) this.#acknowledgements.tellAll(nowMs);
  }

  /** Ends the stream while the peer's clock is too far ahead. */
  #compareClocks(node: string, theirsMs: number | undefined): void {
    if (theirsMs === undefined) return;
    const { clock, name } = this.#options;
    const aheadMs = theirsMs - clock.wallMs();
    const problem = clockProblem(name, node, aheadMs);
    if (problem) return this.#refuse(problem, node);
    this.#warnOfClock(node, Math.max(0, aheadMs));
  }

  #warnOfClock(node: string, apartMs: number): void {
    if (!this.#clockWarnings.isDue(apartMs)) return;
    this.#options.logger.warn("clocksApart", { peer: node, apartMs: Math.round(apartMs) });
  }

  /** Looks for forks in a message. */
  #compare(talk: PeerTalk, message: PeerMessage): void {
    const { forks } = this.#options;
    if (message.type === "heartbeat") forks.named(talk, message.version);
    else if (message.type === "trace") forks.asked(talk, message);
    else if (message.type === "traced") forks.answered(talk, message);
  }

  /**
   * True if all messages of entries have come up to a number. Some versions of the runtime lose one now and then
   * on a stream that goes on; a new stream begins with the missing entries.
   */
  #checkArrived(number: number): boolean {
    if (number > this.#arrived) {
      this.end(`message ${this.#arrived + 1} did not arrive, and ${number} were sent`);
    }
    return !this.#isOver;
  }

  /** Ends the stream of a peer that does not keep to the protocol. */
  #wrong(reason: string): void {
    const peer = this.node ?? this.#link.provenName ?? "unknown";
    this.#observer.refused({ peer, reason });
    this.end(reason);
  }

  #presence(node: string, { online, offline }: PresenceMessage): void {
    if (this.#observer.presence(node, online, offline)) return;
    this.#wrong(`it says that more than ${ONLINE_ACCOUNTS_MAX} accounts are online, which is the limit`);
  }

  #opened(hello: HelloMessage): void {
    const { clock, forks, host, history } = this.#options;
    if (this.node !== undefined) return this.#wrong("it said hello twice");
    const { provenPeers, name } = this.#options;
    if (this.#link.provenName === undefined && provenPeers?.takesUnproven(hello.node) === false) {
      return this.#refuse(unprovenMessage(name, hello.node), hello.node);
    }
    const wallMs = clock.wallMs();
    const isMember = this.#observer.isMember(hello.node);
    const expected = isMember ? this.#link.provenName ?? hello.node : undefined;
    const problem = helloProblem(this.#options, hello, expected, wallMs);
    if (problem) return this.#refuse(problem, hello.node);
    if (host.full) return this.#refuse(fullMessage(this.#options.name, host.full), hello.node);
    const knowsChains = hello.minor >= CHAINS_MINOR;
    const fork = knowsChains ? undefined : findFork(this.#options, host.version, versionOf(hello.version));
    if (fork) return this.#forked(fork, hello.node);
    this.node = hello.node;
    this.#acknowledgements.opened();
    this.#link.send(helloOf(this.#options, wallMs, history.end.version));
    this.#warnOfClock(hello.node, Math.abs(hello.wallMs - wallMs));
    this.#observer.opened(this, hello);
    if (!knowsChains) return;
    this.#talk = { peer: hello.node, send: (message) => this.#isOver || this.#link.send(message) };
    forks.greeted(this.#talk, hello.version);
  }

  #forked({ place, isOwn }: Fork, node: string): void {
    if (isOwn) this.#options.host.halt(new Error(unsearchedText(place)));
    this.#refuse({ ...refusalMessage("fork", unsearchedText(place)), fork: place }, node);
  }

  #refuse(problem: RefusalMessage, node: string): void {
    this.#observer.refused({ peer: node, code: problem.code, reason: problem.message });
    this.#link.send(problem);
    this.end(problem.message);
  }

  #entries(message: EntriesMessage): void {
    const { host } = this.#options;
    if (!this.#checkArrived(message.number - 1)) return;
    this.#arrived = message.number;
    const entries = this.#newEntries(message);
    if (entries === undefined) return;
    let isPrepared = false;
    host.prepare(entries, () => {
      isPrepared = true;
      if (this.#held === undefined) this.#absorb(message, entries);
      else this.#release(message, this.#held);
    });
    if (isPrepared) return;
    this.#held = [];
    this.#heldSinceMs = this.#options.clock.monotonicMs();
  }

  /** Goes on with entries, some of which may have come over another stream meanwhile, and with what came after them. */
  #release(message: EntriesMessage, held: readonly PeerMessage[]): void {
    this.#held = undefined;
    const entries = this.#isOver ? undefined : this.#newEntries(message);
    if (entries === undefined) return;
    this.#absorb(message, entries);
    for (const next of held) this.received(next);
  }

  /** The entries of a message that are not here; `undefined` if none may be taken. */
  #newEntries(message: EntriesMessage): readonly EncodedEntry[] | undefined {
    const { host, forks, name } = this.#options;
    const node = this.node ?? "";
    if (host.full) return void this.#refuse(fullMessage(name, host.full), node);
    const received = receive(message, host.version, forks);
    if ("problem" in received) return void this.#refuse(refusalMessage("order", received.problem), node);
    for (const place of received.forked) {
      if (this.#talk === undefined) return void this.#forked(this.#forkAt(place), node);
      forks.differs(this.#talk, place);
    }
    return forks.isHalf ? undefined : received.entries;
  }

  #absorb({ number }: EntriesMessage, entries: readonly EncodedEntry[]): void {
    this.#options.host.absorb(entries, () => {
      if (!this.#isOver) this.#acknowledgements.synced(number);
    });
  }

  #forkAt({ origin, seq, stamp }: Place): Fork {
    return { place: { origin, seq, stamp }, isOwn: origin === this.#options.origin };
  }

  #reserve(node: string, message: ReserveMessage): void {
    const granted = this.#observer.reserve(node, message);
    this.#link.send({ type: "reserved", number: message.number, granted });
  }
}

function fullMessage(node: string, full: Full): RefusalMessage {
  return refusalMessage("read-only", `the ${full} of ${node} is full; it takes nothing new`);
}
