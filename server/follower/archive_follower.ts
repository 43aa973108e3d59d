/**
 * The archive of a running node: a worker keeps it behind the log, another one searches in it. Nothing acknowledged
 * depends on them, and no error in them ends the node.
 *
 * @module
 */

import type { DurableEnd, SegmentPlace } from "../log/log_follower.ts";
import type { ArchiveStatus, MessageArchive, SearchOutcome, SearchQuery } from "../ports/archive.ts";
import type { Clock, Logger, Timers } from "../ports/outside.ts";
import { ArchiveSearches } from "./archive_searches.ts";
import { CALM_MS, type Failure, type Remedy, removesFiles, retryMs } from "./remedy.ts";
import type { WriterReport, WriterTask } from "./worker_protocol.ts";

/** Time between two words to the writer about what is durable, ms. */
const POST_MS = 50;

/** Entries behind the log from which the archive counts as being built: about a second of work. */
const BUILDING_ENTRIES = 20_000;

/** Entries behind the log from which it does not any more: while people write, it may never have all. */
const BUILT_ENTRIES = 1_000;

/** Time that the writer has to end its transaction when the node stops, ms. */
const STOP_MS = 500;

/** The log that is followed. */
interface FollowedLog {
  /** The end of its durable part. */
  readonly durable: DurableEnd;
  /** True while the disk is full: the archive writes nothing then. */
  readonly readOnly: boolean;
  /** The beginning of the segment before a position. */
  segmentBefore(position: number): SegmentPlace;
}

/** Parts of a follower. */
interface FollowerOptions {
  /** The data folder. */
  readonly data: string;
  readonly log: FollowedLog;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** False if a worker cannot be started now: without a descriptor, the runtime would end the process. */
  readonly mayStart: () => boolean;
  /** Make the workers; the real ones unless given. */
  readonly makeWriter?: () => Worker;
  readonly makeReader?: () => Worker;
}

