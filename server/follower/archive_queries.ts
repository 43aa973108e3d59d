/**
 * Queries to the archive: they wait for their turn, and searches for the archive to come up with the log.
 *
 * @module
 */

import type { ArchiveQuery } from "../core/messages/archived.ts";
import type { Absence, ArchiveOutcome } from "../ports/archive.ts";
import type { Clock, Logger, Timers } from "../ports/outside.ts";
import { type Job, LOOK_UP_BOUNDS, QueryLane, SEARCH_BOUNDS } from "./query_lane.ts";
import { SILENT_SECONDS_MAX, WorkerWatch } from "./worker_watch.ts";
import type { Remedy } from "./remedy.ts";
import type { ReaderReport, ReaderTask } from "./worker_protocol.ts";

/** Query that is too much now, and may be tried again soon. */
const BUSY = { problem: "busy", retryAfterSeconds: 1 } as const;

/** Time after which an archive that is behind may have come up with the log, s. */
const BEHIND_SECONDS = 5;

/** Account of the operator's queries: they have their own turns, and take none of the account that they are about. */
const OPERATOR = "operator";

/** The problem of a reader whose thread is blocked. */
const HANGING = `a query has not gone on for ${SILENT_SECONDS_MAX} s: the disk hangs, or is far too slow`;

/** Parts and callbacks of the queries. */
interface QueriesOptions {
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
  /** Why there is no archive to wait for; `undefined` while there is one. */
  absence(): Absence | undefined;
  /** The archive cannot be read. */
  onFailed(problem: string, remedy: Remedy): void;
}

interface Fence {
  readonly lastId: number;
  then(): void;
}

/** The queries of one node. The reader is started by the first of them. */
export class ArchiveQueries {
  readonly #options: QueriesOptions;
  readonly #searches = new QueryLane(SEARCH_BOUNDS);
  readonly #lookUps = new QueryLane(LOOK_UP_BOUNDS);
  /** Look-ups go first. */
  readonly #lanes = [this.#lookUps, this.#searches];
  #reader: Worker | undefined;
  readonly #watch: WorkerWatch;
  /** The queries that the reader has, by number. */
  readonly #running = new Map<number, Job>();
  #lastId = 0;
  /** Calls that wait for all queries up to a number, oldest first. */
  readonly #fences: Fence[] = [];
  #callOffExpiry: (() => void) | undefined;

