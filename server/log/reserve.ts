/**
 * Real bytes put aside for the day on which the disk is full: the turns of that moment are written from them
 * (`proto/log_format.md`, section 9).
 *
 * @module
 */

import type { FileStore } from "../ports/files.ts";
import type { Logger, Timers } from "../ports/outside.ts";

/** Path in the data folder. */
export const RESERVE_FILE = "reserve";

/** Time until another attempt to make it, ms. */
const RETRY_MS = 5_000;

/** Parts and callbacks of the reserve. */
interface ReserveOptions {
  readonly files: FileStore;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Length, bytes; with 0 there is none. */
  readonly reserveBytes: number;
  /** The reserve went missing, or is there again. */
  onReadOnly(readOnly: boolean): void;
}

/** The reserve of one data folder: spent when the disk is full, and made again as soon as that is possible. */
export class Reserve {
  #state: "none" | "making" | "held" = "none";
  #isMissing = false;
  #isStopped = false;
  #callOffRetry: (() => void) | undefined;
  /** Callbacks for the end of an attempt. */
  #waiting: (() => void) | undefined;
  readonly #options: ReserveOptions;

  constructor(options: ReserveOptions) {
    this.#options = options;
  }

  /** True from when it was spent, or could not be made, until it could be. */
  get isMissing(): boolean {
    return this.#isMissing;
  }

  /** Makes it in the background, unless it is there. */
  start(): void {
    const { files, reserveBytes } = this.#options;
    const size = files.size(RESERVE_FILE);
    if (reserveBytes > 0 && size === reserveBytes) {
      this.#state = "held";
      return;
    }
    if (size !== undefined) files.remove(RESERVE_FILE);
    if (reserveBytes > 0) this.#make();
  }

  /** Gives the space up. `done` gets true if there was any, at once or when an attempt has ended. */
  spend(done: (spent: boolean) => void): void {
    if (this.#state === "making") {
      // An attempt that failed has given its space back, so that counts too.
      this.#waiting = () => done(this.#giveUp());
      return;
    }
    done(this.#state === "held" && this.#giveUp());
  }

  /** No further attempt; `done` is called once none is under way. */
  stop(done: () => void): void {
    this.#isStopped = true;
    this.#callOffRetry?.();
    if (this.#state === "making") this.#waiting = done;
    else done();
  }

  #make(): void {
    const { files, reserveBytes } = this.#options;
    this.#state = "making";
    files.fill(RESERVE_FILE, reserveBytes, (error) => this.#made(error));
  }

  #made(error: Error | undefined): void {
    this.#state = error === undefined ? "held" : "none";
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) return waiting();
    if (error === undefined) this.#setMissing(false, "the reserve is made");
    else this.#lost(error.message);
  }

  #giveUp(): boolean {
    try {
      this.#options.files.remove(RESERVE_FILE);
    } catch {
      // Without its space the write that is waiting for it fails, and that error is the one that is told.
      return false;
    }
    this.#state = "none";
    this.#lost("the reserve is spent");
    return true;
  }

  #lost(reason: string): void {
    this.#setMissing(true, reason);
    if (!this.#isStopped) this.#callOffRetry = this.#options.timers.after(RETRY_MS, () => this.#make());
  }

  #setMissing(isMissing: boolean, reason: string): void {
    if (isMissing === this.#isMissing || this.#isStopped) return;
    this.#isMissing = isMissing;
    const { logger, reserveBytes, onReadOnly } = this.#options;
    if (isMissing) {
      logger.error("diskFull", {
        reason,
        reserveBytes,
        wayOut: "free space: the node is read-only until it can put the reserve aside",
      });
    } else logger.info("diskFree", { reason, reserveBytes });
    onReadOnly(isMissing);
  }
}
