/**
 * bcrypt on a pool of worker threads.
 *
 * @module
 */

import type { HashJob, PasswordHasher, VerifyJob } from "../ports/passwords.ts";
import type { Clock, Logger } from "../ports/outside.ts";
import { hashDamage } from "../core/accounts/bcrypt_hash.ts";
import { type Asker, type HashLimits, HashQueue } from "./queue.ts";
import type { WorkerAnswer, WorkerTask } from "./worker_protocol.ts";

/** Settings and dependencies of a pool. */
export interface PasswordPoolOptions {
  readonly limits: HashLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Number of workers; by default one less than the cores, and at least one. */
  readonly workers?: number;
  /** Makes a worker, which answers every `WorkerTask` with one `WorkerAnswer`; bcrypt by default. */
  readonly makeWorker?: () => Worker;
  /** False if a worker cannot be started now: without a descriptor, the runtime would end the process. */
  readonly mayStart?: () => boolean;
}

interface Job extends Asker {
  readonly task: WorkerTask;
  done(answer: WorkerAnswer | "busy"): void;
}

/** A place for a worker: empty from the worker's death to the next job. */
interface Desk {
  worker: Worker | undefined;
  job: Job | undefined;
}

/** Hashes and verifies passwords in the order of the queue. */
export class PasswordPool implements PasswordHasher {
  readonly #options: PasswordPoolOptions;
  readonly #queue: HashQueue<Job>;
  readonly #desks: Desk[];
  #expiry: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  /** Starts the workers. */
  constructor(options: PasswordPoolOptions) {
    this.#options = options;
    this.#queue = new HashQueue(options.limits);
    const count = options.workers ?? Math.max(1, navigator.hardwareConcurrency - 1);
    this.#desks = Array.from({ length: count }, () => ({ worker: undefined, job: undefined }));
    for (const desk of this.#desks) this.#startWorker(desk);
  }

  /** Number of passwords that wait for a worker. */
  get waiting(): number {
    return this.#queue.length;
  }

  hash(job: HashJob, done: (outcome: { readonly hash: string } | "busy") => void): void {
    const { account, address, isTrusted = false, password, cost } = job;
    this.#add({ account, address, isTrusted, task: { password, cost }, done: done as Job["done"] });
  }

  verify(job: VerifyJob, done: (outcome: { readonly fits: boolean } | "busy") => void): void {
    const { account, address, isTrusted = false, password, hash } = job;
    const damage = hashDamage(hash);
    if (damage !== undefined) {
      const wayOut = "restore the account from a backup, or delete and register it anew";
      this.#options.logger.error("passwordHashDamaged", { account, damage, wayOut });
      return queueMicrotask(() => done({ fits: false }));
    }
    this.#add({ account, address, isTrusted, task: { password, hash }, done: done as Job["done"] });
  }

  /** Ends the workers. Jobs that have not ended are never answered. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#expiry);
    for (const desk of this.#desks) desk.worker?.terminate();
  }

  #add(job: Job): void {
    if (this.#stopped) return;
    // Answers come later, because the caller may be in the middle of something.
    if (!this.#queue.add(job, this.#options.clock.monotonicMs())) {
      return queueMicrotask(() => job.done("busy"));
    }
    this.#assign();
  }

  /** Gives jobs to the free desks. */
  #assign(): void {
    for (const desk of this.#desks) {
      if (desk.job !== undefined) continue;
      const job = this.#queue.next();
      if (job === undefined) break;
      desk.job = job;
      if (desk.worker === undefined && this.#options.mayStart?.() === false) {
        queueMicrotask(() => this.#finish(desk, "busy"));
      } else (desk.worker ?? this.#startWorker(desk)).postMessage(job.task);
    }
    this.#watchExpiry();
  }

  #startWorker(desk: Desk): Worker {
    const worker = this.#options.makeWorker?.() ?? bcryptWorker();
    worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => this.#finish(desk, data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#bury(desk, event.message);
    };
    desk.worker = worker;
    return worker;
  }

  /** Only the next job starts a new worker, so a worker that cannot start is not restarted for ever. */
  #bury(desk: Desk, error: string): void {
    this.#options.logger.error("passwordWorkerDied", { error, wayOut: "the next login starts another" });
    desk.worker?.terminate();
    desk.worker = undefined;
    this.#finish(desk, "busy");
  }

  #finish(desk: Desk, answer: WorkerAnswer | "busy"): void {
    const { job } = desk;
    desk.job = undefined;
    if (this.#stopped || job === undefined) return;
    this.#queue.finished(job);
    this.#assign();
    job.done(answer);
  }

  /** Sets one timer, for the job that has waited longest. */
  #watchExpiry(): void {
    clearTimeout(this.#expiry);
    const atMs = this.#queue.nextExpiryMs;
    if (atMs === undefined) return;
    const waitMs = Math.max(0, Math.ceil(atMs - this.#options.clock.monotonicMs()));
    this.#expiry = setTimeout(() => this.#expire(), waitMs);
  }

  #expire(): void {
    const expired = this.#queue.expired(this.#options.clock.monotonicMs());
    this.#watchExpiry();
    for (const job of expired) job.done("busy");
  }
}

function bcryptWorker(): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
}
