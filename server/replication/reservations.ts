/**
 * Names that are being given to new accounts: while nodes can talk, one name goes to one of them. Of requests
 * that cross, the earlier one wins. Uses of invitations are given in the same way, as names that nobody can have.
 *
 * @module
 */

import { COPIES_WAIT_MS } from "../core/waiting.ts";
import type { ReserveMessage } from "../ports/peer_message.ts";
import { HELD_NAMES_MAX, RESERVATION_MS } from "./replication_limits.ts";

/** A peer that is asked for a name. */
export interface Reserver {
  readonly name: string;
  send(message: ReserveMessage | { readonly type: "release"; readonly number: number }): void;
}

/** A name that this node is about to give. */
interface Own {
  readonly number: number;
  readonly name: string;
  readonly stamp: number;
  readonly sinceMs: number;
  /** The peers that were asked, and those that have not answered yet. */
  readonly asked: readonly Reserver[];
  readonly awaited: Set<string>;
  readonly done: (granted: boolean) => void;
}

/** A name that another node is about to give. */
interface Held {
  readonly node: string;
  readonly number: number;
  readonly stamp: number;
  readonly untilMs: number;
}

/** The reservations of one node. */
export class Reservations {
  readonly #node: string;
  readonly #own = new Map<string, Own>();
  readonly #held = new Map<string, Held>();
  #number = 0;

  /** @param node name of this node */
  constructor(node: string) {
    this.#node = node;
  }

  /**
   * Asks peers for a name.
   *
   * @param done gets true if the name may be given
   */
  reserve(
    name: string,
    stamp: number,
    peers: readonly Reserver[],
    nowMs: number,
    done: (granted: boolean) => void,
  ): void {
    if (this.#own.has(name) || this.#holder(name, nowMs) !== undefined) return done(false);
    if (peers.length === 0) return done(true);
    const number = ++this.#number;
    const awaited = new Set(peers.map((peer) => peer.name));
    this.#own.set(name, { number, name, stamp, sinceMs: nowMs, asked: peers, awaited, done });
    for (const peer of peers) peer.send({ type: "reserve", number, name, stamp });
  }

  /** A peer has answered. */
  answered(peer: string, number: number, granted: boolean): void {
    const own = this.#withNumber(number);
    if (own === undefined || !own.awaited.delete(peer)) return;
    if (!granted) this.#lose(own);
    else if (own.awaited.size === 0) this.#win(own);
  }

  /** A peer will not answer. */
  lost(peer: string): void {
    for (const own of [...this.#own.values()]) {
      if (own.awaited.delete(peer) && own.awaited.size === 0) this.#win(own);
    }
  }

  /**
   * Time has passed: nobody waits longer for a peer than for copies. A name is held until its account is here, so
   * that it is free again at once if the account is deleted.
   *
   * @param isTaken true if an account has a name
   * @returns the peers that have not answered in time
   */
  tick(nowMs: number, isTaken: (name: string) => boolean): ReadonlySet<string> {
    const late = new Set<string>();
    for (const own of [...this.#own.values()]) {
      if (nowMs - own.sinceMs < COPIES_WAIT_MS) continue;
      for (const peer of own.awaited) late.add(peer);
      this.#win(own);
    }
    for (const [name, { untilMs }] of this.#held) {
      if (untilMs <= nowMs || isTaken(name)) this.#held.delete(name);
    }
    return late;
  }

  /**
   * Another node asks for a name.
   *
   * @param isTaken true if an account has it
   * @returns true if the peer may give it
   */
  asked(node: string, { number, name, stamp }: ReserveMessage, isTaken: boolean, nowMs: number): boolean {
    if (isTaken) return false;
    const own = this.#own.get(name);
    if (own !== undefined) {
      if (!isEarlier(stamp, node, own.stamp, this.#node)) return false;
      this.#lose(own);
    }
    const holder = this.#holder(name, nowMs);
    if (holder && holder.node !== node && !isEarlier(stamp, node, holder.stamp, holder.node)) return false;
    if (this.#held.size >= HELD_NAMES_MAX && !this.#held.has(name)) return false;
    this.#held.set(name, { node, number, stamp, untilMs: nowMs + RESERVATION_MS });
    return true;
  }

  /** Another node does not need a name any more. */
  released(node: string, number: number): void {
    for (const [name, held] of this.#held) {
      if (held.node === node && held.number === number) this.#held.delete(name);
    }
  }

  #holder(name: string, nowMs: number): Held | undefined {
    const held = this.#held.get(name);
    return held && held.untilMs > nowMs ? held : undefined;
  }

  #withNumber(number: number): Own | undefined {
    return this.#own.values().find((own) => own.number === number);
  }

  #win(own: Own): void {
    this.#own.delete(own.name);
    own.done(true);
  }

  #lose(own: Own): void {
    this.#own.delete(own.name);
    for (const peer of own.asked) peer.send({ type: "release", number: own.number });
    own.done(false);
  }
}

function isEarlier(stamp: number, node: string, otherStamp: number, otherNode: string): boolean {
  return stamp < otherStamp || (stamp === otherStamp && node < otherNode);
}
