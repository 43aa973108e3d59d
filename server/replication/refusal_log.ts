/**
 * Diagnostics of refused peers. A peer that comes again and again must not fill the disk with them.
 *
 * @module
 */

import type { LogFields, Logger } from "../ports/outside.ts";

/** Lines with the same reason in one window; the others are counted. */
export const SAME_LINES_MAX = 5;

/** Lines in one window: a reason may have numbers in it that the refused peer has chosen. */
export const LINES_MAX = 50;

/** Length of a window, ms. */
export const WINDOW_MS = 10_000;

/** Logs refusals, within bounds. */
export class RefusalLog {
  readonly #logger: Pick<Logger, "warn">;
  #windowMs = -Infinity;
  #lines = 0;
  /** Number of refusals with each reason in this window. */
  readonly #said = new Map<string, number>();
  #unsaid = 0;

  constructor(logger: Pick<Logger, "warn">) {
    this.#logger = logger;
  }

  /** Somebody was refused; a line tells also how many were since the last one. */
  refused(fields: LogFields & { readonly reason: string }, nowMs: number): void {
    const { reason } = fields;
    if (nowMs - this.#windowMs >= WINDOW_MS) {
      this.#windowMs = nowMs;
      this.#lines = 0;
      this.#said.clear();
    }
    const said = this.#said.get(reason) ?? 0;
    if (said === SAME_LINES_MAX || this.#lines === LINES_MAX) {
      this.#unsaid++;
      return;
    }
    this.#said.set(reason, said + 1);
    this.#lines++;
    const unsaid = this.#unsaid === 0 ? {} : { unsaid: this.#unsaid };
    this.#unsaid = 0;
    this.#logger.warn("peerRefused", { ...fields, ...unsaid });
  }
}
