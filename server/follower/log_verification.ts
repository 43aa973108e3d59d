/**
 * The verification of what a start has not read of the log, beside the node that serves.
 *
 * @module
 */

import type { SegmentBeginning } from "../ports/history.ts";
import type { VerificationStatus } from "../ports/archive.ts";
import type { Clock, Logger } from "../ports/outside.ts";
import type { VerifyReport, VerifyTask } from "./verify_protocol.ts";

/** Time until another attempt, if the log cannot be read, ms. */
const RETRY_MS = 600_000;

/** Parts of a verification. */
interface VerificationOptions {
  /** The data folder. */
  readonly data: string;
  /** Beginning of the segment at which the log was opened; `undefined` if the start has verified all of it. */
  readonly beginning: SegmentBeginning | undefined;
  /** Length of the segments before it, bytes. */
  readonly ofBytes: number;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly logger: Logger;
  /** False if a worker cannot be started now: without a descriptor, the runtime would end the process. */
  readonly mayStart: () => boolean;
  /** Notes the damage for the next start. */
  readonly onDamage: (problem: string) => void;
  /** Makes the worker; the real one unless given. */
  readonly makeWorker?: () => Worker;
}

/** Verifies the older segments once. `tick` is to be called about once a second; the first one begins. */
export class LogVerification {
  #worker: Worker | undefined;
  #bytes = 0;
  #isDone: boolean;
  #sinceMs = 0;
  #retryAtMs = 0;
  readonly #damage = Promise.withResolvers<Error>();
  readonly #options: VerificationOptions;

  constructor(options: VerificationOptions) {
    this.#options = options;
    this.#isDone = options.beginning === undefined;
  }

  /** Resolves if the log is damaged: the node must not go on. */
  get damage(): Promise<Error> {
    return this.#damage.promise;
  }

  status(): VerificationStatus {
    return { isDone: this.#isDone, bytes: this.#bytes, ofBytes: this.#options.ofBytes };
  }

  /** Begins, if that is to do and a worker can be started. */
  tick(): void {
    const { beginning, data, clock, mayStart, makeWorker = verifyWorker } = this.#options;
    if (this.#isDone || beginning === undefined || this.#worker !== undefined) return;
    if (clock.monotonicMs() < this.#retryAtMs || !mayStart()) return;
    this.#sinceMs = clock.monotonicMs();
    const worker = makeWorker();
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<VerifyReport>) => {
      if (this.#worker === worker) this.#take(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#failed(`its thread has ended: ${event.message}`);
    };
    const task: VerifyTask = { data, beginning };
    worker.postMessage(task);
  }

  /** Ends it, done or not. */
  stop(): void {
    this.#isDone = true;
    this.#endWorker();
  }

  #endWorker(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #take(report: VerifyReport): void {
    switch (report.type) {
      case "read":
        this.#bytes += report.bytes;
        return;
      case "verified":
        return this.#verified();
      case "damaged":
        return this.#damaged(report.problem);
      case "failed":
        return this.#failed(report.problem);
    }
  }

  #verified(): void {
    const { beginning, ofBytes, clock, logger } = this.#options;
    const durationMs = Math.round(clock.monotonicMs() - this.#sinceMs);
    logger.info("logVerified", { segments: (beginning?.segment ?? 1) - 1, bytes: ofBytes, durationMs });
    this.#bytes = ofBytes;
    this.stop();
  }

  /** No damage is proven, so the node goes on. */
  #failed(problem: string): void {
    const { clock, logger } = this.#options;
    const next = "it is verified from its beginning on in ten minutes, and at a start with --verify";
    logger.warn("logNotVerified", { problem, next });
    this.#endWorker();
    this.#bytes = 0;
    this.#retryAtMs = clock.monotonicMs() + RETRY_MS;
  }

  #damaged(problem: string): void {
    this.stop();
    this.#options.onDamage(problem);
    this.#damage.resolve(new Error(problem));
  }
}

function verifyWorker(): Worker {
  return new Worker(new URL("./verify_worker.ts", import.meta.url), { type: "module" });
}