/** The archive of a node. `tick` is to be called about once a second; the first one starts the writer. */
export class ArchiveFollower implements MessageArchive {
  readonly #options: FollowerOptions;
  readonly #searches: ArchiveSearches;
  #writer: Worker | undefined;
  /** True once the archive is known to be the log's. */
  #isTrusted = false;
  #position = 0;
  /** Number of durable entries that the writer has heard of. */
  #told = 0;
  #isBuilding = false;
  #problem: string | undefined;
  /** The last failure, and when it was and the next attempt is due; monotonic, ms. */
  #failure: Failure | undefined;
  #failedMs = 0;
  #retryAtMs = 0;
  #buildingSinceMs = 0;
  /** Wall clock at the last pass of the log, until the archive has followed it; `undefined` then. */
  #compactionMs: number | undefined;
  #callOffPost: (() => void) | undefined;
  #onStopped: (() => void) | undefined;
  #isStopped = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    const { data, clock, timers, logger, mayStart, makeReader } = options;
    this.#searches = new ArchiveSearches({
      data,
      clock,
      timers,
      logger,
      mayStart,
      makeReader,
      position: () => this.#isTrusted ? this.#position : -1,
      whyNot: () => this.#isBuilding || this.#problem !== undefined ? "building" : "busy",
      onFailed: (problem, remedy) => this.#failed(problem, remedy),
    });
  }

  search(query: SearchQuery, done: (outcome: SearchOutcome) => void): void {
    if (this.#isStopped || this.#isBuilding || this.#problem !== undefined) {
      return done({ problem: "building", retryAfterSeconds: this.#retryAfterSeconds() });
    }
    this.tick();
    this.#searches.add(query, this.#options.log.durable.position, done);
    this.#post();
  }

  status(): ArchiveStatus {
    const lag = Math.max(0, this.#options.log.durable.position - this.#position);
    return { position: this.#position, lag, isBuilding: this.#isBuilding, problem: this.#problem };
  }

  /** More of the log is durable. Costs a timer at most: the writer hears of it within `POST_MS`. */
  advanced(): void {
    if (!this.#isTrusted || this.#callOffPost !== undefined) return;
    this.#callOffPost = this.#options.timers.after(POST_MS, () => this.#post());
  }

  /** The log has replaced a segment by one without deleted content. */
  replaced(segment: number): void {
    this.#tell({ type: "replaced", segment, durable: this.#options.log.durable });
  }

  /** Deleted content has left the log, and is to leave the archive. */
  compact(): void {
    this.#compactionMs = this.#options.clock.wallMs();
    if (!this.#isTrusted) return;
    this.#post();
    this.#tell({ type: "compact", wallMs: this.#compactionMs });
  }

  /** The disk has become full, or has room again. */
  setReadOnly(readOnly: boolean): void {
    // The log comes first: what an unfinished archive takes may be what the log lacks.
    if (readOnly && this.#isBuilding) this.#failed("the disk is full", "full");
    else this.#tell({ type: "pause", isPaused: readOnly });
  }

  /** Starts the writer, if it does not run and the time for another attempt has come. */
  tick(): void {
    const { clock, log, mayStart } = this.#options;
    if (this.#isStopped || this.#writer !== undefined || log.readOnly) return;
    if (clock.monotonicMs() >= this.#retryAtMs && mayStart()) this.#start();
  }

  /** Lets the writer end its transaction, and ends both workers. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#callOffPost?.();
    this.#searches.stop();
    if (this.#writer === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onStopped = resolve;
    const callOff = this.#options.timers.after(STOP_MS, resolve);
    this.#tell({ type: "stop" });
    await promise;
    callOff();
    this.#endWriter();
  }

  #start(): void {
    const writer = this.#options.makeWriter?.() ?? archiveWriter();
    this.#writer = writer;
    writer.onmessage = ({ data }: MessageEvent<WriterReport>) => {
      if (this.#writer === writer) this.#take(data);
    };
    writer.onerror = (event) => {
      event.preventDefault();
      if (this.#writer === writer) this.#failed(`its thread has ended: ${event.message}`, "wait");
    };
    const isNew = this.#failure !== undefined && removesFiles(this.#failure);
    this.#tell({ type: "open", data: this.#options.data, isNew });
  }

  #take(report: WriterReport): void {
    switch (report.type) {
      case "opened":
        return this.#opened(report.position);
      case "reached":
        return this.#reached(report.position);
      case "compacted":
        this.#compactionMs = undefined;
        return this.#options.logger.debug("archiveCompacted");
      case "failed":
        return this.#failed(report.problem, report.remedy);
      case "stopped":
        return this.#onStopped?.();
    }
  }

  #opened(position: number): void {
    const { log } = this.#options;
    const { durable } = log;
    if (position > durable.position) {
      return this.#failed(`it has ${position} entries, and the log has ${durable.position}`, "rebuild");
    }
    this.#position = position;
    this.#told = durable.position;
    this.#lookAtLag();
    this.#tell({ type: "follow", from: log.segmentBefore(position), durable });
  }

  #reached(position: number): void {
    this.#position = position;
    if (!this.#isTrusted) this.#trust();
    this.#lookAtLag();
    this.#searches.dispatch();
    // More may have become durable since the writer heard of it last.
    if (this.status().lag > 0) this.advanced();
  }

  #trust(): void {
    this.#isTrusted = true;
    if (this.#problem !== undefined) {
      this.#options.logger.info("archiveFollows", { entries: this.#position });
      this.#problem = undefined;
    }
    // A pass of the log may have ended while there was no writer, or one that has died since.
    if (this.#compactionMs !== undefined) this.#tell({ type: "compact", wallMs: this.#compactionMs });
  }

  /** An archive far behind the log is being built until it has come up with it. */
  #lookAtLag(): void {
    const { clock, logger } = this.#options;
    const { position, lag } = this.status();
    if (!this.#isBuilding && lag > BUILDING_ENTRIES) {
      this.#isBuilding = true;
      this.#buildingSinceMs = clock.monotonicMs();
      logger.info("archiveBuilding", { entries: position, lag, next: "searches wait until it has them all" });
      this.#searches.giveUp(this.#retryAfterSeconds());
    } else if (this.#isBuilding && lag < BUILT_ENTRIES) {
      this.#isBuilding = false;
      const durationMs = Math.round(clock.monotonicMs() - this.#buildingSinceMs);
      logger.info("archiveBuilt", { entries: position, durationMs });
    }
  }

  #post(): void {
    this.#callOffPost?.();
    this.#callOffPost = undefined;
    const { durable } = this.#options.log;
    if (!this.#isTrusted || durable.position === this.#told) return;
    this.#told = durable.position;
    this.#tell({ type: "durable", durable });
    this.#lookAtLag();
  }

  #tell(task: WriterTask): void {
    this.#writer?.postMessage(task);
  }

  /** The archive is let go; `tick` takes the way out when it is due. */
  #failed(problem: string, remedy: Remedy): void {
    if (this.#isStopped) return this.#onStopped?.();
    const { clock, logger } = this.#options;
    const nowMs = clock.monotonicMs();
    const before = nowMs - this.#failedMs < CALM_MS ? this.#failure?.count ?? 0 : 0;
    const failure = { remedy, count: before + 1, wasBuilding: this.#isBuilding };
    this.#failure = failure;
    this.#failedMs = nowMs;
    this.#retryAtMs = nowMs + retryMs(failure);
    if (this.#problem !== problem) logger.warn("archiveFailed", { problem, wayOut: wayOutOf(failure) });
    this.#problem = problem;
    this.#isBuilding = false;
    this.#isTrusted = false;
    this.#endWriter();
    this.#searches.restart(this.#retryAfterSeconds());
  }

  #endWriter(): void {
    this.#writer?.terminate();
    this.#writer = undefined;
  }

  #retryAfterSeconds(): number {
    const leftMs = this.#retryAtMs - this.#options.clock.monotonicMs();
    return Math.min(60, Math.max(5, Math.ceil(leftMs / 1_000)));
  }
}

/** The way out of a failure, for people. */
function wayOutOf(failure: Failure): string {
  const wait = "no message is lost, and searches wait; ";
  if (failure.remedy === "full") {
    return `${wait}free space, or look at the disk: it tries again by itself`;
  }
  if (removesFiles(failure)) return `${wait}it is built anew from the log`;
  return `${wait}it tries again by itself; its folder, archive, may be removed`;
}

function archiveWriter(): Worker {
  return new Worker(new URL("./writer_worker.ts", import.meta.url), { type: "module" });
}
