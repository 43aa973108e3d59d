/**
 * The queue in front of the hash workers, and its bounds. Pure: the time is handed in.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { addressGroup, isLoopback } from "../core/address.ts";

/** The account and the address behind a job. */
export interface Asker {
  /** Lower-case name of the account. */
  readonly account: string;
  readonly address: string;
}

/** The limits that the queue enforces. */
export type HashLimits = Pick<
  Limits,
  "hashQueue" | "hashWaitMs" | "hashesPerAccount" | "hashesPerAddress" | "loopbackExempt"
>;

interface Waiting<Job> {
  readonly job: Job;
  readonly sinceMs: number;
}

/** Jobs waiting for a worker, first come, first served. */
export class HashQueue<Job extends Asker> {
  readonly #limits: HashLimits;
  #waiting: Waiting<Job>[] = [];
  /** Number of running jobs by account. */
  readonly #running = new Map<string, number>();
  /** Number of waiting and running jobs by address group. */
  readonly #asked = new Map<string, number>();

  /** @param limits the bounds to keep */
  constructor(limits: HashLimits) {
    this.#limits = limits;
  }

  /**
   * Queues a job; returns false if a bound leaves no room for it.
   *
   * @param nowMs monotonic time, ms
   */
  add(job: Job, nowMs: number): boolean {
    const { hashQueue, hashesPerAddress } = this.#limits;
    if (this.#waiting.length >= hashQueue) return false;
    const group = addressGroup(job.address);
    if (!this.#exempt(job.address) && (this.#asked.get(group) ?? 0) >= hashesPerAddress) return false;
    this.#waiting.push({ job, sinceMs: nowMs });
    count(this.#asked, group, 1);
    return true;
  }

  /** Removes and returns the next job that may run. To be followed by `finished`. */
  next(): Job | undefined {
    const { hashesPerAccount } = this.#limits;
    const at = this.#waiting.findIndex(({ job }) => (this.#running.get(job.account) ?? 0) < hashesPerAccount);
    if (at < 0) return undefined;
    const job = this.#waiting.splice(at, 1)[0]?.job;
    if (job !== undefined) count(this.#running, job.account, 1);
    return job;
  }

  /** Ends a job that `next` has returned. */
  finished(job: Job): void {
    count(this.#running, job.account, -1);
    count(this.#asked, addressGroup(job.address), -1);
  }

  /** Removes and returns the jobs that have waited too long. */
  expired(nowMs: number): Job[] {
    const waits = ({ sinceMs }: Waiting<Job>): boolean => nowMs - sinceMs < this.#limits.hashWaitMs;
    const over = this.#waiting.filter((waiting) => !waits(waiting)).map(({ job }) => job);
    if (over.length > 0) this.#waiting = this.#waiting.filter(waits);
    for (const job of over) count(this.#asked, addressGroup(job.address), -1);
    return over;
  }

  /** Monotonic time, ms, at which the oldest waiting job expires; `undefined` if none waits. */
  get nextExpiryMs(): number | undefined {
    const first = this.#waiting[0];
    return first === undefined ? undefined : first.sinceMs + this.#limits.hashWaitMs;
  }

  #exempt(address: string): boolean {
    return this.#limits.loopbackExempt && isLoopback(address);
  }
}

function count(counts: Map<string, number>, key: string, change: number): void {
  const now = (counts.get(key) ?? 0) + change;
  if (now > 0) counts.set(key, now);
  else counts.delete(key);
}