  constructor(options: QueriesOptions) {
    this.#options = options;
    this.#watch = new WorkerWatch({
      timers: options.timers,
      isWorking: () => this.#running.size > 0,
      onHanging: () => options.onFailed(HANGING, "wait"),
    });
  }

  /** Number of queries that wait for their turn. */
  get waiting(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.waiting, 0);
  }

  /**
   * Adds a query; returns false if it was refused, as too many wait.
   *
   * @param position number of entries that the archive must have folded before
   */
  add(query: ArchiveQuery, position: number, done: (outcome: ArchiveOutcome) => void): boolean {
    const account = query.type === "size" ? OPERATOR : query.account;
    const job = { account, position, query, done };
    const isAdded = this.#laneOf(job).add(job, this.#options.clock.monotonicMs());
    if (isAdded) this.dispatch();
    else done(BUSY);
    return isAdded;
  }

  #laneOf({ query }: Job): QueryLane {
    return query.type === "search" || query.type === "size" ? this.#searches : this.#lookUps;
  }

  /** Begins the next queries, if the reader has room for them and the archive has come far enough. */
  dispatch(): void {
    for (const lane of this.#lanes) {
      for (let job = lane.next(this.#options.position()); job; job = lane.next(this.#options.position())) {
        this.#begin(job);
      }
    }
    this.#watchExpiry();
  }

  /** Calls back once every query that is under way now has been answered, perhaps before this returns. */
  afterRunning(then: () => void): void {
    this.#fences.push({ lastId: this.#lastId, then });
    this.#passFences();
  }

  #passFences(): void {
    const [oldest = Infinity] = this.#running.keys();
    while (this.#fences[0] !== undefined && this.#fences[0].lastId < oldest) this.#fences.shift()?.then();
  }

  /** Answers all searches: the archive lacks much of the log for a while. */
  giveUpSearches(retryAfterSeconds: number): void {
    this.#giveUp([this.#searches], retryAfterSeconds);
  }

  #giveUp(lanes: readonly QueryLane[], retryAfterSeconds: number): void {
    const all = new Set(lanes.flatMap((lane) => lane.takeAll()));
    for (const [id, job] of this.#running) if (all.has(job)) this.#running.delete(id);
    this.#watchExpiry();
    const problem = this.#options.absence() ?? "building";
    for (const { done } of all) done({ problem, retryAfterSeconds });
    this.#passFences();
  }

  /** The archive is let go: its reader too. */
  restart(retryAfterSeconds: number): void {
    this.#endReader();
    this.#giveUp(this.#lanes, retryAfterSeconds);
  }

  /** Ends the reader. Queries that have not ended are never answered. */
  stop(): void {
    this.#endReader();
    for (const lane of this.#lanes) lane.takeAll();
    this.#running.clear();
    this.#callOffExpiry?.();
  }

  #begin(job: Job): void {
    const reader = this.#reader ?? this.#startReader();
    const id = ++this.#lastId;
    this.#running.set(id, job);
    if (reader === undefined) return this.#finish(id, BUSY);
    const task: ReaderTask = { id, data: this.#options.data, query: job.query };
    reader.postMessage(task);
    this.#watch.begin();
  }

  #startReader(): Worker | undefined {
    const { logger, mayStart, makeReader, onFailed } = this.#options;
    if (!mayStart()) return undefined;
    const reader = makeReader?.() ?? archiveReader();
    this.#reader = reader;
    reader.onmessage = ({ data }: MessageEvent<ReaderReport>) => {
      if (this.#reader !== reader) return;
      this.#watch.heard();
      if (data.type === "working") return;
      if (data.type === "failed") return onFailed(data.problem, data.remedy);
      this.#finish(data.id, data.page);
      this.dispatch();
    };
    reader.onerror = (event) => {
      event.preventDefault();
      if (this.#reader !== reader) return;
      logger.error("archiveReaderDied", { error: event.message, wayOut: "the next query starts another" });
      this.#endReader();
      for (const { done } of this.#takeRunning()) done(BUSY);
      this.#passFences();
      this.dispatch();
    };
    return reader;
  }

  #endReader(): void {
    this.#watch.end();
    this.#reader?.terminate();
    this.#reader = undefined;
  }

  #finish(id: number, outcome: ArchiveOutcome): void {
    const job = this.#running.get(id);
    if (job === undefined) return;
    this.#running.delete(id);
    this.#laneOf(job).finished(job);
    job.done(outcome);
    this.#passFences();
  }

  /** Removes and returns the queries that the reader has. */
  #takeRunning(): readonly Job[] {
    this.#running.clear();
    return this.#lanes.flatMap((lane) => lane.takeRunning());
  }

  /** Sets one timer, for the query that has waited longest. */
  #watchExpiry(): void {
    this.#callOffExpiry?.();
    this.#callOffExpiry = undefined;
    const atMs = Math.min(...this.#lanes.map((lane) => lane.nextExpiryMs));
    if (atMs === Infinity) return;
    const { clock, timers } = this.#options;
    const waitMs = Math.max(0, Math.ceil(atMs - clock.monotonicMs()));
    this.#callOffExpiry = timers.after(waitMs, () => this.#expire());
  }

  #expire(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const expired = this.#lanes.flatMap((lane) => lane.expired(nowMs));
    this.#watchExpiry();
    for (const job of expired) job.done(this.#problemOf(job));
  }

  /** Why a query has waited in vain. */
  #problemOf({ position }: Job): ArchiveOutcome {
    const options = this.#options;
    const absence = options.absence();
    if (absence !== undefined) return { problem: absence, retryAfterSeconds: BEHIND_SECONDS };
    if (options.position() < position) return { problem: "behind", retryAfterSeconds: BEHIND_SECONDS };
    return BUSY;
  }
}

function archiveReader(): Worker {
  return new Worker(new URL("./reader_worker.ts", import.meta.url), { type: "module" });
}
