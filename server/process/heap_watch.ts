/**
 * Notices in time that the heap is nearly full, before V8 ends the process.
 *
 * Used memory is mostly garbage just before a collection. So a high figure only gives reason to collect; the figure
 * after a collection decides.
 *
 * @module
 */

import type { ConnectionMemory, Memory } from "../ports/memory.ts";
import type { Clock, Logger } from "../ports/outside.ts";

const BYTES_PER_MEBIBYTE = 1_048_576;

/** A level of need: the shares of the room at which it begins and ends. */
interface Level {
  readonly fromShare: number;
  readonly untilShare: number;
  /** Connections without a login that are still let in. */
  readonly strangersMax: number;
}

/** Levels in rising order: memory is short; strangers give way; there is no stranger. */
const LEVELS: readonly Level[] = [
  { fromShare: 0.8, untilShare: 0.75, strangersMax: Infinity },
  { fromShare: 0.88, untilShare: 0.85, strangersMax: 64 },
  { fromShare: 0.94, untilShare: 0.91, strangersMax: 0 },
];

/** Number of the level at which strangers give way. */
const CRITICAL = 2;

/** Share of the room above which a start ends: what is left is needed to serve. */
const START_SHARE = 0.9;

/** The least that must be left at a start, bytes: V8 fills its pages incompletely, and needs some to collect. */
const START_LEFT_BYTES = 8 * BYTES_PER_MEBIBYTE;

/** Growth since the last collection that gives reason for another one, as a share of the room; and in need. */
const GROWTH_SHARE = 0.05;
const GROWTH_SHARE_SHORT = 0.02;

/** Time without want of memory after which it is over for people, ms. */
const CALM_MS = 60_000;

/** Entries, or bytes of them, between two looks. */
const LOOK_ENTRIES = 64;
const LOOK_BYTES = 262_144;

/** Time between two collections while memory is short, as a multiple of the duration of one; and the least, ms. */
const COLLECTION_PAUSES = 20;
const COLLECTION_MS_MIN = 5_000;

/** Upper bound of the share of collections in the time of a node that is close to the limit: one in this many. */
const BUSY_PAUSES = 4;

/** Way to more memory, for people. */
const MORE_MEMORY =
  "start the node with DENO_V8_FLAGS=--max-old-space-size=MIB and more mebibytes (docs/install.md)";

/** A heap with a limit. */
export interface Heap {
  /** Room for objects that stay, bytes. */
  readonly roomBytes: number;
  /** Used memory, with garbage, bytes; to be had in about a microsecond. */
  usedBytes(): number;
  /** Frees all garbage before it returns; `undefined` if the runtime has no such function. */
  readonly collect: (() => void) | undefined;
}

/** Parts of a watch. */
interface HeapWatchOptions {
  readonly heap: Heap;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Watches the heap of a node. `tick` is to be called about once a second. */
export class HeapWatch implements Memory, ConnectionMemory {
  readonly #options: HeapWatchOptions;
  /** Number of the level that is reached; 0 while there is room. */
  #level = 0;
  /** The highest level that people were told of. */
  #toldLevel = 0;
  /** Monotonic time at which memory was free again. */
  #freeMs = 0;
  /** Entries and their bytes since the last look. */
  #entries = 0;
  #bytes = 0;
  /** Used memory after the last collection, or less if less was found since, bytes. */
  #liveBytes = 0;
  #collectedMs = -Infinity;
  #collectionMs = 0;

  constructor(options: HeapWatchOptions) {
    this.#options = options;
  }

  get isShort(): boolean {
    return this.#level > 0;
  }

