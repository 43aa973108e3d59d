/**
 * The log of a running node that erases deleted content from its segments
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
import { compactSegment, findErasable } from "./segment_compaction.ts";
import { segmentPath } from "./segments.ts";

/** Approximate time of a pass for each segment that is written anew, s: it is read twice and written once. */
const UPGRADE_SEGMENT_SECONDS = 5;

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
  /** A sealed segment is about to be replaced. */
  onReplacing?(): void;
  /** A sealed segment was replaced by one with the same entries, without deleted content. */
  onReplaced?(segment: number): void;
  /**
   * A pass is over, and deleted content has left the log, but for segments that could not be compacted.
   *
   * @param position number of entries of whose deletions nothing is left; 0 if there is such a segment
   */
  onCompacted?(position: number): void;
  /** An upgrade of the program, which the first pass completes: it erases what earlier versions kept. */
  readonly upgrade?: Upgrade | undefined;
}

/** Versions of the program before and now. */
interface Upgrade {
  readonly from: string;
  readonly to: string;
}

/**
 * The upgrade of a log to this version of the program; `undefined` if there is none.
 *
 * @param writtenBy version that wrote the log before; `undefined` for a new log
 */
export function upgradeOf(writtenBy: string | undefined, version: string): Upgrade | undefined {
  return writtenBy === undefined || writtenBy === version ? undefined : { from: writtenBy, to: version };
}

/** A pass over all segments. */
interface Pass {
  readonly startedMs: number;
  /** Number of entries of the log when it began. */
  readonly position: number;
  /** Segments that were read, those that were written anew, and entries that were erased in them. */
  segmentsRead: number;
  segmentsRewritten: number;
  entries: number;
}

/** A log with compaction. `tick` is to be called about once a second. */
export class CompactingLog implements EntryLog {
  /** When the last pass began, or else the node; monotonic, ms. */
  #lastMs: number;
  /** The previous run may have left work unfinished. */
  #hasDeleted = true;
  #pass: Pass | undefined;
  #isStopped = false;
  readonly #options: CompactingLogOptions;

  /** The upgrade that the first pass ends. */
  #upgrade: Upgrade | undefined;

  constructor(options: CompactingLogOptions) {
    this.#options = options;
    this.#lastMs = options.clock.monotonicMs();
    this.#upgrade = options.upgrade;
    if (this.#upgrade) this.#announce(this.#upgrade);
  }

  #announce({ from, to }: Upgrade): void {
    const { logger, log } = this.#options;
    const next =
      "the node serves as ever; in an hour it reads the whole log once in the background, which takes " +
      `about ${UPGRADE_SEGMENT_SECONDS} s a segment, and erases what version ${to} no longer keeps`;
    logger.info("logOfOtherVersion", { writtenBy: from, segments: log.segment, next });
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
    });
    if (!isDue || this.#isStopped || this.#pass !== undefined) return;
    this.#lastMs = nowMs;
    this.#hasDeleted = false;
    const { position } = log.history.end;
    this.#pass = { startedMs: nowMs, position, segmentsRead: 0, segmentsRewritten: 0, entries: 0 };
    this.#compact(this.#pass, 1);
  }

  /** Abandons a pass that is under way, and begins no other. The next start removes its unfinished file. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Compacts the segments from this one on. */
  #compact(pass: Pass, segment: number): void {
    if (segment === this.#options.log.segment) this.#compactLast(pass, segment);
    else this.#compactSealed(pass, segment, () => this.#compact(pass, segment + 1));
  }

  /** Seals the segment that is being written, if it holds anything to erase, and compacts it. */
  #compactLast(pass: Pass, segment: number): void {
    const { log } = this.#options;
    if (log.bytes === 0) return this.#finished(pass);
    findErasable(this.#compactionOf(segment), segment, log.bytes, ({ isFound, error }) => {
      if (error !== undefined) return this.#failed(segment, error, false);
      if (isFound) {
        return log.sealSegment(() => this.#compactSealed(pass, segment, () => this.#finished(pass)));
      }
      pass.segmentsRead++;
      this.#finished(pass);
    });
  }

  #compactSealed(pass: Pass, segment: number, then: () => void): void {
    compactSegment(this.#compactionOf(segment), segment, ({ erased, error, isInDoubt }) => {
      if (error !== undefined) return this.#failed(segment, error, isInDoubt === true);
      pass.segmentsRead++;
      if (erased > 0) {
        pass.segmentsRewritten++;
        this.#options.onReplaced?.(segment);
      }
      pass.entries += erased;
      then();
    });
  }

  #compactionOf(segment: number): Parameters<typeof compactSegment>[0] {
    const { files, erase, whenDurable, log, onReplacing } = this.#options;
    const onReplace = (): void => {
      log.history.replacing(segment);
      onReplacing?.();
    };
    return { files, erase, whenDurable, onReplace, whyStop: () => this.#whyStop() };
  }

  #whyStop(): string | undefined {
    if (this.#isStopped) return "the node is being stopped";
    return this.#options.log.readOnly ? "the disk is full" : undefined;
  }

  #finished({ startedMs, position, ...counts }: Pass): void {
    this.#pass = undefined;
    const { clock, logger } = this.#options;
    const durationMs = Math.round(clock.monotonicMs() - startedMs);
    const fields = { ...counts, durationMs };
    logger.info("logCompacted", this.#upgrade ? { ...fields, upgradedFrom: this.#upgrade.from } : fields);
    this.#upgrade = undefined;
    this.#options.onCompacted?.(position);
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
    // What the archive has of it goes all the same.
    this.#options.onCompacted?.(0);
  }
}
