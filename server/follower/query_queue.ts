/**
 * The queue in front of the archive's reader: bounded, and fair by account. Pure: the time is handed in.
 *
 * @module
 */

/** The room of a queue. */
interface QueueBounds {
  /** Most queries that wait, of all accounts. */
  readonly waiting: number;
  /** Most queries of one account that wait: it must not take the places of all others. */
  readonly waitingPerAccount: number;
}

/** Longest wait for the archive to come up with the log, ms. */
export const WAIT_MS = 2_000;

/** A query that waits. */
interface Asker {
  /** Account id. */
  readonly account: string;
  /** Number of entries that the archive must have folded before. */
  readonly position: number;
}

interface Waiting<Job> {
  readonly job: Job;
  readonly untilMs: number;
}

/** Waiting queries. Accounts take turns, and each has one query under way at most. */
export class QueryQueue<Job extends Asker> {
  /** By account, in the order of their turns. */
  readonly #waiting = new Map<string, Waiting<Job>[]>();
  readonly #running = new Set<string>();
  /** Account of the last query that `next` has returned: others go before it. */
  #last = "";
  #count = 0;
  readonly #bounds: QueueBounds;

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  /** Number of queries that wait. */
  get length(): number {
    return this.#count;
  }

  /**
   * Queues a query; returns false if a bound leaves no room for it.
   *
   * @param nowMs monotonic time, ms
   */
  add(job: Job, nowMs: number): boolean {
    const own = this.#waiting.get(job.account) ?? [];
    const { waiting, waitingPerAccount } = this.#bounds;
    if (this.#count >= waiting || own.length >= waitingPerAccount) return false;
    this.#waiting.set(job.account, [...own, { job, untilMs: nowMs + WAIT_MS }]);
    this.#count++;
    return true;
  }

  /**
   * Removes and returns the next query that may run; `finished` is to be called after it.
   *
   * @param position number of entries that the archive has folded
   */
  next(position: number): Job | undefined {
    const accounts = [...this.#waiting.keys()].filter((account) => this.#mayRun(account, position));
    const account = accounts.find((each) => each !== this.#last) ?? accounts[0];
    const [first, ...others] = this.#waiting.get(account ?? "") ?? [];
    if (account === undefined || first === undefined) return undefined;
    this.#waiting.delete(account);
    if (others.length > 0) this.#waiting.set(account, others);
    this.#count--;
    this.#running.add(account);
    this.#last = account;
    return first.job;
  }

  #mayRun(account: string, position: number): boolean {
    const first = this.#waiting.get(account)?.[0];
    return first !== undefined && first.job.position <= position && !this.#running.has(account);
  }

  /** Ends a query that `next` has returned. */
  finished({ account }: Job): void {
    this.#running.delete(account);
  }

  /** Removes and returns the queries that have waited too long. */
  expired(nowMs: number): Job[] {
    return this.#remove(({ untilMs }) => untilMs <= nowMs);
  }

  /** Removes and returns all that wait. */
  clear(): Job[] {
    return this.#remove(() => true);
  }

  /** Monotonic time, ms, at which the query expires that has waited longest; `undefined` if none waits. */
  get nextExpiryMs(): number | undefined {
    let nextMs: number | undefined;
    for (const [first] of this.#waiting.values()) {
      if (first !== undefined && first.untilMs < (nextMs ?? Infinity)) nextMs = first.untilMs;
    }
    return nextMs;
  }

  #remove(isOver: (waiting: Waiting<Job>) => boolean): Job[] {
    const removed: Job[] = [];
    for (const [account, own] of this.#waiting) {
      const left = own.filter((waiting) => !isOver(waiting));
      removed.push(...own.filter(isOver).map(({ job }) => job));
      if (left.length > 0) this.#waiting.set(account, left);
      else this.#waiting.delete(account);
    }
    this.#count -= removed.length;
    return removed;
  }
}
