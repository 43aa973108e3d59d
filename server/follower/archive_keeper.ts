/**
 * Keeps the archive behind the log: the work of the writer's thread, in steps.
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import { ArchiveUnusable } from "../archive/archive_unusable.ts";
import { type DurableEnd, LogFollower, type SegmentPlace } from "../log/log_follower.ts";
import type { FileStore } from "../ports/files.ts";
import type { Pace } from "./durable_posts.ts";
import { LongTransaction } from "./long_transaction.ts";
import { nextEntries, SHORT_PART } from "./next_entries.ts";
import { beginningOf } from "./reading_beginning.ts";
import { remedyOf } from "./remedy.ts";
import { isSameVersion } from "../core/same_version.ts";
import type { WriterReport, WriterTask } from "./worker_protocol.ts";
import type { WrittenArchive } from "./written_archive.ts";

/** Pause after a transaction for each millisecond of it, ms, while people write. */
const REST = 4;

/** Most entries that wait in a burst. They are 2 % of a large log, and as many are folded in about a minute. */
export const PUT_OFF_MAX = 2_000_000;

/** Pause after a slice of compaction, ms: it is in no hurry, and may have to wait for a reader. */
const COMPACTION_PAUSE_MS = 5;

/** The outside of a keeper. */
interface KeeperHost {
  /** Opens the archive of a data folder, or makes it. */
  open(data: string): WrittenArchive;
  /** The files of a data folder. */
  files(data: string): Pick<FileStore, "reader">;
  report(report: WriterReport): void;
  /** Monotonic time, ms. */
  nowMs(): number;
}

/** An archive that is open. */
interface Opened {
  readonly archive: WrittenArchive;
  readonly files: Pick<FileStore, "reader">;
}

/** The log as far as it is followed. */
interface Followed {
  readonly log: LogFollower;
  /** The segment that was read first. */
  readonly beginning: SegmentPlace;
  durable: DurableEnd;
  /** Number of entries that the archive has and the follower has not passed yet. */
  known: number;
}

/** Keeps one archive. Tasks come between steps. */
export class ArchiveKeeper {
  #opened: Opened | undefined;
  #followed: Followed | undefined;
  readonly #transaction = new LongTransaction();
  #isPaused = false;
  #pace: Pace = "all";
  /** End of the pause after the last transaction; monotonic, ms. */
  #restsUntilMs = 0;
  /** Number of entries that somebody waits for. */
  #awaited = 0;
  /** The pass of the log that deleted content is to follow; `undefined` if there is none. */
  #compaction: (WriterTask & { readonly type: "compact" }) | undefined;
  readonly #host: KeeperHost;

  constructor(host: KeeperHost) {
    this.#host = host;
  }

  /** Takes a task; `step` is to be called after it. */
  take(task: WriterTask): void {
    this.#attempt(() => this.#take(task));
  }

  /** Does a part of what is to do; returns the pause until the next step, ms, or `undefined` if nothing is left. */
  step(): number | undefined {
    return this.#attempt(() => this.#step());
  }

