/**
 * Appends batches to a log that was recovered: each is one write and one sync, and the next is not written
 * before that sync has returned (`proto/log_format.md`, sections 4, 5 and 9).
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import type { EncodedEntry } from "../core/encoded_entry.ts";
import { isOutOfDescriptors } from "../ports/descriptors.ts";
import type { FileStore } from "../ports/files.ts";
import type { EntryLog } from "../ports/node.ts";
import type { Clock, Logger, Timers } from "../ports/outside.ts";
import { BatchEncoder } from "./batch_encoder.ts";
import { writeClean } from "./clean_file.ts";
import type { LogHistory } from "./entry_history.ts";
import { cutBack } from "./cut_back.ts";
import { errorOf, isDiskFull, isFileFull } from "./log_errors.ts";
import { encodeMark } from "./log_record.ts";
import { segmentOpened } from "./recover_log.ts";
import { Reserve } from "./reserve.ts";
import { LOG_FOLDER, type LogEnd, nextSegment, segmentPath } from "./segments.ts";

/** Time after the last batch until a mark says that nothing followed, ms. */
const IDLE_MS = 1_000;

/** Time until another attempt to open a file for which there was no descriptor, ms. */
const REOPEN_MS = 100;

/** Parts and callbacks of a writer. */
export interface WriterOptions {
  readonly files: FileStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Name of this node. */
  readonly node: string;
  /** Length at which a segment is full, bytes; it may be longer by one batch. */
  readonly segmentBytes: number;
  /** Length of the reserve for a full disk, bytes; with 0 there is none, and a full disk is a fault. */
  readonly reserveBytes: number;
  /** The committed entries are on the disk. */
  onSynced(): void;
  /** The disk has become full, or has room again. */
  onReadOnly(readOnly: boolean): void;
  /** The log can no longer be trusted: the process must end. Called once; nothing is written any more. */
  onFault(error: Error): void;
}

/** The batch that is being written. */
interface Batch {
  readonly kind: "entries" | "idle" | "stopped";
  /** None in a batch of another kind. */
  readonly entries: readonly EncodedEntry[];
  readonly bytes: Uint8Array;
  readonly end: LogEnd;
  /** True for the first batch of its segment. */
  readonly opens: boolean;
  /** Bytes that the file has by now. */
  written: number;
}

/** The log of a running node. */
export class LogWriter implements EntryLog {
  /** Hears of everything that is durable, before anybody else. */
  readonly history: LogHistory;
  #end: LogEnd;
  #batch: Batch | undefined;
  #waiting: readonly EncodedEntry[] | undefined;
  /** True if the last batch had entries: a mark should follow it. */
  #idleIsDue = false;
  #callOffIdle: (() => void) | undefined;
  #onClosed: (() => void) | undefined;
  #isOver = false;
  /** Waits for a new segment, however long this one is. */
  #onSealed: (() => void) | undefined;
  readonly #options: WriterOptions;
  readonly #encoder = new BatchEncoder();
  readonly #reserve: Reserve;

