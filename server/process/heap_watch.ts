/**
 * Notices in time that the heap is nearly full, before V8 ends the process.
 *
 * Used memory is mostly garbage just before a collection. So a high figure only gives reason to collect; the figure
 * after a collection decides.
 *
 * @module
 */

import type { Memory } from "../ports/memory.ts";
import type { Clock, Logger } from "../ports/outside.ts";

const BYTES_PER_MEBIBYTE = 1_048_576;

/** Share of the room above which memory is short. */
const SHORT_SHARE = 0.8;

/** Share of the room below which it is no longer short. */
const FREE_SHARE = 0.75;

/** Share of the room above which a start ends: what is left is needed to serve. */
const START_SHARE = 0.9;

/** The least that must be left at a start, bytes: V8 fills its pages incompletely, and needs some to collect. */
const START_LEFT_BYTES = 8 * BYTES_PER_MEBIBYTE;

/** Growth since the last collection that gives reason for another one, as a share of the room. */
const GROWTH_SHARE = 0.05;

/** Entries, or bytes of them, between two looks. */
const LOOK_ENTRIES = 64;
const LOOK_BYTES = 262_144;

/** Upper bound of the memory of an entry that a start reads, bytes: its content has at most so many. */
const REPLAYED_BYTES = 16_384;

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
export class HeapWatch implements Memory {
  readonly #options: HeapWatchOptions;
  #isShort = false;
  /** Entries and their bytes since the last look. */
  #entries = 0;
  #bytes = 0;
  /** Used memory after the last collection, bytes. */
  #liveBytes = 0;
  #collectedMs = -Infinity;
  #collectionMs = 0;

  constructor(options: HeapWatchOptions) {
    this.#options = options;
  }

  get isShort(): boolean {
    return this.#isShort;
  }

  took(bytes: number): void {
    if (this.#isLookDue(bytes)) this.#look();
  }

  /** Time has passed. */
  tick(): void {
    this.#look();
  }

  /**
   * An entry of the log has come into the state at a start.
   *
   * @throws {Error} with the way out, if the log does not fit
   */
  replayed(): void {
    if (!this.#isLookDue(REPLAYED_BYTES)) return;
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
    const limit = (this.#isShort ? FREE_SHARE : SHORT_SHARE) * heap.roomBytes;
    const used = heap.usedBytes();
    if (used < limit) return this.#set(false, used);
    if (collect === undefined) return this.#set(true, used);
    if (!this.#isShort && !this.#hasGrown(used)) return;
    if (this.#mayCollect()) this.#set(this.#collect(collect) >= limit, this.#liveBytes);
    else this.#set(true, used);
  }

  #hasGrown(used: number): boolean {
    return used >= this.#liveBytes + GROWTH_SHARE * this.#options.heap.roomBytes;
  }

  /** True if another collection takes no time that the node needs: until then, memory counts as short. */
  #mayCollect(): boolean {
    const pauseMs = this.#isShort
      ? Math.max(COLLECTION_MS_MIN, COLLECTION_PAUSES * this.#collectionMs)
      : BUSY_PAUSES * this.#collectionMs;
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

  #set(isShort: boolean, bytes: number): void {
    if (isShort === this.#isShort) return;
    this.#isShort = isShort;
    const { heap: { roomBytes }, logger } = this.#options;
    const fields = { used: mebibytes(bytes), limit: mebibytes(roomBytes) };
    if (!isShort) return logger.info("memoryFree", fields);
    const wayOut = `delete messages or accounts, or ${MORE_MEMORY}; until then the node takes nothing new`;
    logger.error("memoryFull", { ...fields, wayOut });
  }
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / BYTES_PER_MEBIBYTE)} MiB`;
}
