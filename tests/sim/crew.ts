/**
 * Several workers that share out seeds among themselves.
 *
 * @module
 */

import { add, emptyTally, type Tally } from "./tally.ts";

/** Seeds for a worker. */
export interface Job {
  readonly from: number;
  readonly count: number;
  /** Which planted fault the servers have, if any; by its place in the list. */
  readonly planted?: number;
}

/** One after the other takes the next job and hands in its tally, until there is none. */
export class Crew {
  readonly #workers: readonly Worker[];

  /** @param size how many threads */
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

/** How many seeds a worker gets at once: some seconds of work. */
const SEEDS_AT_ONCE = 25;

/** What to run. */
export interface Campaign {
  readonly from: number;
  /** How many schedules at most. */
  readonly count: number;
  /** When no further is begun, if there were as many as `countMin` by then; ms, as `performance.now` counts. */
  readonly untilMs: number;
  /** As many are run beyond that moment, up to the deadline: others may use the machine too. */
  readonly countMin?: number;
  readonly deadlineMs?: number;
  readonly workers: number;
  /** Called with everything so far, at most every `progressMs`. */
  readonly onProgress?: (tally: Tally, elapsedMs: number) => void;
  readonly progressMs?: number;
}

/** Runs seeds from `from` on, on several workers, until there are enough, it is time, or one has failed. */
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
