/**
 * The check of the archive beside the node that serves: damage that hides messages is met by nobody who reads.
 *
 * @module
 */

import type { Clock, Logger } from "../ports/outside.ts";
import type { CheckReport, CheckTask } from "./worker_protocol.ts";

/** Time until the first check, and from the end of one to the next, ms. */
const FIRST_MS = 60_000;
const AGAIN_MS = 24 * 3_600_000;

/** Parts and callbacks of the check. */
interface CheckOptions {
  /** The data folder. */
  readonly data: string;
  /** True if memory was loaded from an archive that was not checked since: it may lack what that one hid. */
  readonly isLoaded: boolean;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly logger: Logger;
  /** False if a worker cannot be started now. */
  readonly mayStart: () => boolean;
  /** Makes the worker; the real one unless given. */
  readonly makeChecker: (() => Worker) | undefined;
  /** The archive is damaged. An obstacle is none: what it is, the writer and the reader meet, too. */
  onDamage(problem: string): void;
}

/** Checks the archive a minute after it follows, and once a day. */
export class ArchiveCheck {
  #worker: Worker | undefined;
  /** Time of the next check; `undefined` until the archive follows. Monotonic, ms. */
  #dueMs: number | undefined;
  #sinceMs = 0;
  /** True until a check has shown that memory lacks nothing. */
  #mayLack: boolean;
  #isLacking = false;
  readonly #options: CheckOptions;

  constructor(options: CheckOptions) {
    this.#options = options;
    this.#mayLack = options.isLoaded;
  }

  /** True once the archive that memory was loaded from has turned out to be damaged. */
  get memoryMayLack(): boolean {
    return this.#isLacking;
  }

  /** The archive follows the log; called about once a second while it does. */
  tick(): void {
    const { clock, mayStart } = this.#options;
    const nowMs = clock.monotonicMs();
    this.#dueMs ??= nowMs + FIRST_MS;
    if (this.#worker !== undefined || nowMs < this.#dueMs || !mayStart()) return;
    this.#sinceMs = nowMs;
    this.#start();
  }

  /** The archive is let go. Another one is checked when it follows. */
  end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#dueMs = undefined;
  }

  #start(): void {
    const { data, makeChecker = archiveChecker } = this.#options;
    const worker = makeChecker();
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<CheckReport>) => {
      if (this.#worker === worker) this.#take(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.#worker === worker) this.#notChecked(`its thread has ended: ${event.message}`);
    };
    const task: CheckTask = { data };
    worker.postMessage(task);
  }

  #take(report: CheckReport): void {
    const { clock, logger } = this.#options;
    switch (report.type) {
      case "checking":
        return;
      case "checked":
        this.#later();
        this.#mayLack = false;
        return logger.info("archiveChecked", {
          messages: report.messages,
          durationMs: Math.round(clock.monotonicMs() - this.#sinceMs),
        });
      case "failed":
        if (report.remedy !== "rebuild") return this.#notChecked(report.problem);
        return this.#damaged(report.problem);
    }
  }

  #damaged(problem: string): void {
    const { logger, onDamage } = this.#options;
    this.end();
    onDamage(problem);
    if (!this.#mayLack || this.#isLacking) return;
    this.#isLacking = true;
    const next = "restart the node once the archive is built anew: it then loads that one";
    logger.warn("memoryMayLack", { problem: "its memory was loaded from the damaged archive", next });
  }

  #notChecked(problem: string): void {
    this.#later();
    this.#options.logger.warn("archiveNotChecked", { problem, next: "it is checked again in a day" });
  }

  #later(): void {
    this.end();
    this.#dueMs = this.#options.clock.monotonicMs() + AGAIN_MS;
  }
}

function archiveChecker(): Worker {
  return new Worker(new URL("./check_worker.ts", import.meta.url), { type: "module" });
}