  get strangersMax(): number {
    return LEVELS[this.#level - 1]?.strangersMax ?? Infinity;
  }

  /** Used memory and its limit, for the administrator. */
  get status(): { readonly usedBytes: number; readonly limitBytes: number } {
    const { heap } = this.#options;
    return { usedBytes: heap.usedBytes(), limitBytes: Math.round(heap.roomBytes) };
  }

  took(bytes: number): void {
    if (this.#isLookDue(bytes)) this.#look();
  }

  /** Time has passed. */
  tick(): void {
    this.#look();
    this.#tellFree();
  }

  /**
   * A start has read so many bytes. Those that are garbage by now count too: V8 does not collect them fast enough
   * where memory is nearly full.
   *
   * @throws {Error} with the way out, if the log does not fit
   */
  read(bytes: number): void {
    if (!this.#isLookDue(bytes)) return;
    const { heap } = this.#options;
    const { roomBytes, collect } = heap;
    const used = heap.usedBytes();
    const limit = Math.min(START_SHARE * roomBytes, roomBytes - START_LEFT_BYTES);
    if (used < limit || !this.#hasGrown(used) || collect === undefined) return;
    if (this.#collect(collect) < limit) return;
    throw new Error(
      `the log does not fit in memory: ${mebibytes(this.#liveBytes)} of the ${
        mebibytes(roomBytes)
      } that this ` +
        `process may use are taken before all of it is read; ${MORE_MEMORY}`,
    );
  }

  #isLookDue(bytes: number): boolean {
    this.#bytes += bytes;
    if (++this.#entries < LOOK_ENTRIES && this.#bytes < LOOK_BYTES) return false;
    this.#entries = 0;
    this.#bytes = 0;
    return true;
  }

  #look(): void {
    const { heap } = this.#options;
    const { collect } = heap;
    const used = heap.usedBytes();
    this.#liveBytes = Math.min(this.#liveBytes, used);
    const level = this.#levelAt(used);
    if (level === 0 || level < this.#level || collect === undefined) return this.#set(level, used);
    const rises = level > this.#level;
    if (rises && !this.#hasGrown(used)) return;
    if (this.#mayCollect(rises)) this.#set(this.#levelAt(this.#collect(collect)), this.#liveBytes);
    // With its garbage, used memory may reach anything: the last level is for live objects.
    else this.#set(Math.max(this.#level, Math.min(level, CRITICAL)), used);
  }

  /** The level after a look that found so many bytes. */
  #levelAt(bytes: number): number {
    const share = bytes / this.#options.heap.roomBytes;
    const reached = LEVELS.filter(({ fromShare, untilShare }, index) =>
      share >= (index < this.#level ? untilShare : fromShare)
    );
    return reached.length;
  }

  #hasGrown(used: number): boolean {
    const share = this.#level > 0 ? GROWTH_SHARE_SHORT : GROWTH_SHARE;
    return used >= this.#liveBytes + share * this.#options.heap.roomBytes;
  }

  /** True if another collection takes no time that the node needs: until then, garbage counts as used. */
  #mayCollect(rises: boolean): boolean {
    const pauseMs = rises
      ? BUSY_PAUSES * this.#collectionMs
      : Math.max(COLLECTION_MS_MIN, COLLECTION_PAUSES * this.#collectionMs);
    return this.#options.clock.monotonicMs() - this.#collectedMs >= pauseMs;
  }

  #collect(collect: () => void): number {
    const { heap, clock } = this.#options;
    const beganMs = clock.monotonicMs();
    collect();
    this.#collectedMs = clock.monotonicMs();
    this.#collectionMs = this.#collectedMs - beganMs;
    return this.#liveBytes = heap.usedBytes();
  }

  #set(level: number, bytes: number): void {
    if (level === 0 && this.#level > 0) this.#freeMs = this.#options.clock.monotonicMs();
    this.#level = level;
    if (level > this.#toldLevel) this.#tell(bytes);
  }

  /** Tells people of a level that they were not told of since memory was free for long. */
  #tell(bytes: number): void {
    const { heap: { roomBytes }, logger } = this.#options;
    const fields = { used: mebibytes(bytes), limit: mebibytes(roomBytes) };
    if (this.#toldLevel === 0) {
      const wayOut = `delete messages or accounts, or ${MORE_MEMORY}; until then the node takes nothing new`;
      logger.error("memoryFull", { ...fields, wayOut });
    }
    if (this.#level >= CRITICAL && this.#toldLevel < CRITICAL) {
      const next =
        "the oldest connections without a login give way to new ones, and only few are let in at a time";
      logger.error("memoryExhausted", { ...fields, next, wayOut: MORE_MEMORY });
    }
    this.#toldLevel = this.#level;
  }

  /** Tells people that it is over, once it has been for a while: the least message may fill it again. */
  #tellFree(): void {
    const { heap, clock, logger } = this.#options;
    if (this.#level > 0 || this.#toldLevel === 0 || clock.monotonicMs() - this.#freeMs < CALM_MS) return;
    this.#toldLevel = 0;
    logger.info("memoryFree", { used: mebibytes(heap.usedBytes()), limit: mebibytes(heap.roomBytes) });
  }
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / BYTES_PER_MEBIBYTE)} MiB`;
}
