/**
 * Changes of people for each receiver: a bounded number a second, however many people come and go. More wait, the
 * oldest first, and only the last one of each account counts.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";

/** The bounds of one receiver. */
interface Pace {
  /** Length of a window, ms. It begins with the first change. */
  readonly windowMs: number;
  /** Changes of a window that are told at once. */
  readonly atOnce: number;
  /** Changes that are told together at the end of a window, in which others had to wait. */
  readonly together: number;
}

/** The pace of USER: 200 changes a second, so that 1,000 partners come back within five. */
export const PARTNER_PACE: Pace = { windowMs: 1_000, atOnce: 200, together: 200 };

/**
 * The pace of PERSON: as many a second, but those that follow one another quickly leave together. A thousand sessions
 * that watch the same crowd would cost a write to a socket for each session and change otherwise.
 */
export const WATCH_PACE: Pace = { windowMs: 500, atOnce: 2, together: 100 };

/** A receiver who was told something within the last window, or has something waiting. */
interface Receiver<Subject> {
  /** Beginning of its window; monotonic, ms. */
  sinceMs: number;
  /** Number of changes that were told in this window. */
  told: number;
  /** Those whose changes wait, in the order of the first change of each. */
  readonly waiting: Set<Subject>;
}

/** The receivers of one node. A subject is an account, or something else that is told once for several changes. */
export class PresenceReceivers<To, Subject extends object = Account> {
  /** In the order of their windows. */
  readonly #receivers = new Map<To, Receiver<Subject>>();
  readonly #pace: Pace;
  readonly #tell: (subjects: readonly Subject[], receivers: readonly To[]) => void;

  /** @param tell tells each receiver the state that each subject has at the moment of the call, in this order */
  constructor(pace: Pace, tell: (subjects: readonly Subject[], receivers: readonly To[]) => void) {
    this.#pace = pace;
    this.#tell = tell;
  }

  /**
   * Tells receivers of a change, now or later.
   *
   * @param isLast true if it is told behind all that wait, even if an earlier one of the subject waits
   */
  changed(subject: Subject, receivers: readonly To[], nowMs: number, isLast = false): void {
    const now = receivers.filter((receiver) => this.#mayTell(receiver, subject, nowMs, isLast));
    if (now.length > 0) this.#tell([subject], now);
  }

  #mayTell(to: To, subject: Subject, nowMs: number, isLast: boolean): boolean {
    const receiver = this.#receivers.get(to) ?? this.#begin(to, nowMs);
    if (receiver.told < this.#pace.atOnce && receiver.waiting.size === 0) {
      receiver.told++;
      return true;
    }
    if (isLast) receiver.waiting.delete(subject);
    receiver.waiting.add(subject);
    return false;
  }

  #begin(to: To, nowMs: number): Receiver<Subject> {
    const receiver = { sinceMs: nowMs, told: 0, waiting: new Set<Subject>() };
    this.#receivers.set(to, receiver);
    return receiver;
  }

  /** True while something waits for a receiver. */
  isWaiting(to: To): boolean {
    return (this.#receivers.get(to)?.waiting.size ?? 0) > 0;
  }

  /** Forgets a receiver with all that waits for it. */
  leave(to: To): void {
    this.#receivers.delete(to);
  }

  /**
   * Tells what had to wait; to be called about ten times a second.
   *
   * @param changesMax number of changes after which further receivers wait for the next call
   */
  look(nowMs: number, changesMax = Infinity): void {
    let told = 0;
    for (const [to, receiver] of this.#receivers) {
      if (nowMs - receiver.sinceMs < this.#pace.windowMs || told >= changesMax) return;
      this.#receivers.delete(to);
      if (receiver.waiting.size === 0) continue;
      receiver.sinceMs = nowMs;
      receiver.told = 0;
      this.#receivers.set(to, receiver);
      this.#tellWaiting(to, receiver);
      told += receiver.told;
    }
  }

  #tellWaiting(to: To, receiver: Receiver<Subject>): void {
    const { waiting } = receiver;
    const { together } = this.#pace;
    const subjects = waiting.size <= together ? [...waiting] : [...waiting.values().take(together)];
    if (subjects.length === waiting.size) waiting.clear();
    else for (const subject of subjects) waiting.delete(subject);
    receiver.told = subjects.length;
    this.#tell(subjects, [to]);
  }
}
