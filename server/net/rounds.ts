/**
 * Rounds: the processor's time is given out in shares, one connection after the other.
 *
 * A round is the work between two passes of the event loop. Frames are taken as they arrive, as far as the share of
 * their connection goes; lists go on as far as all connections together may work on them. Everything else waits in a
 * queue for the next rounds. Pure: the caller lets the event loop go, and then calls `next`.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import type { WorkShare } from "../ports/clients.ts";

/** Bounds of the work in one round, units. */
type RoundLimits = Pick<Limits, "workPerShare" | "workPerRound" | "listWorkPerRound">;

/** The rounds of all connections. */
export class Rounds {
  /** Number of the round, from 0 on. */
  number = 0;
  readonly limits: RoundLimits;
  #left: number;
  #listLeft: number;
  #isNextAsked = false;
  /** Shares that wait because the round was over, and those that were used up. */
  readonly #light = new Set<Share>();
  readonly #heavy = new Set<Share>();
  readonly #askNext: () => void;

  /** @param askNext must have `next` called once the event loop was let go */
  constructor(limits: RoundLimits, askNext: () => void) {
    this.limits = limits;
    this.#left = limits.workPerRound;
    this.#listLeft = limits.listWorkPerRound;
    this.#askNext = askNext;
  }

  /** True while frames may be taken in this round. */
  get mayTakeFrame(): boolean {
    return this.#left > 0;
  }

  /** True while another share may work on lists in this round. */
  get mayBeginLists(): boolean {
    return this.#listLeft > 0 && this.#left > 0;
  }

  get #used(): number {
    return this.limits.workPerRound - this.#left;
  }

  /** Number of shares that wait. */
  get waiting(): number {
    return this.#light.size + this.#heavy.size;
  }

  /** Counts work on frames. */
  take(units: number): void {
    this.#left -= units;
    if (this.#left <= this.limits.workPerRound / 2) this.askNext();
  }

  /** Counts work on lists. */
  use(units: number): void {
    this.#listLeft -= units;
    this.take(units);
    if (this.#listLeft <= this.limits.listWorkPerRound / 2) this.askNext();
  }

  /** Lets a share wait for one of the next rounds. */
  queue(share: Share, isUsedUp: boolean): void {
    if (isUsedUp) this.#heavy.add(share);
    else this.#light.add(share);
    this.askNext();
  }

  /** Takes a share out of the queues. */
  remove(share: Share): void {
    this.#light.delete(share);
    this.#heavy.delete(share);
  }

  /** Asks for the next round, before anybody has to wait for it. */
  askNext(): void {
    if (this.#isNextAsked) return;
    this.#isNextAsked = true;
    this.#askNext();
  }

  /**
   * Begins a round. The shares that wait work in turn, one of each queue, until they have done the work of one share,
   * or of all lists; the first of both always. So a share waits for at most as many rounds as shares stand before it in its queue, and one more.
   */
  next(): void {
    this.#isNextAsked = false;
    this.number++;
    this.#left = this.limits.workPerRound;
    this.#listLeft = this.limits.listWorkPerRound;
    // Shares that wait again in this round have their next turn in a later one.
    let turns = Math.max(this.#light.size, this.#heavy.size);
    do {
      serveFirst(this.#light);
      serveFirst(this.#heavy);
    } while (--turns > 0 && this.mayBeginLists && this.#used < this.limits.workPerShare);
    if (this.waiting > 0) this.askNext();
  }
}

function serveFirst(queue: Set<Share>): void {
  for (const share of queue) {
    queue.delete(share);
    return share.serve();
  }
}

/** One connection's share of every round. */
export class Share implements WorkShare {
  readonly #rounds: Rounds;
  readonly #onTurn: () => void;
  #round = -1;
  #left = 0;
  #listLeft = 0;
  /** True in a round in which it has its turn, or has worked on lists: it may use up its share. */
  #hasTurn = false;

  /** @param onTurn called in a later round after `wait` */
  constructor(rounds: Rounds, onTurn: () => void) {
    this.#rounds = rounds;
    this.#onTurn = onTurn;
  }

  /** True while the connection may take a frame in this round. */
  get mayTakeFrame(): boolean {
    this.#enterRound();
    return this.#left > 0 && this.#rounds.mayTakeFrame;
  }

  get mayGoOn(): boolean {
    this.#enterRound();
    return !this.#isUsedUp && (this.#hasTurn || this.#rounds.mayBeginLists);
  }

  get #isUsedUp(): boolean {
    return this.#left <= 0 || this.#listLeft <= 0;
  }

  /** Counts the work on a frame. */
  take(units: number): void {
    this.#spend(units);
    this.#rounds.take(units);
  }

  use(units: number): void {
    this.#spend(units);
    this.#hasTurn = true;
    this.#listLeft -= units;
    this.#rounds.use(units);
  }

  /** Waits for a later round. */
  wait(): void {
    this.#enterRound();
    this.#rounds.queue(this, this.#isUsedUp);
  }

  /** Waits no longer. */
  leave(): void {
    this.#rounds.remove(this);
  }

  /** Lets the connection go on; called by the rounds. */
  serve(): void {
    this.#enterRound();
    this.#hasTurn = true;
    this.#onTurn();
  }

  #spend(units: number): void {
    this.#enterRound();
    this.#left -= units;
    if (this.#left <= this.#rounds.limits.workPerShare / 2) this.#rounds.askNext();
  }

  #enterRound(): void {
    if (this.#round === this.#rounds.number) return;
    this.#round = this.#rounds.number;
    this.#left = this.#rounds.limits.workPerShare;
    this.#listLeft = this.#rounds.limits.listWorkPerRound;
    this.#hasTurn = false;
  }
}
