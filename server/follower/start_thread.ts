/**
 * The thread that reads the archive, as a start sees it: its reports are waited for, but not for ever.
 *
 * @module
 */

import { receiveMessageOnPort } from "node:worker_threads";
import { ArchiveUnusable } from "../archive/archive_unusable.ts";
import type { Slices } from "../core/slices.ts";
import { ArchiveHangs } from "./remedy.ts";
import type { StartChannel, StartReport, StartTask } from "./start_protocol.ts";
import { SILENT_SECONDS_MAX } from "./worker_watch.ts";

/** Longest wait of the caller's thread until others have their turn, ms. */
const LOOK_MS = 20;

/** Waits in vain after which the thread hangs. They are counted: a process that was suspended must not blame the disk. */
const SILENT_LOOKS_MAX = SILENT_SECONDS_MAX * 1_000 / LOOK_MS;

/** The same port, as the runtime declares it for modules of Node.js. */
type NodePort = MessagePort & Parameters<typeof receiveMessageOnPort>[0];

type ReportOf<Type extends StartReport["type"]> = Extract<StartReport, { readonly type: Type }>;

/** A thread, from its start to `end`. */
export class StartThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #reports = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #looksMax: number;
  #death: string | undefined;

  /** @param looksMax waits in vain after which it hangs */
  constructor(worker: Worker, looksMax = SILENT_LOOKS_MAX) {
    this.#worker = worker;
    this.#looksMax = looksMax;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    worker.onerror = (event) => {
      event.preventDefault();
      this.#death = `its thread has ended: ${event.message}`;
    };
    const channel: StartChannel = { port: port2, reports: this.#reports };
    worker.postMessage(channel, [port2]);
  }

  /** Gives it a task. */
  ask(task: StartTask): void {
    this.#port.postMessage(task);
  }

  /**
   * Waits for its next report, which is one of these. The slices read nothing of the log.
   *
   * @throws {ArchiveHangs} if it says nothing for too long
   * @throws {Error} if it cannot use the archive
   */
  *answer<Type extends StartReport["type"]>(...types: readonly Type[]): Slices<ReportOf<Type>> {
    for (let looks = 0; looks < this.#looksMax; looks++) {
      const report = this.#look();
      if (report !== undefined) return expected(report, types);
      if (this.#death !== undefined) throw new Error(this.#death);
      yield 0;
    }
    throw new ArchiveHangs(this.#looksMax * LOOK_MS / 1_000);
  }

  /** The next report; waits a moment if there is none. */
  #look(): StartReport | undefined {
    const before = Atomics.load(this.#reports, 0);
    const report = this.#receive();
    if (report !== undefined) return report;
    Atomics.wait(this.#reports, 0, before, LOOK_MS);
    return this.#receive();
  }

  #receive(): StartReport | undefined {
    return receiveMessageOnPort(this.#port as NodePort)?.message;
  }

  /** Lets it go, hanging or not. */
  end(): void {
    this.#port.close();
    this.#worker.terminate();
  }
}

function expected<Type extends StartReport["type"]>(
  report: StartReport,
  types: readonly Type[],
): ReportOf<Type> {
  const isExpected = (each: StartReport): each is ReportOf<Type> => types.some((type) => type === each.type);
  if (isExpected(report)) return report;
  if (report.type !== "failed") throw new TypeError(`${report.type} is no answer`);
  throw report.remedy === "rebuild" ? new ArchiveUnusable(report.problem) : new Error(report.problem);
}
