/**
 * Reads the archive for a start: the work of a thread of its own.
 *
 * @module
 */

import type { ResidentBatches } from "../archive/resident_rows.ts";
import type { ArchivePage, IdQuery } from "../core/messages/archived.ts";
import type { LogPlace, SegmentBeginning } from "../ports/history.ts";
import { remedyOf } from "./remedy.ts";
import type { StartReport, StartTask } from "./start_protocol.ts";

/** Batches that are read before the first one is loaded: the two threads work at the same time. */
const AHEAD = 4;

/** The database of the archive, as a start reads it. Every call may throw. */
interface StartArchive {
  readonly place: LogPlace;
  beginnings(): SegmentBeginning[];
  residentRows(wallMs: number): ResidentBatches;
  hasId(id: string): boolean;
  answer(query: IdQuery): ArchivePage;
}

/** The outside of the thread. */
interface StartHost {
  /** Opens the archive of a data folder; `undefined` if there is none. */
  open(data: string): StartArchive | undefined;
  report(report: StartReport): void;
}

/** The reader of one start. */
export class StartReader {
  #archive: StartArchive | undefined;
  #batches: ResidentBatches | undefined;
  readonly #host: StartHost;

  constructor(host: StartHost) {
    this.#host = host;
  }

  /** Does a task. */
  take(task: StartTask): void {
    try {
      this.#take(task);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.#host.report({ type: "failed", problem: error.message, remedy: remedyOf(error) });
    }
  }

  #take(task: StartTask): void {
    switch (task.type) {
      case "open":
        return this.#open(task.data);
      case "load":
        this.#batches = this.#archive?.residentRows(task.wallMs);
        for (let i = 0; i < AHEAD; i++) this.#read();
        return;
      case "next":
        return this.#read();
      case "find":
        return this.#find(task.id);
    }
  }

  #open(data: string): void {
    this.#archive = this.#host.open(data);
    const { position = 0, version = new Map() } = this.#archive?.place ?? {};
    const beginnings = position === 0 ? [] : this.#archive?.beginnings() ?? [];
    this.#host.report({
      type: "opened",
      part: position === 0 ? undefined : { position, version, beginnings },
    });
  }

  #read(): void {
    const next = this.#batches?.next();
    if (next === undefined) return;
    if (!next.done) return this.#host.report({ type: "rows", batch: next.value });
    this.#batches = undefined;
    this.#host.report({ type: "loaded" });
  }

  #find(id: string): void {
    const isThere = this.#archive?.hasId(id) === true;
    const found = isThere
      ? this.#archive?.answer({ type: "ids", account: "", ids: [id] }).messages
      : undefined;
    this.#host.report({ type: "found", messages: found ?? [] });
  }
}
