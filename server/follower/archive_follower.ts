/**
 * The archive of a running node: a worker keeps it behind the log, another one searches in it. Nothing acknowledged
 * depends on them, and no error in them ends the node.
 *
 * @module
 */

import { tokenExpiry } from "../core/accounts/tokens.ts";
import type { ArchiveQuery } from "../core/messages/archived.ts";
import type { Absence, ArchiveOutcome, ArchiveStatus, MessageArchive } from "../ports/archive.ts";
import { ArchiveCheck } from "./archive_check.ts";
import { removeArchive } from "./archive_folder.ts";
import { ArchiveQueries } from "./archive_queries.ts";
import { Building } from "./building.ts";
import { DurablePosts } from "./durable_posts.ts";
import { Failures } from "./failures.ts";
import type { FollowerOptions } from "./follower_options.ts";
import { type Remedy, removesFiles, wayOutOf } from "./remedy.ts";
import type { WriterReport, WriterTask } from "./worker_protocol.ts";
import { WriterWatch } from "./writer_watch.ts";

/** Time that the writer has to end its step and to close the archive when the node stops, ms. */
const STOP_MS = 500;

/** The archive of a node. `tick` is to be called about once a second; the first one starts the writer. */
export class ArchiveFollower implements MessageArchive {
  readonly #options: FollowerOptions;
  readonly #queries: ArchiveQueries;
  readonly #posts: DurablePosts;
  readonly #check: ArchiveCheck;
  #writer: Worker | undefined;
  /** True once the archive is known to be the log's. */
  #isTrusted = false;
  /** True while it may be read: it is trusted, or memory was loaded from it. */
  #isReadable: boolean;
  #position: number;
  /** Number of entries that `onReached` was called with: an archive with fewer lacks what has left memory since. */
  #toldPosition: number;
  readonly #building: Building;
  #problem: string | undefined;
  readonly #failures = new Failures();
  readonly #watch: WriterWatch;
  /** What the last pass of the log has left to do, until it is done. */
  #compaction: (WriterTask & { readonly type: "compact" }) | undefined;
  /** True while the files of the archive are being removed: no writer starts. */
  #isRemoving = false;
  #onStopped: (() => void) | undefined;
  #isStopped = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#position = this.#toldPosition = options.loaded;
    this.#isReadable = options.loaded > 0;
    const { data, log, clock, timers, logger, mayStart, makeReader, makeChecker } = options;
    this.#building = new Building(clock, logger);
    this.#posts = new DurablePosts({
      timers,
      durable: () => log.durable,
      post: (post) => this.#tell({ type: "durable", ...post }),
    });
    this.#queries = new ArchiveQueries({
      data,
      clock,
      timers,
      logger,
      mayStart,
      makeReader,
      position: () => this.#isReadable ? this.#position : -1,
      absence: () => this.#absence(),
      onFailed: (problem, remedy) => this.#failed(problem, remedy),
    });
    const onDamage = (problem: string): void => this.#failed(problem, "rebuild");
    this.#watch = new WriterWatch({
      timers,
      ask: () => this.#tell({ type: "ask" }),
      onHanging: (problem) => this.#failed(problem, "wait"),
    });
    const isLoaded = options.loaded > 0;
    this.#check = new ArchiveCheck({ data, isLoaded, clock, logger, mayStart, makeChecker, onDamage });
    if (options.damage !== undefined) this.#failed(options.damage, "rebuild");
  }

  ask(query: ArchiveQuery, done: (outcome: ArchiveOutcome) => void): void {
    if (this.#isStopped || !this.#answers(query)) {
      return done({ problem: this.#absence() ?? "building", retryAfterSeconds: this.#retryAfterSeconds() });
    }
    this.tick();
    if (query.type !== "search") return void this.#queries.add(query, this.#toldPosition, done);
    // One that is refused must not hurry the archive in a burst.
    if (this.#queries.add(query, this.#options.log.durable.position, done)) this.#posts.await();
  }

  /** While much of the log is missing in it, it still has what has left memory, unless it is made anew. */
  #answers({ type }: ArchiveQuery): boolean {
    if (this.#absence() === undefined) return true;
    return type !== "search" && this.#isReadable && this.#position >= this.#toldPosition;
  }

  status(): ArchiveStatus {
    const lag = Math.max(0, this.#options.log.durable.position - this.#position);
    const isBuilding = this.#building.isGoingOn;
    const status = { position: this.#position, lag, isBuilding, problem: this.#problem };
    return this.#check.memoryMayLack ? { ...status, memoryMayLack: true } : status;
  }

  /** Number of queries that wait. */
  get waiting(): number {
    return this.#queries.waiting;
  }

  #absence(): Absence | undefined {
    if (this.#building.isGoingOn) return "building";
    const { last } = this.#failures;
    if (this.#problem === undefined || last === undefined) return undefined;
    return removesFiles(last) ? "building" : "unusable";
  }

  /** More of the log is durable. Costs a timer at most. */
  advanced(): void {
    this.#posts.advanced();
  }

  /** The log is about to replace a segment: the writer must not take it for the last one, of which it knows the length. */
  replacing(): void {
    this.#posts.renew();
  }

  /** The log has replaced a segment by one without deleted content. */
  replaced(segment: number): void {
    this.#tell({ type: "replaced", segment, durable: this.#options.log.durable });
  }

  /**
   * Deleted content has left the log, and is to leave the archive.
   *
   * @param erased number of entries of whose deletions nothing is left in the log
   */
  compact(erased: number): void {
    const { clock, limits } = this.#options;
    const wallMs = clock.wallMs();
    this.#compaction = { type: "compact", wallMs, erased, tokenExpiry: tokenExpiry(wallMs, limits) };
    if (!this.#isTrusted) return;
    this.#posts.await();
    this.#tell(this.#compaction);
  }

  /** The disk has become full, or has room again. */
  setReadOnly(readOnly: boolean): void {
    // The log comes first: what an unfinished archive takes may be what the log lacks.
    if (readOnly && this.#building.isGoingOn) this.#failed("the disk is full", "full");
    else this.#tell({ type: "pause", isPaused: readOnly });
  }

  /** Starts the writer, if it does not run and the time for another attempt has come. */
  tick(): void {
    const { clock, log, mayStart } = this.#options;
    if (this.#isTrusted && !this.#building.isGoingOn && !this.#isStopped) this.#check.tick();
    if (this.#writer !== undefined && this.#isBusy()) this.#watch.tick();
    if (this.#isStopped || this.#isRemoving || this.#writer !== undefined || log.readOnly) return;
    if (this.#failures.mayRetry(clock.monotonicMs()) && mayStart()) this.#start();
  }

  /** Lets the writer close the archive, and ends both workers. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#posts.end();
    this.#check.end();
    this.#queries.stop();
    if (this.#writer === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onStopped = resolve;
    const callOff = this.#options.timers.after(STOP_MS, resolve);
    this.#tell({ type: "stop" });
    await promise;
    callOff();
    this.#endWriter();
  }

  /** True while the writer is to do something. */
  #isBusy(): boolean {
    return !this.#isTrusted || this.#compaction !== undefined || this.status().lag > 0;
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
    this.#tell({ type: "open", data: this.#options.data });
  }

  #take(report: WriterReport): void {
    this.#watch.heard(report.type === "alive");
    switch (report.type) {
      case "alive":
        return;
      case "opened":
        return this.#opened(report.position);
      case "reached":
        this.#reached(report.position);
        return this.#options.onCounted?.(report.messages, report.position);
      case "compacted":
        this.#compaction = undefined;
        this.#options.onCounted?.(report.messages, this.#position);
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
    this.#posts.begin(durable.position);
    if (this.#building.begin(position, durable.position)) {
      this.#queries.giveUpSearches(this.#retryAfterSeconds());
    }
    this.#tell({ type: "follow", from: log.segmentBefore(position), durable });
  }

  #reached(position: number): void {
    this.#position = position;
    if (!this.#isTrusted) this.#trust();
    this.#building.reached(position);
    this.#queries.dispatch();
    if (!this.#building.isGoingOn) this.#queries.afterRunning(() => this.#tellReached(position));
  }

  #tellReached(position: number): void {
    if (position <= this.#toldPosition) return;
    this.#toldPosition = position;
    this.#options.onReached?.(position);
  }

  #trust(): void {
    this.#isTrusted = this.#isReadable = true;
    if (this.#problem !== undefined) {
      this.#options.logger.info("archiveFollows", { entries: this.#position });
      this.#problem = undefined;
    }
    // A pass of the log may have ended while there was no writer, or one that has died since.
    if (this.#compaction !== undefined) this.#tell(this.#compaction);
  }

  #tell(task: WriterTask): void {
    this.#writer?.postMessage(task);
  }

  /** The archive is let go; `tick` takes the way out when it is due. */
  #failed(problem: string, remedy: Remedy): void {
    if (this.#isStopped) return this.#onStopped?.();
    const { clock, logger } = this.#options;
    const failure = this.#failures.add(remedy, this.#building.isGoingOn, clock.monotonicMs());
    if (this.#problem !== problem) logger.warn("archiveFailed", { problem, wayOut: wayOutOf(failure) });
    this.#problem = problem;
    this.#building.end();
    this.#isTrusted = this.#isReadable = false;
    this.#endWriter();
    if (removesFiles(failure)) this.#removeFiles();
    this.#queries.restart(this.#retryAfterSeconds());
  }

  #endWriter(): void {
    this.#posts.end();
    this.#check.end();
    this.#watch.end();
    this.#writer?.terminate();
    this.#writer = undefined;
  }

  /** At once, and not before the next start: the log may need the room now. */
  #removeFiles(): void {
    this.#position = 0;
    this.#isRemoving = true;
    const remove = this.#options.removeFiles ?? removeArchive;
    remove(this.#options.data, () => {
      this.#isRemoving = false;
    });
  }

  #retryAfterSeconds(): number {
    return this.#failures.retryAfterSeconds(this.#options.clock.monotonicMs());
  }
}

function archiveWriter(): Worker {
  return new Worker(new URL("./writer_worker.ts", import.meta.url), { type: "module" });
}
