/**
 * A stream that this node has opened, as its source: it sends the missing entries, and gets acknowledgements.
 *
 * @module
 */

import { type ChainedPlace, type Reached, seqOf, type Version } from "../core/version.ts";
import type { LogPlace } from "../ports/history.ts";
import type { PeerAddress, PeerLink, PeerStream } from "../ports/peers.ts";
import { type Batch, EntryFeed } from "./entry_feed.ts";
import { clockProblem } from "./clocks.ts";
import type { PeerTalk } from "./fork_searches.ts";
import { unsearchedText } from "./fork_text.ts";
import { CHAINS_MINOR, findFork, helloOf, helloProblem, placeOf, versionOf } from "./handshake.ts";
import type { StreamOptions } from "./mesh_host.ts";
import type {
  AckMessage,
  HelloMessage,
  PeerMessage,
  RefusalCode,
  RefusalMessage,
} from "../ports/peer_message.ts";
import { HEARTBEAT_MS, HELLO_MS, PRESENCE_ACCOUNTS, SILENCE_MS } from "./replication_limits.ts";
import { SendWindow } from "./send_window.ts";

/** Callbacks of a stream. */
export interface OutgoingObserver {
  /** The peer has said hello: it is connected. */
  opened(hello: HelloMessage): void;
  /** The peer has more on its disk than before. */
  advanced(): void;
  /** The peer has answered a reservation. */
  reserved(number: number, granted: boolean): void;
  /** The stream is over. */
  ended(reason: string, refusal: Refusal | undefined): void;
}

/** The refusal that has ended a stream. */
export interface Refusal {
  readonly code: RefusalCode;
  /** True if it was the peer that refused. */
  readonly isTheirs: boolean;
}

/** A stream to a peer. */
export class OutgoingStream implements PeerStream {
  /** Version on the peer's disk, as it says; undefined until it has said hello. */
  known: Map<string, Reached> | undefined;
  readonly #options: StreamOptions;
  readonly #observer: OutgoingObserver;
  readonly #peer: PeerAddress;
  readonly #link: PeerLink;
  readonly #talk: PeerTalk;
  /** The last entry of each origin that the peer has, or that is on its way. */
  #sent = new Map<string, number>();
  #own: EntryFeed | undefined;
  #relay: EntryFeed | undefined;
  /** End of the part of the log that may be relayed by now. */
  #relayable: LogPlace | undefined;
  readonly #window = new SendWindow();
  /** True if the peer has acknowledged messages without the entries of this node that are in them. */
  #leavesUsOut = false;
  #number = 0;
  readonly #dialledMs: number;
  #heardMs: number;
  #heartbeatMs: number;
  /** The last sequence number of each origin that a heartbeat has named. */
  readonly #beaten = new Map<string, number>();
  #reason: string | undefined;
  #refusal: Refusal | undefined;
  #isOver = false;

  constructor(options: StreamOptions, peer: PeerAddress, observer: OutgoingObserver) {
    this.#options = options;
    this.#observer = observer;
    this.#peer = peer;
    this.#talk = { peer: peer.name, send: (message) => this.send(message) };
    this.#dialledMs = options.clock.monotonicMs();
    this.#heardMs = this.#dialledMs;
    this.#heartbeatMs = this.#dialledMs;
    this.#link = options.network.dial(peer, this);
    this.send(helloOf(options, options.clock.wallMs(), options.history.end.version));
  }

  /** When the peer has last said something; monotonic, ms. */
  get heardMs(): number {
    return this.#heardMs;
  }

  /** True if the peer takes none of this node's entries: it holds other ones, or knows of a node that does. */
  get leavesUsOut(): boolean {
    return this.#leavesUsOut || this.#options.forks.isApart(this.#peer.name);
  }

