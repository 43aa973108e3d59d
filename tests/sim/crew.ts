/**
 * A pool of workers that share the seeds of a run.
 *
 * @module
 */

import { add, emptyTally, type Tally } from "./tally.ts";

/** A range of seeds for one worker. */
export interface Job {
  readonly from: number;
  readonly count: number;
  /** Index of the planted fault in the list; `undefined` if the servers have none. */
  readonly planted?: number;
}

/** A pool of workers: an idle one takes the next job and delivers its tally, until there is none. */
export class Crew {
  readonly #workers: readonly Worker[];

  /** @param size number of threads */
  constructor(size: number) {
    const url = new URL("./worker.ts", import.meta.url).href;
    this.#workers = Array.from({ length: size }, () => new Worker(url, { type: "module" }));
  }

  /**
   * Works until there is no next job.
   *
   * @param next the next job, or undefined when there is none
   * @param done gets each tally
   */
  async work(next: () => Job | undefined, done: (tally: Tally, job: Job) => void): Promise<void> {
    await Promise.all(this.#workers.map((worker) => this.#workOne(worker, next, done)));
  }

  async #workOne(
    worker: Worker,
    next: () => Job | undefined,
    done: (tally: Tally, job: Job) => void,
  ): Promise<void> {
    for (let job = next(); job !== undefined; job = next()) done(await answer(worker, job), job);
  }

  /** Ends the threads. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

function answer(worker: Worker, job: Job): Promise<Tally> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Tally>) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`a worker has failed at the seeds from ${job.from} on: ${event.message}`));
    };
    worker.postMessage(job);
  });
}

/** Seeds of one job: some seconds of work. */
const SEEDS_AT_ONCE = 25;

/** A run over many seeds. */
export interface Campaign {
  readonly from: number;
  /** Most schedules to run. */
  readonly count: number;
  /** Moment after which no schedule begins, unless fewer than `countMin` have; ms of `performance.now`. */
  readonly untilMs: number;
  /** Fewest schedules: the run goes on for them, up to the deadline, on a machine that is busy otherwise. */
  readonly countMin?: number;
  readonly deadlineMs?: number;
  readonly workers: number;
  /** Gets the sums so far, at most every `progressMs`. */
  readonly onProgress?: (tally: Tally, elapsedMs: number) => void;
  readonly progressMs?: number;
}

/** Runs the seeds from `from` on, on several workers, until `count`, the time limit, or the first failure. */
export async function runCampaign(campaign: Campaign): Promise<Tally> {
  const { from, count, countMin = 0, untilMs, deadlineMs = Infinity, workers } = campaign;
  const { onProgress = () => {}, progressMs = 10_000 } = campaign;
  const beganMs = performance.now();
  const total = emptyTally();
  let given = 0;
  let toldMs = beganMs;
  const next = (): Job | undefined => {
    const isTime = performance.now() >= (given < countMin ? deadlineMs : untilMs);
    if (given >= count || isTime || total.failures.length > 0) return undefined;
    const job = { from: from + given, count: Math.min(SEEDS_AT_ONCE, count - given) };
    given += job.count;
    return job;
  };
  using crew = new Crew(workers);
  await crew.work(next, (tally) => {
    add(total, tally);
    if (performance.now() - toldMs < progressMs) return;
    toldMs = performance.now();
    onProgress(total, toldMs - beganMs);
  });
  return total;
}
