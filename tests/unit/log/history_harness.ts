/**
 * A log in memory whose history is read again, one thing of the disk after the other.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { EncodedEntry } from "../../../server/core/encoded_entry.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { advance, type Reached, type Version } from "../../../server/core/version.ts";
import type { LogOptions, OpenLog } from "../../../server/log/open_log.ts";
import { compactSegment } from "../../../server/log/segment_compaction.ts";
import type { HistoryCursor } from "../../../server/ports/history.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { LogHarness } from "./log_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";

/** One process after the other, with everything that was committed. */
export class HistoryHarness {
  /** What is durable, in the order of the log. */
  readonly entries: Entry[] = [];
  /** What the disk has not done yet. */
  readonly tasks: (() => void)[] = [];
  readonly files = new MemoryFiles({ later: (task) => this.tasks.push(task) });
  readonly log: LogHarness;
  open: OpenLog;

  constructor(settings: Partial<LogOptions> = {}) {
    this.log = new LogHarness(settings, this.files);
    this.open = this.log.open();
  }

  /** The disk does one thing; returns whether there was one. */
  step(): boolean {
    const task = this.tasks.shift();
    task?.();
    return task !== undefined;
  }

  /** The disk does everything. */
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

  /** The process is killed, and another one opens the log. */
  restart(): void {
    this.files.kill();
    this.tasks.splice(0);
    this.open = this.log.open();
  }

  /** Takes the content out of messages of a segment that was sealed. Nothing of it is done yet. */
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

  /** The version of a place, as the entries before it make it. */
  versionAt(position: number): Version {
    const version = new Map<string, Reached>();
    for (const entry of this.entries.slice(0, position)) advance(version, entry);
    return version;
  }

  /** The place of a position. */
  placeAt(position: number): { position: number; version: Version } {
    return { position, version: this.versionAt(position) };
  }

  /** What `next` hands out, when the disk has done everything. */
  next(cursor: HistoryCursor, position = Infinity): readonly Entry[] | Error {
    let outcome: readonly Entry[] | Error | undefined;
    cursor.next(position, (handed) => outcome = handed instanceof Error ? handed : entriesOf(handed));
    this.settle();
    if (outcome === undefined) throw new Error("next() was not answered");
    return outcome;
  }

  /** Everything from a position on; closes what it opened. */
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

  /** How often a file was read. */
  get reads(): number {
    return this.files.calls.get("read") ?? 0;
  }
}

/** The entries that were handed out, once it is certain that their bytes say the same. */
export function entriesOf(handed: readonly EncodedEntry[]): Entry[] {
  return handed.map(({ entry, json }) => {
    assertEquals(new TextDecoder().decode(json), JSON.stringify(entry));
    return entry;
  });
}