  /** Says something. */
  send(message: PeerMessage): void {
    if (!this.#isOver) this.#link.send(message);
  }

  /** Shows that this node lives, its clock, and the version on its disk as far as it has advanced. */
  #beat(nowMs: number): void {
    this.#heartbeatMs = nowMs;
    const { clock, history, origin: own } = this.#options;
    const version: ChainedPlace[] = [];
    for (const [origin, reached] of history.end.version) {
      if (origin !== own && reached.seq === this.#beaten.get(origin)) continue;
      this.#beaten.set(origin, reached.seq);
      version.push(placeOf(origin, reached));
    }
    this.send({ type: "heartbeat", number: this.#number, wallMs: clock.wallMs(), version });
  }

  /** Says at once what a heartbeat says, and so the clock of this node. */
  tellClock(nowMs: number): void {
    if (this.known !== undefined) this.#beat(nowMs);
  }

  /** Names accounts that have come online here and accounts that have gone. */
  tellPresence(online: readonly string[], offline: readonly string[]): void {
    if (this.known === undefined) return;
    for (let i = 0; i < Math.max(online.length, offline.length); i += PRESENCE_ACCOUNTS) {
      const end = i + PRESENCE_ACCOUNTS;
      this.send({ type: "presence", online: online.slice(i, end), offline: offline.slice(i, end) });
    }
  }

  /** More of the log is durable. */
  synced(): void {
    this.#pump();
  }

  /**
   * Time has passed.
   *
   * @param relayable end of the log a while ago: entries of other nodes before it are passed on
   */
  tick(nowMs: number, relayable: LogPlace): void {
    this.#relayable = relayable;
    if (this.known === undefined) {
      if (nowMs - this.#dialledMs > HELLO_MS) this.end(`it said nothing within ${HELLO_MS} ms`);
      return;
    }
    if (nowMs - this.#heardMs > SILENCE_MS) return this.end(`it was silent for ${SILENCE_MS} ms`);
    if (nowMs - this.#heartbeatMs >= HEARTBEAT_MS) this.#beat(nowMs);
    if (this.#relay && this.#hasAllOthers(relayable.version)) this.#relay.skipTo(relayable);
    this.#pump();
  }

  /** Gives the stream up. */
  end(reason: string): void {
    if (this.#isOver) return;
    this.#reason ??= reason;
    this.#link.close();
    this.closed(reason);
  }

  /**
   * The stream has ended.
   *
   * @param code given if the peer has not proved itself
   */
  closed(reason: string, code?: RefusalCode): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (code !== undefined) this.#refusal = { code, isTheirs: false };
    this.#options.forks.left(this.#talk);
    this.#own?.close();
    this.#relay?.close();
    this.#observer.ended(this.#reason ?? reason, this.#refusal);
  }

  /** Handles a message of the peer. */
  received(message: PeerMessage): void {
    if (this.#isOver) return;
    this.#heardMs = this.#options.clock.monotonicMs();
    if (message.type === "refusal") return this.#refused(message);
    if (message.type === "hello") return this.#opened(message);
    if (this.known === undefined) return this.end(`it began with ${message.type} in place of hello`);
    if (message.type === "ack") {
      if (this.#agreesOnTime(message)) this.#acknowledged(this.known, message);
    } else if (message.type === "reserved") this.#observer.reserved(message.number, message.granted);
    else if (message.type === "trace") this.#options.forks.asked(this.#talk, message);
    else if (message.type === "traced") this.#options.forks.answered(this.#talk, message);
  }

  /** Ends the stream while the peer's clock is too far ahead. */
  #agreesOnTime({ wallMs }: AckMessage): boolean {
    if (wallMs === undefined) return true;
    const { clock, name } = this.#options;
    const problem = clockProblem(name, this.#peer.name, wallMs - clock.wallMs());
    if (problem) this.#refuse(problem.message, { code: problem.code, isTheirs: false });
    return problem === undefined;
  }

  #refused({ code, message, fork }: RefusalMessage): void {
    if (code === "fork" && fork?.origin === this.#options.origin) {
      this.#options.host.halt(new Error(unsearchedText(fork)));
    }
    this.#refuse(message, { code, isTheirs: true });
  }

  /** One of the two nodes does not go on with the other. */
  #refuse(reason: string, refusal: Refusal): void {
    this.#refusal = refusal;
    this.end(reason);
  }

  #opened(hello: HelloMessage): void {
    const { clock, forks, host } = this.#options;
    if (this.known !== undefined) return this.end("it said hello twice");
    const problem = helloProblem(this.#options, hello, this.#peer.name, clock.wallMs());
    if (problem) return this.#refuse(problem.message, { code: problem.code, isTheirs: false });
    const theirs = versionOf(hello.version);
    const knowsChains = hello.minor >= CHAINS_MINOR;
    const fork = knowsChains ? undefined : findFork(this.#options, host.version, theirs);
    if (fork) {
      if (fork.isOwn) host.halt(new Error(unsearchedText(fork.place)));
      return this.#refuse(unsearchedText(fork.place), { code: "fork", isTheirs: false });
    }
    this.known = theirs;
    if (knowsChains) forks.greeted(this.#talk, hello.version);
    for (const [origin, { seq }] of theirs) this.#sent.set(origin, seq);
    this.#beginFeeds(theirs);
    this.#observer.opened(hello);
    this.#pump();
  }

  /** Own entries go at once, those of other nodes only if they have not come to the peer by themselves. */
  #beginFeeds(theirs: Version): void {
    const { forks, history, host, origin: own } = this.#options;
    const lacks = (origin: string, seq: number): boolean =>
      seq > (this.#sent.get(origin) ?? 0) && !forks.isMarked(origin);
    const feed = (isOurs: boolean): EntryFeed =>
      new EntryFeed({
        history,
        place: history.latestPlace((version) => {
          for (const [origin, { seq }] of forks.without(version)) {
            if ((origin === own) === isOurs && seq > seqOf(theirs, origin)) return false;
          }
          return true;
        }),
        isWanted: ({ origin, seq }) => (origin === own) === isOurs && lacks(origin, seq),
        onError: (error) => host.halt(error),
      });
    this.#own = feed(true);
    this.#relay = feed(false);
  }

  #hasAllOthers(version: Version): boolean {
    const { forks, origin: own } = this.#options;
    for (const [origin, { seq }] of forks.without(version)) {
      if (origin !== own && seq > (this.#sent.get(origin) ?? 0)) return false;
    }
    return true;
  }

  #pump(): void {
    const { history } = this.#options;
    this.#pumpFeed(this.#own, () => history.end.position);
    this.#pumpFeed(this.#relay, () => this.#relayable?.position ?? 0);
  }

  /** Reads and sends until the window is full or the feed is at its end. */
  #pumpFeed(feed: EntryFeed | undefined, end: () => number): void {
    while (feed && !this.#isOver && !this.#options.forks.isHalf) {
      const batch = feed.next;
      if (batch === undefined) {
        if (!feed.read(end(), () => this.#pump())) return;
      } else {
        if (!this.#window.hasRoom(batch)) return;
        feed.take();
        this.#sendBatch(batch);
      }
    }
  }

  #sendBatch(batch: Batch): void {
    const { lines, count, previous, last } = batch;
    const number = ++this.#number;
    // The peer may have got more by another way since these were read.
    for (const { origin, seq } of last) this.#sent.set(origin, Math.max(seq, this.#sent.get(origin) ?? 0));
    this.#window.sent(number, batch);
    this.send({ type: "entries", number, lines, count, previous });
  }

  #acknowledged(known: Map<string, Reached>, { number, version }: AckMessage): void {
    const last = this.#window.acknowledged(number);
    this.#options.forks.named(this.#talk, version);
    for (const { origin, seq, stamp, chain } of version) {
      known.set(origin, { seq, stamp, chain });
      this.#sent.set(origin, Math.max(seq, this.#sent.get(origin) ?? 0));
    }
    const { origin: own } = this.#options;
    const awaited = last.findLast(({ origin }) => origin === own);
    if (awaited !== undefined) this.#leavesUsOut = awaited.seq > seqOf(known, own);
    this.#pump();
    this.#observer.advanced();
  }
}
