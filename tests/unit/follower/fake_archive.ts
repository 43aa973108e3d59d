/**
 * An archive in memory: the entries that were folded, as they were.
 *
 * @module
 */

import type { Entry } from "../../../server/core/entry.ts";
import { advance, type Reached } from "../../../server/core/version.ts";
import type { WrittenArchive } from "../../../server/follower/written_archive.ts";
import type { LogPlace, SegmentBeginning } from "../../../server/ports/history.ts";

/** Keeps what was folded when it is closed, as files would. */
export class FakeArchive implements WrittenArchive {
  readonly entries: Entry[] = [];
  /** Number of entries of each transaction. */
  readonly transactions: number[] = [];
  /** Number of entries of the transaction that is open. */
  uncommitted = 0;
  /** Numbers of entries and beginnings, and the place, of the last commit. */
  #committed = { entries: 0, beginnings: 0, position: 0, version: new Map<string, Reached>() };
  /** Beginnings of segments that were noted. */
  readonly beginnings: SegmentBeginning[] = [];
  position = 0;
  version = new Map<string, Reached>();
  isOpen = false;
  /** Slices of compaction that are left, and those that were done. */
  toCompact = 0;
  compacted = 0;
  /** Thrown by the next call. */
  error: Error | undefined;
  /** Called by each commit. */
  onCommit: (() => void) | undefined;

  get place(): LogPlace {
    return { position: this.position, version: new Map(this.version) };
  }

  get messages(): number {
    return this.entries.length;
  }

  open(): this {
    this.#fail();
    this.isOpen = true;
    return this;
  }

  /** Removes its files. */
  remove(): void {
    this.entries.length = 0;
    this.position = 0;
    this.version.clear();
    this.beginnings.length = 0;
    this.#commit();
  }

  beginningBefore(segment: number): SegmentBeginning | undefined {
    return this.beginnings.findLast((each) => each.segment <= segment);
  }

  fold(
    entries: readonly Entry[],
    position: number,
    beginnings: readonly SegmentBeginning[] = [],
    goesOn = false,
  ): void {
    this.#fail();
    this.entries.push(...entries);
    for (const entry of entries) advance(this.version, entry);
    this.position = position;
    this.beginnings.push(...beginnings);
    this.uncommitted += entries.length;
    if (goesOn) return;
    this.onCommit?.();
    this.transactions.push(this.uncommitted);
    this.#commit();
  }

  #commit(): void {
    const { entries, beginnings, position, version } = this;
    const counts = { entries: entries.length, beginnings: beginnings.length };
    this.#committed = { ...counts, position, version: new Map(version) };
    this.uncommitted = 0;
  }

  rollBack(): void {
    const { entries, beginnings, position, version } = this.#committed;
    this.entries.length = entries;
    this.beginnings.length = beginnings;
    this.position = position;
    this.version = new Map(version);
    this.uncommitted = 0;
  }

  compact(): boolean {
    this.#fail();
    this.compacted++;
    return --this.toCompact > 0;
  }

  close(): void {
    this.rollBack();
    this.isOpen = false;
  }

  #fail(): void {
    const { error } = this;
    this.error = undefined;
    if (error !== undefined) throw error;
  }
}
