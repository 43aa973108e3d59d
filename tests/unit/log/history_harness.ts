/**
 * A log in memory and its history, on a disk that performs one operation at each step.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { EncodedEntry } from "../../../server/core/encoded_entry.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { advance, type Reached, type Version } from "../../../server/core/version.ts";
import type { LogOptions, OpenLog } from "../../../server/log/open_log.ts";
import { compactSegment } from "../../../server/log/segment_compaction.ts";
import type { HistoryCursor, SegmentBeginning } from "../../../server/ports/history.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { LogHarness } from "./log_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";

/** Beginning of the first segment of any log. */
export const FIRST: SegmentBeginning = {
  segment: 1,
  position: 0,
  version: new Map(),
  batch: 0,
  crc: "00000000",
  origin: undefined,
  writtenBy: undefined,
};

/** A series of processes on the same files, and everything they committed. */
export class HistoryHarness {
  /** Durable entries, in the order of the log. */
  readonly entries: Entry[] = [];
  /** Pending operations of the disk. */
  readonly tasks: (() => void)[] = [];
  readonly files = new MemoryFiles({ later: (task) => this.tasks.push(task) });
  readonly log: LogHarness;
  open: OpenLog;

  constructor(settings: Partial<LogOptions> = {}) {
    this.log = new LogHarness(settings, this.files);
    this.open = this.log.open();
  }

  /** Performs one operation of the disk; returns false if none was left. */
  step(): boolean {
    const task = this.tasks.shift();
    task?.();
    return task !== undefined;
  }

  /** Performs all pending operations. */
  settle(): void {
    while (this.step());
  }

  /** Commits batches and waits for each. */
  commit(...batches: (readonly Entry[])[]): void {
    for (const batch of batches) this.commitEncoded(encoded(batch));
  }

  /** Commits one batch and waits for it. */
  commitEncoded(batch: readonly EncodedEntry[]): void {
    this.open.log.commit(batch);
    this.settle();
    this.entries.push(...batch.map(({ entry }) => entry));
  }

  /** Kills the process and opens the log in another one. */
  restart(): void {
    this.files.kill();
    this.tasks.splice(0);
    this.open = this.log.open();
  }

  /** Begins to erase messages of a sealed segment; no operation of it is performed yet. */
  beginCompaction(segment: number, isErased: (entry: Entry) => boolean): void {
    const erase = (entry: Entry): Entry =>
      entry.type === "messageSent" && entry.content !== "" && isErased(entry)
        ? { ...entry, content: "", digest: 1 }
        : entry;
    compactSegment(
      {
        files: this.files,
        erase,
        whenDurable: (then) => then(),
        onReplace: () => this.open.history.replacing(segment),
        whyStop: () => undefined,
      },
      segment,
      ({ error }) => assertEquals(error, undefined),
    );
  }

  /** The version made by the entries before a position. */
  versionAt(position: number): Version {
    const version = new Map<string, Reached>();
    for (const entry of this.entries.slice(0, position)) advance(version, entry);
    return version;
  }

  /** The place at a position. */
  placeAt(position: number): { position: number; version: Version } {
    return { position, version: this.versionAt(position) };
  }

  /** The entries that `next` passes on once the disk has performed everything. */
  next(cursor: HistoryCursor, position = Infinity): readonly Entry[] | Error {
    let outcome: readonly Entry[] | Error | undefined;
    cursor.next(position, (handed) => outcome = handed instanceof Error ? handed : entriesOf(handed));
    this.settle();
    if (outcome === undefined) throw new Error("next() was not answered");
    return outcome;
  }

  /** All entries from a position on. */
  readFrom(position: number): Entry[] {
    const cursor = this.open.history.cursor(this.placeAt(position));
    const entries: Entry[] = [];
    for (;;) {
      const handed = this.next(cursor);
      if (handed instanceof Error) throw handed;
      if (handed.length === 0) break;
      entries.push(...handed);
    }
    assertEquals(cursor.place, this.placeAt(position + entries.length));
    cursor.close();
    return entries;
  }

  /** Number of reads. */
  get reads(): number {
    return this.files.calls.get("read") ?? 0;
  }
}

/** The decoded entries, checked against their bytes. */
export function entriesOf(handed: readonly EncodedEntry[]): Entry[] {
  return handed.map(({ entry, json }) => {
    assertEquals(new TextDecoder().decode(json), JSON.stringify(entry));
    return entry;
  });
}
