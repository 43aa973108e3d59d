/**
 * A worker without a thread: its steps are steps of its process, each after a while.
 *
 * @module
 */

import type { Act } from "./event_queue.ts";

/** The work of a thread. */
export interface SimulatedWork<Task> {
  take(task: Task): void;
  /** Returns the pause until the next step, ms; `undefined` if nothing is left to do. */
  step(): number | undefined;
}

/** The world of a worker. */
export interface WorkerWorld {
  /** Runs a callback after a while, ms. */
  later(ms: number, act: Act): void;
  /** Delay of a task and of a step, ms. */
  delayMs(): number;
  /** True if the thread ends now, between two steps. */
  dies(): boolean;
}

/** A worker whose reports are given by `report`. */
export class SimulatedWorker<Task, Report> {
  onmessage: ((event: { data: Report }) => void) | undefined;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | undefined;
  #isTerminated = false;
  /** The step that is due; one that was put off by a pause is not, once a task has come. */
  #due: symbol | undefined;
  #isPausing = false;
  readonly #tasks: Task[] = [];
  readonly #reports: Report[] = [];
  readonly #work: SimulatedWork<Task>;
  readonly #world: WorkerWorld;

  constructor(work: (report: (report: Report) => void) => SimulatedWork<Task>, world: WorkerWorld) {
    this.#work = work((report) => this.#report(report));
    this.#world = world;
  }

  postMessage(task: Task): void {
    this.#tasks.push(task);
    if (this.#due === undefined || this.#isPausing) this.#goOn(0);
  }

  terminate(): void {
    this.#isTerminated = true;
  }

  /** Reports arrive late, but in their order. */
  #report(data: Report): void {
    this.#reports.push(data);
    this.#world.later(this.#world.delayMs(), () => {
      const first = this.#reports.shift();
      if (!this.#isTerminated && first !== undefined) this.onmessage?.({ data: first });
    });
  }

  #goOn(pauseMs: number): void {
    const due = this.#due = Symbol();
    this.#isPausing = pauseMs > 0;
    this.#world.later(pauseMs + this.#world.delayMs(), () => this.#due === due && this.#step());
  }

  #step(): void {
    this.#due = undefined;
    if (this.#isTerminated) return;
    if (this.#world.dies()) return this.#die();
    for (const task of this.#tasks.splice(0)) this.#work.take(task);
    const pauseMs = this.#work.step();
    if (pauseMs !== undefined) this.#goOn(pauseMs);
  }

  #die(): void {
    this.#isTerminated = true;
    this.onerror?.({ message: "the thread was ended", preventDefault: () => {} });
  }
}
