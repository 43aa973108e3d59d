/**
 * The log of a running node that erases deleted content from its older segments
 * (`proto/log_format.md`, section 10).
 *
 * @module
 */

import { isCompactionDue } from "../core/compaction.ts";
import type { EncodedEntry } from "../core/encoded_entry.ts";
import type { Entry } from "../core/entry.ts";
import type { FileStore } from "../ports/files.ts";
import type { EntryLog } from "../ports/node.ts";
import type { Clock, Logger } from "../ports/outside.ts";
import type { LogWriter } from "./log_writer.ts";
import { compactSegment } from "./segment_compaction.ts";
import { segmentPath } from "./segments.ts";

/** Parts and callbacks of a compacting log. */
interface CompactingLogOptions {
  readonly files: FileStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly log: LogWriter;
  /** An entry without deleted content; the entry itself if there is nothing to erase. */
  erase(entry: Entry): Entry;
  /** True if a committed entry makes something in the log erasable. */
  leavesErasable(entry: Entry): boolean;
  /** Calls back once everything that `erase` may know by now is on the disk. */
  whenDurable(then: () => void): void;
}

/** A pass over all segments but the one that is being written. */
interface Pass {
  readonly startedMs: number;
  readonly lastSegment: number;
  /** Segments that were written anew, and entries that were erased in them. */
  segments: number;
  entries: number;
}

/** A log with compaction. `tick` is to be called about once a second. */
export class CompactingLog implements EntryLog {
  /** When the last pass began, or else the node; monotonic, ms. */
  #lastMs: number;
  /** The previous run may have left work unfinished. */
  #hasDeleted = true;
  /** The segment that the last pass could not reach and has asked to be sealed. */
  #unreached = Infinity;
  #pass: Pass | undefined;
  #isStopped = false;
  readonly #options: CompactingLogOptions;

  constructor(options: CompactingLogOptions) {
    this.#options = options;
    this.#lastMs = options.clock.monotonicMs();
  }

  get readOnly(): boolean {
    return this.#options.log.readOnly;
  }

  commit(entries: readonly EncodedEntry[]): void {
    this.#hasDeleted ||= entries.some(({ entry }) => this.#options.leavesErasable(entry));
    this.#options.log.commit(entries);
  }

  /** Begins a pass if one is due. */
  tick(): void {
    const { clock, log } = this.#options;
    const nowMs = clock.monotonicMs();
    const isDue = isCompactionDue({
      elapsedMs: nowMs - this.#lastMs,
      readOnly: log.readOnly,
      hasDeleted: this.#hasDeleted,
      hasSealed: log.segment > this.#unreached,
    });
    if (!isDue || this.#isStopped || this.#pass !== undefined) return;
    this.#lastMs = nowMs;
    this.#pass = { startedMs: nowMs, lastSegment: log.segment - 1, segments: 0, entries: 0 };
    this.#unreached = this.#hasDeleted ? log.segment : Infinity;
    if (this.#hasDeleted) log.sealSegment();
    this.#hasDeleted = false;
    this.#compact(this.#pass, 1);
  }

  /** Abandons a pass that is under way, and begins no other. The next start removes its unfinished file. */
  stop(): void {
    this.#isStopped = true;
  }

  #compact(pass: Pass, segment: number): void {
    if (segment > pass.lastSegment) return this.#finished(pass);
    const { files, erase, whenDurable, log } = this.#options;
    const onReplace = (): void => log.history.replacing(segment);
    const options = { files, erase, whenDurable, onReplace, whyStop: () => this.#whyStop() };
    compactSegment(options, segment, ({ erased, error, isInDoubt }) => {
      if (error !== undefined) return this.#failed(segment, error, isInDoubt === true);
      if (erased > 0) pass.segments++;
      pass.entries += erased;
      this.#compact(pass, segment + 1);
    });
  }

  #whyStop(): string | undefined {
    if (this.#isStopped) return "the node is being stopped";
    return this.#options.log.readOnly ? "the disk is full" : undefined;
  }

  #finished({ segments, entries, lastSegment, startedMs }: Pass): void {
    this.#pass = undefined;
    const { clock, logger } = this.#options;
    const durationMs = Math.round(clock.monotonicMs() - startedMs);
    logger.info("logCompacted", {
      segmentsRead: lastSegment,
      segmentsRewritten: segments,
      entries,
      durationMs,
    });
  }

  #failed(segment: number, error: Error, isInDoubt: boolean): void {
    this.#pass = undefined;
    this.#hasDeleted = true;
    if (this.#isStopped) return;
    const { logger, log } = this.#options;
    // Another sync of this folder would succeed, even if names that the writer made meanwhile are lost.
    if (isInDoubt) return log.fail(error);
    const fields = { file: segmentPath(segment), reason: error.message };
    logger.warn("logNotCompacted", { ...fields, next: "the segment is as it was; another pass in an hour" });
  }
}
