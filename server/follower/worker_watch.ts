/**
 * The watch over the threads of the archive: a disk that hangs blocks them, and they can say nothing then.
 *
 * @module
 */

import type { Timers } from "../ports/outside.ts";

/** Interval of the looks, ms. */
const LOOK_MS = 1_000;

/**
 * Looks in a row without a report after which the thread hangs. They are counted, and no time is measured: a node that
 * was suspended itself must not blame the disk.
 */
const SILENT_LOOKS_MAX = 30;

/** Longest silence of a thread with work to do, s. */
export const SILENT_SECONDS_MAX = SILENT_LOOKS_MAX * LOOK_MS / 1_000;

/** Parts and callbacks of the watch. */
interface WatchOptions {
  readonly timers: Timers;
  /** True while the thread has work to do. */
  isWorking(): boolean;
  /** The thread hangs. */
  onHanging(): void;
}

/** Looks at one thread as long as it has work to do. It reports every few seconds then. */
export class WorkerWatch {
  #silentLooks = 0;
  #callOff: (() => void) | undefined;
  readonly #options: WatchOptions;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** The thread has got work. */
  begin(): void {
    this.#callOff ??= this.#options.timers.after(LOOK_MS, () => this.#look());
  }

  /** The thread has reported. */
  heard(): void {
    this.#silentLooks = 0;
  }

  /** The thread is gone. */
  end(): void {
    this.heard();
    this.#callOff?.();
    this.#callOff = undefined;
  }

  #look(): void {
    this.#callOff = undefined;
    if (!this.#options.isWorking()) return this.heard();
    if (++this.#silentLooks >= SILENT_LOOKS_MAX) return this.#options.onHanging();
    this.begin();
  }
}
