/**
 * The queue in front of the hash workers, and its bounds. Pure: the time is handed in.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { addressGroup, isLoopback } from "../core/address.ts";

/** The asker of a job. */
export interface Asker {
  /** Lower-case name of the account. */
  readonly account: string;
  readonly address: string;
  /** True if strangers give way to it (`HashJob`). */
  readonly isTrusted?: boolean;
}

/** The limits that the queue enforces. */
export type HashLimits = Pick<
  Limits,
  "hashQueue" | "hashWaitMs" | "hashesPerAccount" | "hashesPerAddress" | "loopbackExempt"
>;

/** Trusted jobs in a row after which a stranger's goes, if one waits: strangers keep a fifth of the workers. */
const TRUSTED_IN_A_ROW = 4;

interface Waiting<Job> {
  readonly job: Job;
  readonly sinceMs: number;
}

/** Waiting jobs in the order in which they came. */
class Lane<Job extends Asker> {
  #waiting: Waiting<Job>[] = [];

  get length(): number {
    return this.#waiting.length;
  }

  /** Time since which the first job waits, ms; `undefined` if there is none. */
  get firstSinceMs(): number | undefined {
    return this.#waiting[0]?.sinceMs;
  }

  add(job: Job, nowMs: number): void {
    this.#waiting.push({ job, sinceMs: nowMs });
  }

  /** Removes and returns the first job that may run. */
  take(mayRun: (job: Job) => boolean): Job | undefined {
    const at = this.#waiting.findIndex(({ job }) => mayRun(job));
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0]?.job;
  }

  /** Removes and returns the jobs that wait since a moment or longer. */
  takeSince(untilMs: number): Job[] {
    const count = this.#waiting.findIndex(({ sinceMs }) => sinceMs > untilMs);
    return this.#waiting.splice(0, count < 0 ? this.#waiting.length : count).map(({ job }) => job);
  }
}

/**
 * Jobs waiting for a worker, in two lanes with bounds of their own. Trusted jobs go first, but strangers keep a share;
 * within a lane the first come is the first served.
 */
export class HashQueue<Job extends Asker> {
  readonly #limits: HashLimits;
  readonly #trusted = new Lane<Job>();
  readonly #strangers = new Lane<Job>();
  /** Trusted jobs since the last one of a stranger. */
  #trustedInARow = 0;
  /** Number of running jobs by account. */
  readonly #running = new Map<string, number>();
  /** Number of waiting and running jobs by place. */
  readonly #asked = new Map<string, number>();

  /** @param limits the bounds to keep */
  constructor(limits: HashLimits) {
    this.#limits = limits;
  }

  /** Number of jobs that wait. */
  get length(): number {
    return this.#trusted.length + this.#strangers.length;
  }

  /**
   * Queues a job; returns false if a bound leaves no room for it.
   *
   * @param nowMs monotonic time, ms
   */
  add(job: Job, nowMs: number): boolean {
    const { hashQueue, hashesPerAddress } = this.#limits;
    const lane = job.isTrusted ? this.#trusted : this.#strangers;
    if (lane.length >= hashQueue) return false;
    const place = placeOf(job);
    if (!this.#exempt(job.address) && (this.#asked.get(place) ?? 0) >= hashesPerAddress) return false;
    lane.add(job, nowMs);
    count(this.#asked, place, 1);
    return true;
  }

  /** Removes and returns the next job that may run. To be followed by `finished`. */
  next(): Job | undefined {
    const mayRun = ({ account }: Job): boolean =>
      (this.#running.get(account) ?? 0) < this.#limits.hashesPerAccount;
    const isStrangersTurn = this.#trustedInARow >= TRUSTED_IN_A_ROW;
    const [first, second] = isStrangersTurn
      ? [this.#strangers, this.#trusted]
      : [this.#trusted, this.#strangers];
    const job = first.take(mayRun) ?? second.take(mayRun);
    if (job === undefined) return undefined;
    this.#trustedInARow = job.isTrusted ? this.#trustedInARow + 1 : 0;
    count(this.#running, job.account, 1);
    return job;
  }

  /** Ends a job that `next` has returned. */
  finished(job: Job): void {
    count(this.#running, job.account, -1);
    count(this.#asked, placeOf(job), -1);
  }

  /** Removes and returns the jobs that have waited too long. */
  expired(nowMs: number): Job[] {
    const untilMs = nowMs - this.#limits.hashWaitMs;
    const over = [...this.#trusted.takeSince(untilMs), ...this.#strangers.takeSince(untilMs)];
    for (const job of over) count(this.#asked, placeOf(job), -1);
    return over;
  }

  /** Monotonic time, ms, at which the oldest waiting job expires; `undefined` if none waits. */
  get nextExpiryMs(): number | undefined {
    const sinceMs = Math.min(
      this.#trusted.firstSinceMs ?? Infinity,
      this.#strangers.firstSinceMs ?? Infinity,
    );
    return sinceMs === Infinity ? undefined : sinceMs + this.#limits.hashWaitMs;
  }

  #exempt(address: string): boolean {
    return this.#limits.loopbackExempt && isLoopback(address);
  }
}

/** Key of the bound per address. Strangers behind an address must not take the places of an account known there. */
function placeOf({ account, address, isTrusted }: Asker): string {
  const group = addressGroup(address);
  return isTrusted ? `${group} ${account}` : group;
}

function count(counts: Map<string, number>, key: string, change: number): void {
  const now = (counts.get(key) ?? 0) + change;
  if (now > 0) counts.set(key, now);
  else counts.delete(key);
}