  #take(task: WriterTask): void {
    switch (task.type) {
      case "open":
        return this.#open(task.data);
      case "follow":
        return this.#follow(task);
      case "durable":
        this.#pace = task.pace;
        if (task.isAwaited) this.#awaited = task.durable.position;
        return this.#lengthen(task.durable);
      case "replaced":
        this.#lengthen(task.durable);
        return this.#followed?.log.replaced(task.segment);
      case "pause":
        this.#isPaused = task.isPaused;
        return task.isPaused ? this.#rollBack() : undefined;
      case "compact":
        this.#compaction = task;
        return;
      case "ask":
        return this.#host.report({ type: "alive" });
      case "stop":
        this.#close();
        return this.#host.report({ type: "stopped" });
    }
  }

  #open(data: string): void {
    const archive = this.#host.open(data);
    this.#opened = { archive, files: this.#host.files(data) };
    this.#host.report({ type: "opened", position: archive.place.position });
  }

  #follow({ from, durable }: WriterTask & { readonly type: "follow" }): void {
    if (this.#opened === undefined) return;
    this.#read(this.#opened, beginningOf(this.#opened.archive, from), durable);
  }

  #read({ archive, files }: Opened, beginning: SegmentPlace, durable: DurableEnd): void {
    const known = archive.place.position - beginning.position;
    assert(known >= 0, "the segment begins before the place of the archive");
    this.#followed = { log: new LogFollower(files, beginning), beginning, durable, known };
    if (known === 0) this.#compare(archive, this.#followed.log);
  }

  /** Undoes the open transaction, and reads the log from the place of the archive again. */
  #rollBack(): void {
    if (this.#opened === undefined || this.#followed === undefined || !this.#transaction.isOpen) return;
    const { archive } = this.#opened;
    const { log, beginning, durable } = this.#followed;
    this.#transaction.end();
    log.close();
    archive.rollBack();
    this.#read(this.#opened, archive.beginningBefore(Number.MAX_SAFE_INTEGER) ?? beginning, durable);
  }

  #lengthen(durable: DurableEnd): void {
    if (this.#followed !== undefined) this.#followed.durable = durable;
  }

  #step(): number | undefined {
    if (this.#opened === undefined || this.#followed === undefined || this.#isPaused) return undefined;
    const { archive } = this.#opened;
    if (this.#followed.known > 0) return this.#passKnown(archive, this.#followed);
    if (this.#transaction.isFull) {
      this.#endTransaction();
      return 0;
    }
    const pauseMs = this.#mayLag(this.#followed) ? this.#pauseMs() : 0;
    if (pauseMs === 0 && this.#fold(archive, this.#followed)) return 0;
    this.#endTransaction();
    if (pauseMs > 0 && pauseMs < Infinity) return Math.max(pauseMs, this.#pauseMs());
    return this.#compaction === undefined ? undefined : this.#compact(archive, this.#compaction);
  }

  /** Folds the next entries; returns false if there are none. */
  #fold(archive: WrittenArchive, followed: Followed): boolean {
    const startedMs = this.#host.nowMs();
    const entries = nextEntries(followed.log, followed.durable);
    if (entries.length === 0) return false;
    const { position } = followed.log.place;
    const atOnce = this.#mayRest(followed) ? 0 : followed.durable.position - position;
    const goesOn = this.#transaction.goesOn(entries, atOnce, startedMs);
    archive.fold(entries, position, followed.log.takeBeginnings(), goesOn);
    this.#restFor(startedMs);
    if (!goesOn) this.#host.report({ type: "reached", position, messages: archive.messages });
    return true;
  }

  /** Commits the open transaction. */
  #endTransaction(): void {
    if (this.#opened === undefined || this.#followed === undefined || !this.#transaction.isOpen) return;
    const { archive } = this.#opened;
    const { position } = this.#followed.log.place;
    const startedMs = this.#host.nowMs();
    archive.fold([], position, [], false);
    this.#transaction.committed(this.#host.nowMs() - startedMs);
    this.#restFor(startedMs);
    this.#host.report({ type: "reached", position, messages: archive.messages });
  }

  /** Work that began at `startedMs` has ended. */
  #restFor(startedMs: number): void {
    const endedMs = this.#host.nowMs();
    this.#restsUntilMs = Math.max(this.#restsUntilMs, endedMs + REST * (endedMs - startedMs));
  }

  /** True if it rests after each transaction: people write, and nobody waits. */
  #mayRest(followed: Followed): boolean {
    return this.#pace !== "all" && this.#mayLag(followed);
  }

  /** True if nobody waits for what is next, and the archive is not too far behind. */
  #mayLag({ log, durable }: Followed): boolean {
    const { position } = log.place;
    return position >= this.#awaited && durable.position - position < PUT_OFF_MAX;
  }

  /** Pause before the next transaction, ms, for the node to have the processors; infinite in a burst. */
  #pauseMs(): number {
    if (this.#pace === "none") return Infinity;
    return this.#pace === "all" ? 0 : Math.max(0, this.#restsUntilMs - this.#host.nowMs());
  }

  /** Reads the entries that the archive has, and compares where both are then. */
  #passKnown(archive: WrittenArchive, followed: Followed): number {
    const { log, durable, known } = followed;
    const passed = log.next(durable, Math.min(known, SHORT_PART.entries)).length;
    if (passed === 0) throw new ArchiveUnusable("it has entries that the log has not");
    followed.known -= passed;
    if (followed.known === 0) this.#compare(archive, log);
    return 0;
  }

  /** @throws {Error} if the archive is not the one of this log */
  #compare({ place, messages }: WrittenArchive, log: LogFollower): void {
    if (!isSameVersion(place.version, log.place.version)) {
      throw new ArchiveUnusable("it was folded from other entries than the log has now");
    }
    this.#host.report({ type: "reached", position: place.position, messages });
  }

  #compact(
    archive: WrittenArchive,
    { wallMs, erased, tokenExpiry }: WriterTask & { readonly type: "compact" },
  ): number | undefined {
    if (archive.compact(wallMs, erased, tokenExpiry)) return COMPACTION_PAUSE_MS;
    this.#compaction = undefined;
    this.#host.report({ type: "compacted", messages: archive.messages });
    return undefined;
  }

  /** An error ends the work: the archive is closed, and the node decides on. */
  #attempt<Result>(work: () => Result): Result | undefined {
    try {
      return work();
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.#abandon();
      this.#host.report({ type: "failed", problem: error.message, remedy: remedyOf(error) });
      return undefined;
    }
  }

  #abandon(): void {
    try {
      this.#close();
    } catch {
      // The first error is the one that is told.
    }
  }

  /** Closes the archive, which undoes the open transaction: a commit may take seconds. */
  #close(): void {
    this.#transaction.end();
    this.#followed?.log.close();
    this.#followed = undefined;
    const opened = this.#opened;
    this.#opened = undefined;
    opened?.archive.close();
  }
}