  /**
   * @param end end of the log
   * @param history of everything in the log by now
   */
  constructor(options: WriterOptions, end: LogEnd, history: LogHistory) {
    this.#options = options;
    this.#end = end;
    this.history = history;
    this.#reserve = new Reserve({
      files: options.files,
      timers: options.timers,
      logger: options.logger,
      reserveBytes: options.reserveBytes,
      onReadOnly: (readOnly) => options.onReadOnly(readOnly),
    });
    this.#reserve.start();
  }

  /** True while the disk is full: nothing may be committed. */
  get readOnly(): boolean {
    return this.#reserve.isMissing;
  }

  /** Number of the segment that is being written; all before it stay as they are. */
  get segment(): number {
    return this.#end.segment;
  }

  /** Length of that segment up to its last durable batch, bytes. */
  get bytes(): number {
    return this.#end.bytes;
  }

  /**
   * Begins a new segment after the present batch: with the entries that wait by then, or else with a mark.
   *
   * @param sealed called when nothing more is written to the segment; never after a fault or `close`
   */
  sealSegment(sealed: () => void = () => {}): void {
    assert(this.#onSealed === undefined, "a segment is sealed once");
    this.#onSealed = sealed;
    if (this.#batch === undefined && !this.#isOver) this.#next();
  }

  /** Somebody else found out that the folder of the log can no longer be trusted: the same as a fault here. */
  fail(error: Error): void {
    this.#fault(error);
  }

  /** Writes the entries as one batch, syncs it, and calls `onSynced`. After a fault nothing happens. */
  commit(entries: readonly EncodedEntry[]): void {
    assert(entries.length > 0, "a commit has at least one entry");
    assert(this.#waiting === undefined && this.#batch?.kind !== "entries", "one commit at a time");
    if (this.#isOver) return;
    this.#waiting = entries;
    if (this.#batch === undefined) this.#next();
  }

  /**
   * Ends the log in order, after the present commit; `done` is called when nothing is under way any more.
   * Where the disk is full, the end cannot be written down, and the next start takes it for a crash.
   */
  close(done: () => void): void {
    assert(this.#onClosed === undefined, "the log is closed once");
    this.#onClosed = () => this.#reserve.stop(done);
    if (this.#isOver) this.#onClosed();
    else if (this.#batch === undefined) this.#next();
  }

  #next(): void {
    this.#callOffIdle?.();
    this.#callOffIdle = undefined;
    const entries = this.#waiting;
    this.#waiting = undefined;
    if (entries !== undefined) this.#beginEntries(entries);
    else if (this.#onClosed !== undefined) this.#beginStopped();
    else if (this.#onSealed !== undefined) {
      this.#rollOver();
      this.#beginIdle();
    } else if (this.#idleIsDue) {
      this.#callOffIdle = this.#options.timers.after(IDLE_MS, () => this.#beginIdle());
    }
  }

  #beginStopped(): void {
    const timeMs = this.#options.clock.wallMs();
    this.#begin("stopped", [encodeMark({ type: "nodeStopped", timeMs })], []);
  }

  #beginIdle(): void {
    this.#begin("idle", [encodeMark({ type: "idle" })], []);
  }

  #beginEntries(entries: readonly EncodedEntry[]): void {
    if (this.#onSealed !== undefined || this.#end.bytes >= this.#options.segmentBytes) this.#rollOver();
    this.#begin("entries", entries.map(({ json }) => json), entries);
  }

  #begin(kind: Batch["kind"], records: readonly Uint8Array[], entries: readonly EncodedEntry[]): void {
    const opens = this.#end.bytes === 0;
    const opening = opens ? [encodeMark(segmentOpened(this.#options.node, this.#end.segment))] : [];
    const { bytes, end } = this.#encoder.encode(this.#end, [...opening, ...records]);
    this.#idleIsDue = kind === "entries";
    this.#batch = { kind, entries, bytes, end, opens, written: 0 };
    this.#write(this.#batch);
  }

  #rollOver(): void {
    this.#options.files.close(segmentPath(this.#end.segment));
    this.#end = nextSegment(this.#end);
    this.history.reached(this.#end);
    this.#onSealed?.();
    this.#onSealed = undefined;
  }

  #write(batch: Batch): void {
    if (this.#isOver) return;
    const { files } = this.#options;
    const path = segmentPath(batch.end.segment);
    try {
      while (batch.written < batch.bytes.length) {
        batch.written += files.append(path, batch.bytes.subarray(batch.written));
      }
    } catch (thrown) {
      if (this.#waits(thrown, () => this.#write(batch))) return;
      if (!isDiskFull(thrown)) return this.#fault(errorOf(thrown));
      if (batch.kind !== "entries") return this.#withdraw(batch);
      return this.#reserve.spend((spent) => {
        if (!spent) this.#fault(errorOf(thrown));
        else if (isFileFull(thrown) && !batch.opens) this.#moveToNextSegment(batch);
        else this.#write(batch);
      });
    }
    files.sync(path, (error) => error === undefined ? this.#synced(batch) : this.#fault(error));
  }

  /** Tries again after a while what found no descriptor; returns false if that was not the reason. */
  #waits(thrown: unknown, again: () => void): boolean {
    if (!isOutOfDescriptors(thrown)) return false;
    this.#options.timers.after(REOPEN_MS, () => this.#isOver || again());
    return true;
  }

  #synced(batch: Batch): void {
    if (!batch.opens) return this.#finished(batch);
    this.#options.files.syncFolder(LOG_FOLDER, (error) => {
      if (error === undefined) this.#finished(batch);
      else if (!this.#waits(error, () => this.#synced(batch))) this.#fault(error);
    });
  }

  #finished(batch: Batch): void {
    // There can have been a fault meanwhile: nobody may hear of anything after that.
    if (this.#isOver) return;
    this.#end = batch.end;
    this.#batch = undefined;
    this.history.committed(batch.entries, batch.end);
    if (batch.kind === "stopped") return this.#writeClean();
    if (batch.kind === "entries") this.#options.onSynced();
    if (this.#batch === undefined && !this.#isOver) this.#next();
  }

  /** Takes back a mark for which there was no room. */
  #withdraw({ kind }: Batch): void {
    this.#cut(() => {
      this.#batch = undefined;
      if (kind === "stopped") this.#closeUnclean("the disk is full");
      else this.#next();
    });
  }

  /** The segment is as long as a file may be here, and no free space changes that. */
  #moveToNextSegment({ entries }: Batch): void {
    this.#cut(() => {
      this.#rollOver();
      this.#beginEntries(entries);
    });
  }

  /** Takes back what is written of a batch. The cut is synced: no crash mixes bytes of that batch with the next's. */
  #cut(then: () => void): void {
    cutBack(this.#options.files, this.#end, (error) => {
      if (this.#isOver) return;
      if (error === undefined) then();
      else if (!this.#waits(error, () => this.#cut(then))) this.#fault(error);
    });
  }

  #writeClean(): void {
    this.#isOver = true;
    writeClean(this.#options.files, this.#end, (error) => {
      if (error !== undefined) this.#closeUnclean(error.message);
      else this.#closed();
    });
  }

  #closeUnclean(reason: string): void {
    this.#options.logger.warn("logNotClosed", { reason, next: "the next start takes this for a crash" });
    this.#closed();
  }

  #closed(): void {
    this.#isOver = true;
    this.#options.files.close(segmentPath(this.#end.segment));
    this.#onClosed?.();
  }

  #fault(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#callOffIdle?.();
    this.#batch = undefined;
    this.#waiting = undefined;
    this.#reserve.stop(() => {});
    this.#options.onFault(error);
    this.#onClosed?.();
  }
}
