/**
 * Searches in the archive: they wait for their turn, and for the archive to come up with the log.
 *
 * @module
 */

import type { SearchOutcome, SearchQuery } from "../ports/archive.ts";
import type { Clock, Logger, Timers } from "../ports/outside.ts";
import { QueryQueue } from "./query_queue.ts";
import type { Remedy } from "./remedy.ts";
import type { ReaderReport, ReaderTask } from "./worker_protocol.ts";

/** Most searches that the reader has at once; they take turns, so that a long one delays no short one. */
const RUNNING_MAX = 8;

/** Search that is too much now, and may be tried again soon. */
const BUSY = { problem: "busy", retryAfterSeconds: 1 } as const;

/** Time after which an archive that is behind may have come up with the log, s. */
const BEHIND_SECONDS = 5;

/** Parts and callbacks of the searches. */
interface SearchesOptions {
  /** The data folder. */
  readonly data: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** False if a worker cannot be started now. */
  readonly mayStart: () => boolean;
  readonly makeReader: (() => Worker) | undefined;
  /** Number of entries that the archive has folded; -1 while it cannot be read. */
  position(): number;
  /** True while there is no archive to wait for. */
  isBuilding(): boolean;
  /** The archive cannot be read. */
  onFailed(problem: string, remedy: Remedy): void;
}

interface Search {
  readonly account: string;
  readonly position: number;
  readonly query: SearchQuery;
  done(outcome: SearchOutcome): void;
}

/** The searches of one node. The reader is started by the first of them. */
export class ArchiveSearches {
  readonly #options: SearchesOptions;
  readonly #queue = new QueryQueue<Search>();
  #reader: Worker | undefined;
  /** The searches that the reader has, by number. */
  readonly #running = new Map<number, Search>();
  #lastId = 0;
  #callOffExpiry: (() => void) | undefined;

  constructor(options: SearchesOptions) {
    this.#options = options;
  }

  /**
   * Adds a search; returns false if it was refused, as too many wait.
   *
   * @param position number of entries that the archive must have folded before
   */
  add(query: SearchQuery, position: number, done: (outcome: SearchOutcome) => void): boolean {
    const search = { account: query.account, position, query, done };
    const isAdded = this.#queue.add(search, this.#options.clock.monotonicMs());
    if (isAdded) this.dispatch();
    else done(BUSY);
    return isAdded;
  }

  /** Begins the next search, if the reader is free and the archive has come far enough. */
  dispatch(): void {
    while (this.#running.size < RUNNING_MAX) {
      const search = this.#queue.next(this.#options.position());
      if (search === undefined) break;
      this.#begin(search);
    }
    this.#watchExpiry();
  }

  /** Answers all searches: there is nothing to search in for a while. */
  giveUp(retryAfterSeconds: number): void {
    const all = [...this.#takeRunning(), ...this.#queue.clear()];
    this.#watchExpiry();
    for (const { done } of all) done({ problem: "building", retryAfterSeconds });
  }

  /** The archive is let go: its reader too. */
  restart(retryAfterSeconds: number): void {
    this.#endReader();
    this.giveUp(retryAfterSeconds);
  }

  /** Ends the reader. Searches that have not ended are never answered. */
  stop(): void {
    this.#endReader();
    this.#takeRunning();
    this.#queue.clear();
    this.#callOffExpiry?.();
  }

  #begin(search: Search): void {
    const reader = this.#reader ?? this.#startReader();
    const id = ++this.#lastId;
    this.#running.set(id, search);
    if (reader === undefined) return this.#finish(id, BUSY);
    const task: ReaderTask = { id, data: this.#options.data, query: search.query };
    reader.postMessage(task);
  }

  #startReader(): Worker | undefined {
    const { logger, mayStart, makeReader, onFailed } = this.#options;
    if (!mayStart()) return undefined;
    const reader = makeReader?.() ?? archiveReader();
    this.#reader = reader;
    reader.onmessage = ({ data }: MessageEvent<ReaderReport>) => {
      if (this.#reader !== reader) return;
      if (data.type === "failed") return onFailed(data.problem, data.remedy);
      this.#finish(data.id, data.found);
      this.dispatch();
    };
    reader.onerror = (event) => {
      event.preventDefault();
      if (this.#reader !== reader) return;
      logger.error("archiveReaderDied", { error: event.message, wayOut: "the next search starts another" });
      this.#endReader();
      for (const { done } of this.#takeRunning()) done(BUSY);
      this.dispatch();
    };
    return reader;
  }

  #endReader(): void {
    this.#reader?.terminate();
    this.#reader = undefined;
  }

  #finish(id: number, outcome: SearchOutcome): void {
    const search = this.#running.get(id);
    if (search === undefined) return;
    this.#running.delete(id);
    this.#queue.finished(search);
    search.done(outcome);
  }

  /** Removes and returns the searches that the reader has. */
  #takeRunning(): readonly Search[] {
    const searches = [...this.#running.values()];
    this.#running.clear();
    for (const search of searches) this.#queue.finished(search);
    return searches;
  }

  /** Sets one timer, for the search that has waited longest. */
  #watchExpiry(): void {
    this.#callOffExpiry?.();
    this.#callOffExpiry = undefined;
    const atMs = this.#queue.nextExpiryMs;
    if (atMs === undefined) return;
    const { clock, timers } = this.#options;
    const waitMs = Math.max(0, Math.ceil(atMs - clock.monotonicMs()));
    this.#callOffExpiry = timers.after(waitMs, () => this.#expire());
  }

  #expire(): void {
    const expired = this.#queue.expired(this.#options.clock.monotonicMs());
    this.#watchExpiry();
    for (const search of expired) search.done(this.#problemOf(search));
  }

  /** Why a search has waited in vain. */
  #problemOf({ position }: Search): SearchOutcome {
    const options = this.#options;
    if (options.isBuilding()) return { problem: "building", retryAfterSeconds: BEHIND_SECONDS };
    if (options.position() < position) return { problem: "behind", retryAfterSeconds: BEHIND_SECONDS };
    return BUSY;
  }
}

function archiveReader(): Worker {
  return new Worker(new URL("./reader_worker.ts", import.meta.url), { type: "module" });
}
