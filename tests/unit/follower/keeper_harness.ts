/**
 * A log, an archive in memory, and the writer between them.
 *
 * @module
 */

import { ArchiveKeeper } from "../../../server/follower/archive_keeper.ts";
import type { Pace } from "../../../server/follower/durable_posts.ts";
import type { WriterReport, WriterTask } from "../../../server/follower/worker_protocol.ts";
import type { DurableEnd } from "../../../server/log/log_follower.ts";
import { HistoryHarness } from "../log/history_harness.ts";
import { FakeArchive } from "./fake_archive.ts";

/** Twice the time that a look at the clock takes, ms. */
const STEP_MS = 2;

/** The parts of an archive that is written. */
export class WriterHarness {
  readonly log = new HistoryHarness({ segmentBytes: 3_000 });
  readonly archive = new FakeArchive();
  readonly reports: WriterReport[] = [];
  nowMs = 0;
  writer = this.#newWriter();

  #newWriter(): ArchiveKeeper {
    return new ArchiveKeeper({
      open: () => this.archive.open(),
      files: () => this.log.files,
      report: (report) => this.reports.push(report),
      nowMs: () => this.nowMs += STEP_MS / 2,
    });
  }

  /** The durable end of the log. */
  get durable(): DurableEnd {
    const { log, history } = this.log.open;
    return { segment: log.segment, bytes: log.bytes, position: history.end.position };
  }

  /** Hands tasks to the worker. */
  take(...tasks: readonly WriterTask[]): void {
    for (const task of tasks) this.writer.take(task);
  }

  /** Opens the archive and follows the log, in a new worker. */
  start(): void {
    this.writer = this.#newWriter();
    this.take({ type: "open", data: "" });
    const from = this.log.open.history.segmentBefore(this.archive.position);
    this.take({ type: "follow", from, durable: this.durable });
  }

  /** Works until there is nothing left to do. */
  work(): void {
    while (this.writer.step() !== undefined);
  }

  /** Tells the worker what is durable. */
  post(pace: Pace = "all", isAwaited = false): void {
    this.take({ type: "durable", durable: this.durable, pace, isAwaited });
  }

  /** The last report. */
  last(): WriterReport | undefined {
    return this.reports.at(-1);
  }
}
