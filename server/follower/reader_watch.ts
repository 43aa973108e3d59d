/**
 * The watch over the archive's reader: a disk that hangs blocks its thread, which can say nothing then.
 *
 * @module
 */

import type { Timers } from "../ports/outside.ts";

/** Interval of the looks, ms. */
const LOOK_MS = 1_000;

/**
 * Looks in a row without a report after which the reader hangs. They are counted, and no time is measured: a node that
 * was suspended itself must not blame the reader.
 */
const SILENT_LOOKS_MAX = 30;

/** Longest silence of a reader with queries, s. */
export const SILENT_SECONDS_MAX = SILENT_LOOKS_MAX * LOOK_MS / 1_000;

/** Parts and callbacks of the watch. */
interface WatchOptions {
  readonly timers: Timers;
  /** True while the reader has queries. */
  isWorking(): boolean;
  /** The reader hangs. */
  onHanging(): void;
}

/** Looks at one reader as long as it has queries. It reports at least once a second then. */
export class ReaderWatch {
  #silentLooks = 0;
  #callOff: (() => void) | undefined;
  readonly #options: WatchOptions;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** The reader has got a query. */
  begin(): void {
    this.#callOff ??= this.#options.timers.after(LOOK_MS, () => this.#look());
  }

  /** The reader has reported. */
  heard(): void {
    this.#silentLooks = 0;
  }

  /** The reader is gone. */
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
