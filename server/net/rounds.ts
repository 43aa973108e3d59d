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

/** Rounds that one share has had to itself, after which it is taken to be alone. */
const ALONE_AFTER = 2;

/**
 * Shares of one that is alone: the pause between two rounds, a millisecond, is longer than a share of lists takes. Who
 * comes then waits for about two milliseconds, once.
 */
const SHARES_ALONE = 4;

/** The rounds of all connections. */
export class Rounds {
  /** Number of the round, from 0 on. */
  number = 0;
  readonly limits: RoundLimits;
  /** Number of shares that a connection has in this round: more than one while one connection alone has worked. */
  shares = 1;
  /** The last share that worked, and the round since when no other has. */
  #worker: Share | undefined;
  #workerSince = 0;
  #left: number;
  #listLeft: number;
  #isNextAsked = false;
  /** Shares that wait because the round was over. */
  readonly #light = new Set<Share>();
  /** Shares that are used up, and those that wait with a frame that takes more than a share. */
  readonly #heavy = new Set<Share>();
  readonly #askNext: () => void;

  /** @param askNext must have `next` called once the event loop was let go */
  constructor(limits: RoundLimits, askNext: () => void) {
    this.limits = limits;
    this.#left = limits.workPerRound;
    this.#listLeft = limits.listWorkPerRound;
    this.#askNext = askNext;
  }

  /** True while a frame may be taken in this round that takes so many units, or more. */
  mayTake(units: number): boolean {
    const { workPerShare, workPerRound } = this.limits;
    return this.#left > (units > workPerShare ? workPerRound / 2 : 0);
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

  /** Counts work of a share on frames. */
  take(units: number, share: Share): void {
    if (share !== this.#worker) {
      this.#worker = share;
      this.#workerSince = this.number;
    }
    this.#left -= units;
    if (this.#left <= this.limits.workPerRound / 2) this.askNext();
  }

  /** Counts work of a share on lists. */
  use(units: number, share: Share): void {
    this.#listLeft -= units;
    this.take(units, share);
    if (this.shares > 1 || this.#listLeft <= this.limits.listWorkPerRound / 2) this.askNext();
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
   * Begins a round. The shares that wait work in turn, light ones first, until they have done the work of one share,
   * or of all lists; the first of both queues always. So a share waits for at most as many rounds as shares stand
   * before it in its queue, and one more; after a frame that took more than a share, until that is paid off.
   */
  next(): void {
    this.#isNextAsked = false;
    this.number++;
    this.#left = this.limits.workPerRound;
    const isAlone = this.waiting <= 1 && this.number - this.#workerSince > ALONE_AFTER;
    this.shares = isAlone ? SHARES_ALONE : 1;
    this.#listLeft = this.shares * this.limits.listWorkPerRound;
    this.#serve(this.#light);
    this.#serve(this.#heavy);
    if (this.waiting > 0) this.askNext();
  }

  #serve(queue: Set<Share>): void {
    // Shares that wait again in this round have their next turn in a later one.
    let turns = queue.size;
    do serveFirst(queue); while (--turns > 0 && this.mayBeginLists && this.#used < this.limits.workPerShare);
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
  /** True while it has its turn: it may take a frame although the round is over. */
  #isServed = false;
  /** Least work of the frame that waits, units. */
  #next = 0;

  /** @param onTurn called in a later round after `wait` */
  constructor(rounds: Rounds, onTurn: () => void) {
    this.#rounds = rounds;
    this.#onTurn = onTurn;
  }

  /** True while the connection may take a frame in this round that takes so many units, or more. */
  mayTake(units: number): boolean {
    this.#enterRound();
    this.#next = units;
    return this.#left > 0 && (this.#isServed || this.#rounds.mayTake(units));
  }

  get mayGoOn(): boolean {
    this.#enterRound();
    return !this.#isUsedUp && (this.#hasTurn || this.#rounds.mayBeginLists);
  }

  get #isUsedUp(): boolean {
    return this.#left <= 0 || this.#listLeft <= 0;
  }

  take(units: number): void {
    this.#next = 0;
    this.#spend(units);
    this.#rounds.take(units, this);
  }

  use(units: number): void {
    this.#spend(units);
    this.#hasTurn = true;
    this.#listLeft -= units;
    this.#rounds.use(units, this);
  }

  /** Waits for a later round. */
  wait(): void {
    this.#enterRound();
    this.#rounds.queue(this, this.#isUsedUp || this.#next > this.#rounds.limits.workPerShare);
  }

  /** Waits no longer. */
  leave(): void {
    this.#rounds.remove(this);
  }

  /** Lets the connection go on; called by the rounds. */
  serve(): void {
    this.#enterRound();
    this.#hasTurn = true;
    this.#isServed = true;
    this.#onTurn();
    this.#isServed = false;
  }

  #spend(units: number): void {
    this.#enterRound();
    this.#left -= units;
    if (this.#left <= this.#rounds.limits.workPerShare / 2) this.#rounds.askNext();
  }

  #enterRound(): void {
    const { number, limits, shares } = this.#rounds;
    if (this.#round === number) return;
    const work = shares * limits.workPerShare;
    // A frame that takes more than a share is paid off in the rounds after it.
    this.#left = Math.min(work, this.#left + (number - this.#round) * work);
    this.#round = number;
    this.#listLeft = shares * limits.listWorkPerRound;
    this.#hasTurn = false;
  }
}
