/**
 * The watch over the archive's writer, which reports only when it has folded something: it is asked for a sign of life.
 *
 * @module
 */

import type { Timers } from "../ports/outside.ts";
import { SILENT_SECONDS_MAX, WorkerWatch } from "./worker_watch.ts";

/** The problem of a writer whose thread is blocked. */
const HANGING =
  `the archive has not been written for ${SILENT_SECONDS_MAX} s: the disk hangs, or is far too slow`;

/** Parts and callbacks of the watch. */
interface WriterWatchOptions {
  readonly timers: Timers;
  /** Asks the writer, which is to answer between two steps. */
  ask(): void;
  /** It has not answered. */
  onHanging(problem: string): void;
}

/** The watch over one writer after the other. */
export class WriterWatch {
  #isAsked = false;
  readonly #watch: WorkerWatch;
  readonly #options: WriterWatchOptions;

  constructor(options: WriterWatchOptions) {
    this.#options = options;
    this.#watch = new WorkerWatch({
      timers: options.timers,
      isWorking: () => this.#isAsked,
      onHanging: () => options.onHanging(HANGING),
    });
  }

  /** The writer has something to do; called about once a second while it does. */
  tick(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#options.ask();
    this.#watch.begin();
  }

  /** The writer has reported something. @param isAnswer true if that is the answer */
  heard(isAnswer: boolean): void {
    if (isAnswer) this.#isAsked = false;
    this.#watch.heard();
  }

  /** The writer is gone. */
  end(): void {
    this.#isAsked = false;
    this.#watch.end();
  }
}
