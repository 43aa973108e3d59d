/**
 * The time in which an archive is being built, and what the node says of it.
 *
 * @module
 */

import type { Clock, Logger } from "../ports/outside.ts";

/** Entries that an archive lacks when it is opened, from which on it counts as being built: about a second of work. */
const BUILDING_ENTRIES = 20_000;

/** Whether one archive is being built. */
export class Building {
  /** Number of entries until which it is; `undefined` if it is not. */
  #until: number | undefined;
  #sinceMs = 0;
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #logger: Logger;

  constructor(clock: Pick<Clock, "monotonicMs">, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  get isGoingOn(): boolean {
    return this.#until !== undefined;
  }

  /** An archive with so many entries was opened, and the log has so many. Returns true if it is being built from now on. */
  begin(entries: number, until: number): boolean {
    const lag = until - entries;
    if (lag <= BUILDING_ENTRIES) return false;
    this.#until = until;
    this.#sinceMs = this.#clock.monotonicMs();
    const next = "searches wait until it has them all";
    this.#logger.info("archiveBuilding", { entries, lag, next });
    return true;
  }

  /** The archive has so many entries. */
  reached(entries: number): void {
    if (entries < (this.#until ?? Infinity)) return;
    this.#until = undefined;
    const durationMs = Math.round(this.#clock.monotonicMs() - this.#sinceMs);
    this.#logger.info("archiveBuilt", { entries, durationMs });
  }

  /** The archive is let go. */
  end(): void {
    this.#until = undefined;
  }
}
