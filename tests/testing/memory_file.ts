/**
 * One file that knows which of its pages are on the disk.
 *
 * @module
 */

/** Unit in which a system's cache writes to a disk, bytes. */
export const PAGE_BYTES = 4_096;

/** Unit that a disk writes whole or not at all, bytes. */
export const SECTOR_BYTES = 512;

/** Fate of an unsynced page in a crash; a number counts its written sectors. */
export type PageFate = "kept" | "lost" | "zeroed" | number;

/** The state of a file at the moment at which a sync began. */
export interface SyncUnderWay {
  readonly length: number;
  readonly pages: ReadonlyMap<number, Uint8Array>;
}

/** A file: the bytes that a process reads, and those of them on the disk. */
export class MemoryFile {
  #live: Content;
  #durable: Content;
  #dirty = new Set<number>();
  readonly #syncs = new Set<SyncUnderWay>();

  /** @param bytes content that is on the disk */
  constructor(bytes: Uint8Array = new Uint8Array(0)) {
    this.#live = new Content(bytes.slice());
    this.#durable = new Content(bytes.slice());
  }

  /** Length, bytes. */
  get length(): number {
    return this.#live.length;
  }

  /** A copy of the content. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#live.slice(0, this.#live.length);
  }

  /** Copies from `offset` on into `into`; returns the number of copied bytes. */
  read(offset: number, into: Uint8Array): number {
    const bytes = this.#live.slice(offset, Math.min(this.#live.length, offset + into.length));
    into.set(bytes);
    return bytes.length;
  }

  /** Appends, to the cache only. */
  append(bytes: Uint8Array): void {
    const start = this.#live.length;
    this.#live.write(start, bytes);
    for (let page = pageOf(start); page * PAGE_BYTES < this.#live.length; page++) this.#dirty.add(page);
  }

  /** Cuts, in the cache only. */
  truncate(length: number): void {
    this.#live.truncate(length);
  }

  /** Begins a sync; bytes appended later are not part of it. */
  beginSync(): SyncUnderWay {
    const pages = new Map<number, Uint8Array>();
    for (const page of this.#dirty) pages.set(page, this.#page(page));
    const sync = { length: this.#live.length, pages };
    this.#dirty = new Set();
    this.#syncs.add(sync);
    return sync;
  }

  /** The sync succeeded: its pages are on the disk. */
  endSync(sync: SyncUnderWay): void {
    this.#syncs.delete(sync);
    for (const [page, bytes] of sync.pages) this.#durable.write(page * PAGE_BYTES, bytes);
    this.#durable.truncate(sync.length);
  }

  /** The sync failed: the system takes its pages for clean and never writes them, as real ones do. */
  failSync(sync: SyncUnderWay): void {
    this.#syncs.delete(sync);
  }

  /**
   * The machine goes down.
   *
   * @param fate asked for every page that was not synced
   * @param isCut true if an unsynced cut is on the disk
   */
  crash(fate: (page: number) => PageFate, isCut: () => boolean): void {
    const synced = this.#durable.length;
    for (const page of this.#unsynced()) this.#settle(page, fate(page), synced);
    if (this.#live.length < this.#durable.length && isCut()) this.#durable.truncate(this.#live.length);
    this.#live = new Content(this.#durable.slice(0, this.#durable.length));
    this.#dirty.clear();
    this.#syncs.clear();
  }

  /** Changes the content in the cache and on the disk, as bit rot does. */
  corrupt(change: (bytes: Uint8Array) => void): void {
    change(this.#live.all);
    change(this.#durable.all);
  }

  #unsynced(): number[] {
    const pages = new Set(this.#dirty);
    for (const sync of this.#syncs) for (const page of sync.pages.keys()) pages.add(page);
    return [...pages].sort((a, b) => a - b);
  }

  #settle(page: number, fate: PageFate, synced: number): void {
    const start = page * PAGE_BYTES;
    if (fate === "kept") this.#durable.write(start, this.#page(page));
    else if (typeof fate === "number") {
      this.#durable.write(start, this.#page(page).subarray(0, fate * SECTOR_BYTES));
    } else if (fate === "zeroed") {
      // Bytes of this page written by an earlier sync stay.
      const from = Math.max(start, synced);
      this.#durable.write(from, new Uint8Array(Math.max(0, start + this.#page(page).length - from)));
    }
  }

  #page(page: number): Uint8Array {
    return this.#live.slice(page * PAGE_BYTES, Math.min(this.#live.length, (page + 1) * PAGE_BYTES));
  }
}

/** Bytes that can grow; a hole in them reads as zeros. */
class Content {
  #bytes: Uint8Array<ArrayBuffer>;
  #length: number;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
    this.#length = bytes.length;
  }

  get length(): number {
    return this.#length;
  }

  get all(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  slice(start: number, end: number): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(start, Math.max(start, end));
  }

  write(offset: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const end = offset + bytes.length;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, offset);
    this.#length = Math.max(this.#length, end);
  }

  truncate(length: number): void {
    if (length >= this.#length) return;
    this.#bytes.fill(0, length, this.#length);
    this.#length = length;
  }
}

function pageOf(offset: number): number {
  return Math.floor(offset / PAGE_BYTES);
}
