/**
 * An archive that follows a log in memory, with workers that work when the test says so.
 *
 * @module
 */

import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import { ArchiveFollower } from "../../../server/follower/archive_follower.ts";
import { ArchiveKeeper } from "../../../server/follower/archive_keeper.ts";
import { LOOK_MS } from "../../../server/follower/durable_posts.ts";
import type {
  CheckReport,
  CheckTask,
  ReaderReport,
  ReaderTask,
  WriterReport,
  WriterTask,
} from "../../../server/follower/worker_protocol.ts";
import type { ArchiveOutcome } from "../../../server/ports/archive.ts";
import type { LogFields, Logger } from "../../../server/ports/outside.ts";
import { HistoryHarness } from "../log/history_harness.ts";
import { ManualTimers } from "../log/log_harness.ts";
import { FakeArchive } from "./fake_archive.ts";

/** A worker without a thread. */
export class FakeWorker<Task, Report> {
  onmessage: ((event: { data: Report }) => void) | undefined;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | undefined;
  /** Tasks that were not taken yet. */
  readonly tasks: Task[] = [];
  isTerminated = false;

  postMessage(task: Task): void {
    this.tasks.push(structuredClone(task));
  }

  terminate(): void {
    this.isTerminated = true;
  }

  /** Posts a report, as the thread would. */
  report(report: Report): void {
    this.onmessage?.({ data: structuredClone(report) });
  }

  /** Dies of an error. */
  die(message: string): void {
    this.onerror?.({ message, preventDefault: () => {} });
  }
}

/** A log, its archive and their follower. */
export class FollowerHarness {
  readonly log = new HistoryHarness({ segmentBytes: 100_000 });
  readonly archive = new FakeArchive();
  readonly timers = new ManualTimers();
  readonly writers: { worker: FakeWorker<WriterTask, WriterReport>; writer: ArchiveKeeper }[] = [];
  readonly readers: FakeWorker<ReaderTask, ReaderReport>[] = [];
  readonly checkers: FakeWorker<CheckTask, CheckReport>[] = [];
  /** Lines of the node's diagnostics. */
  readonly lines: { event: string; fields: LogFields }[] = [];
  readonly outcomes: ArchiveOutcome[] = [];
  /** Number of messages in the archive, and of entries, as told last. */
  counted: readonly number[] = [];
  mayStart = true;
  /** Callbacks of removals, and true while these do not end by themselves. */
  readonly removed: (() => void)[] = [];
  isRemovalHeld = false;
  nowMs = 0;
  readonly disk = { isFull: false };
  readonly follower: ArchiveFollower;

  /**
   * @param loaded number of entries that the archive had when memory was loaded from it
   * @param damage that was met when it was to be loaded
   */
  constructor(readonly loaded = 0, readonly damage: string | undefined = undefined) {
    this.follower = this.#newFollower();
  }

  #newFollower(): ArchiveFollower {
    const { log: { open: { log, history } }, disk } = this;
    return new ArchiveFollower({
      loaded: this.loaded,
      damage: this.damage,
      data: "data",
      limits: DEFAULT_LIMITS,
      clock: { wallMs: () => 0, monotonicMs: () => this.nowMs },
      timers: this.timers,
      logger: this.#logger(),
      mayStart: () => this.mayStart,
      log: {
        get durable() {
          return { segment: log.segment, bytes: log.bytes, position: history.end.position };
        },
        get readOnly() {
          return disk.isFull;
        },
        segmentBefore: (position) => history.segmentBefore(position),
      },
      onCounted: (...counts) => this.counted = counts,
      makeWriter: () => this.#makeWriter(),
      makeReader: () => {
        const reader = new FakeWorker<ReaderTask, ReaderReport>();
        this.readers.push(reader);
        return reader as unknown as Worker;
      },
      makeChecker: () => {
        const checker = new FakeWorker<CheckTask, CheckReport>();
        this.checkers.push(checker);
        return checker as unknown as Worker;
      },
      removeFiles: (_data, done) => {
        this.archive.remove();
        this.removed.push(done);
        if (!this.isRemovalHeld) done();
      },
    });
  }

  #makeWriter(): Worker {
    const worker = new FakeWorker<WriterTask, WriterReport>();
    const writer = new ArchiveKeeper({
      open: () => this.archive.open(),
      files: () => this.log.files,
      report: (report) => worker.report(report),
      nowMs: () => this.nowMs,
    });
    this.writers.push({ worker, writer });
    return worker as unknown as Worker;
  }

  #logger(): Logger {
    const add = (event: string, fields: LogFields = {}): void => void this.lines.push({ event, fields });
    return { debug: () => {}, info: add, warn: add, error: add };
  }

  /** Events of the lines. */
  get events(): string[] {
    return this.lines.map(({ event }) => event);
  }

  get worker(): FakeWorker<WriterTask, WriterReport> {
    const last = this.writers.at(-1);
    if (last === undefined) throw new Error("no writer was started");
    return last.worker;
  }

  get reader(): FakeWorker<ReaderTask, ReaderReport> {
    const last = this.readers.at(-1);
    if (last === undefined) throw new Error("no reader was started");
    return last;
  }

  /** Lets time pass, without a tick. */
  pass(ms: number): void {
    this.nowMs += ms;
    this.timers.advance(ms);
  }

  /** Lets the writer take its tasks, and work for so many steps at most. */
  work(steps = Infinity): void {
    const { worker, writer } = this.writers.at(-1) ?? {};
    if (worker === undefined || writer === undefined) return;
    for (let left = steps; !worker.isTerminated; left--) {
      for (const task of worker.tasks.splice(0)) writer.take(task);
      if (left <= 0 || writer.step() === undefined && worker.tasks.length === 0) return;
    }
  }

  /** A tick, a moment for the writer, and the word about what is durable. */
  settle(): void {
    this.follower.tick();
    this.work();
    this.pass(LOOK_MS);
    this.work();
  }

  /** Asks for messages of an account; the outcome is added to `outcomes`. */
  search(account = "ada"): void {
    const query = {
      type: "search",
      account,
      terms: ["x"],
      other: undefined,
      before: undefined,
      limit: 50,
    } as const;
    this.follower.ask(query, (outcome) => this.outcomes.push(outcome));
  }

  /** Looks an id up for an account. */
  lookUp(account = "ada"): void {
    this.follower.ask({ type: "ids", account, ids: ["m1"] }, (outcome) => this.outcomes.push(outcome));
  }
}
