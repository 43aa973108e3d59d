/**
 * A lane of queries to the archive: those that wait, and a bounded number that is under way. Searches with
 * counts, and look-ups, have one each, so that what takes long leaves room for look-ups.
 *
 * @module
 */

import type { ArchiveQuery } from "../core/messages/archived.ts";
import type { ArchiveOutcome } from "../ports/archive.ts";
import { QueryQueue } from "./query_queue.ts";

/** A query, and the call that its answer becomes. */
export interface Job {
  /** Id of the account that asks, or a word for all queries of the operator. */
  readonly account: string;
  /** Number of entries that the archive must have folded before. */
  readonly position: number;
  readonly query: ArchiveQuery;
  done(outcome: ArchiveOutcome): void;
}

/** The room of a lane. */
interface LaneBounds {
  /** Most queries that are under way; they take turns, so that a long one delays no short one. */
  readonly running: number;
  /** Most queries that wait, of all accounts and of one. */
  readonly waiting: number;
  readonly waitingPerAccount: number;
}

/** Searches and counts: the work of a search may take some hundredths of a second, that of a count some seconds. */
export const SEARCH_BOUNDS: LaneBounds = { running: 8, waiting: 64, waitingPerAccount: 4 };

/** Pages and look-ups: each takes about a tenth of a millisecond. Each session has one at most. */
export const LOOK_UP_BOUNDS: LaneBounds = { running: 8, waiting: 1_024, waitingPerAccount: 32 };

/** The queries of one kind. */
export class QueryLane {
  readonly #queue: QueryQueue<Job>;
  readonly #running = new Set<Job>();
  readonly #runningMax: number;

  constructor(bounds: LaneBounds) {
    this.#runningMax = bounds.running;
    this.#queue = new QueryQueue(bounds);
  }

  /** Number of queries that wait. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Adds a query; returns false if there is no room. @param nowMs monotonic time, ms */
  add(job: Job, nowMs: number): boolean {
    return this.#queue.add(job, nowMs);
  }

  /**
   * Begins the next query, and returns it; `finished` is to be called after it.
   *
   * @param position number of entries that the archive has folded
   */
  next(position: number): Job | undefined {
    if (this.#running.size >= this.#runningMax) return undefined;
    const job = this.#queue.next(position);
    if (job !== undefined) this.#running.add(job);
    return job;
  }

  /** Ends a query; returns false if it is not under way. */
  finished(job: Job): boolean {
    if (!this.#running.delete(job)) return false;
    this.#queue.finished(job);
    return true;
  }

  /** Removes and returns the queries that are under way. */
  takeRunning(): Job[] {
    const jobs = [...this.#running];
    for (const job of jobs) this.finished(job);
    return jobs;
  }

  /** Removes and returns all queries. */
  takeAll(): Job[] {
    return [...this.takeRunning(), ...this.#queue.clear()];
  }

  /** Removes and returns the queries that have waited too long. */
  expired(nowMs: number): Job[] {
    return this.#queue.expired(nowMs);
  }

  /** Monotonic time, ms, at which the first query expires; `Infinity` if none waits. */
  get nextExpiryMs(): number {
    return this.#queue.nextExpiryMs ?? Infinity;
  }
}
