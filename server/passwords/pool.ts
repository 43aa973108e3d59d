/**
 * bcrypt on as many workers as there are cores to spare.
 *
 * @module
 */

import type { HashJob, PasswordHasher, VerifyJob } from "../ports/node.ts";
import type { Clock, Logger } from "../ports/outside.ts";
import { hashDamage } from "../core/accounts/bcrypt_hash.ts";
import { type Asker, type HashLimits, HashQueue } from "./queue.ts";
import type { WorkerAnswer, WorkerTask } from "./worker_protocol.ts";

/** What is needed of the outside. */
export interface PasswordPoolOptions {
  readonly limits: HashLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How many workers; one less than there are cores, and at least one, unless given. */
  readonly workers?: number;
  /** Makes a worker, which answers every `WorkerTask` with one `WorkerAnswer`; bcrypt unless given. */
  readonly makeWorker?: () => Worker;
}

interface Job extends Asker {
  readonly task: WorkerTask;
  done(answer: WorkerAnswer | "busy"): void;
}

/** A place for a worker: empty after one died, until the next job. */
interface Desk {
  worker: Worker | undefined;
  job: Job | undefined;
}

/** Hashes passwords and compares them, in the order in which the queue says. */
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

  hash(job: HashJob, done: (outcome: { readonly hash: string } | "busy") => void): void {
    const { account, address, password, cost } = job;
    this.#add({ account, address, task: { password, cost }, done: done as Job["done"] });
  }

  verify(job: VerifyJob, done: (outcome: { readonly fits: boolean } | "busy") => void): void {
    const { account, address, password, hash } = job;
    const damage = hashDamage(hash);
    if (damage !== undefined) {
      const wayOut = "restore the account from a backup, or delete and register it anew";
      this.#options.logger.error("passwordHashDamaged", { account, damage, wayOut });
      return queueMicrotask(() => done({ fits: false }));
    }
    this.#add({ account, address, task: { password, hash }, done: done as Job["done"] });
  }

  /** Ends the workers. Whoever still waits for an answer gets none. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#expiry);
    for (const desk of this.#desks) desk.worker?.terminate();
  }

  #add(job: Job): void {
    if (this.#stopped) return;
    // Answers never come before the question has returned: the asker may be in the middle of something.
    if (!this.#queue.add(job, this.#options.clock.monotonicMs())) {
      return queueMicrotask(() => job.done("busy"));
    }
    this.#assign();
  }

  /** Gives the desks that are free something to do. */
  #assign(): void {
    for (const desk of this.#desks) {
      if (desk.job !== undefined) continue;
      const job = this.#queue.next();
      if (job === undefined) break;
      desk.job = job;
      (desk.worker ?? this.#startWorker(desk)).postMessage(job.task);
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

  /** The next job brings a new worker, so one that cannot start at all is not started without end. */
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

  /** One timer, for the job that has waited longest. */
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
