/**
 * The durable content of a disk, derived from the writes, syncs and renames that reach it, independent of the
 * product's own account.
 *
 * @module
 */

import type { Checks } from "./checks.ts";
import { type EntryPlace, type EntryRegistry, headOf, type LineHead } from "./entry_registry.ts";

/** One disk, from new until it is destroyed. */
export class DiskLife {
  /** The last durable entry of every origin. */
  readonly version = new Map<string, number>();
  /** The version before the last batch. */
  before: ReadonlyMap<string, number> = new Map();
  readonly #erased = new Set<string>();
  /** Virtual time, ms, of the wipe or of a change by itself; `Infinity` until then. */
  destroyedMs = Infinity;
  /** True while the content is unknown: until a server has read it. */
  isUnknown = false;

  /** @param name name of the machine and number of the disk */
  constructor(readonly name: string) {}

  /** True once the disk no longer keeps anything. */
  get isDestroyed(): boolean {
    return this.destroyedMs < Infinity;
  }

  /** True if the entry is durable. */
  has({ origin, seq }: EntryPlace): boolean {
    return (this.version.get(origin) ?? 0) >= seq;
  }

  /** A batch with entries that were not there becomes durable. */
  batchComes(): void {
    this.before = new Map(this.version);
  }

  /** Records that an entry is durable in its erased form. */
  addErased({ origin, seq }: EntryPlace): void {
    this.#erased.add(`${origin}/${seq}`);
  }

  /** True if the entry is durable in its erased form. */
  isErased({ origin, seq }: EntryPlace): boolean {
    return this.#erased.has(`${origin}/${seq}`);
  }

  /** True if any of the entries is durable. */
  hasAny(places: readonly EntryPlace[] | undefined): boolean {
    return places?.some((place) => this.has(place)) ?? false;
  }
}

/** An appended line that a crash may still lose. */
interface PendingLine {
  readonly head: LineHead;
  readonly text: string;
  /** End in its file, bytes. */
  readonly end: number;
}

/** A segment of the log, or a file that is to become one. */
interface WatchedFile {
  length: number;
  synced: number;
  /** True after a failed sync: later syncs prove nothing about the pages. */
  isPoisoned: boolean;
  isNameDurable: boolean;
  partial: string;
  pending: PendingLine[];
}

const decoder = new TextDecoder();

/** Follows the files of a log and records their durable entries. */
export class DiskLedger {
  readonly life: DiskLife;
  #files = new Map<string, WatchedFile>();
  readonly #registry: EntryRegistry;
  readonly #checks: Checks;

  constructor(life: DiskLife, registry: EntryRegistry, checks: Checks) {
    this.life = life;
    this.#registry = registry;
    this.#checks = checks;
  }

  /** Forgets all pending lines: each has survived the crash or is lost. */
  crashed(): void {
    this.#files.clear();
  }

  /** Records an append to a file of `before` bytes. */
  appended(path: string, before: number | undefined, bytes: Uint8Array): void {
    if (!isWatched(path)) return;
    const file = this.#file(path, before);
    // A short write can end inside a character; the fields that are read are ASCII.
    const text = file.partial + decoder.decode(bytes);
    file.length += bytes.length;
    let start = 0;
    let end = file.length - bytes.length - file.partial.length;
    for (let feed = text.indexOf("\n"); feed >= 0; feed = text.indexOf("\n", start)) {
      const line = text.slice(start, feed);
      end += feed + 1 - start;
      const head = headOf(line);
      if (head !== undefined) file.pending.push({ head, text: line, end });
      start = feed + 1;
    }
    file.partial = text.slice(start);
    if (file.partial === "" && file.pending.length > 0) {
      // Multi-byte characters make the sum above too small; the end of the last line is exact.
      const last = file.pending[file.pending.length - 1] as PendingLine;
      file.pending[file.pending.length - 1] = { ...last, end: file.length };
    }
  }

  /** Records the start of a sync; returns the length of the file that it covers. */
  syncBegins(path: string): number {
    return this.#files.get(path)?.length ?? 0;
  }

  /** Records the end of that sync. */
  syncEnded(path: string, length: number, error: Error | undefined): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    if (error !== undefined) file.isPoisoned = true;
    if (file.isPoisoned) return;
    file.synced = Math.max(file.synced, length);
    this.#settle(path, file);
  }

  /** Records a truncation. */
  truncated(path: string, length: number): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    file.length = Math.min(file.length, length);
    file.pending = file.pending.filter(({ end }) => end <= length);
    file.partial = "";
  }

  /** Records a rename. */
  renamed(from: string, to: string): void {
    const file = this.#files.get(from);
    this.#files.delete(from);
    if (file === undefined) this.#files.delete(to);
    else this.#files.set(to, { ...file, isNameDurable: false });
  }

  /** Records a removal. */
  removed(path: string): void {
    this.#files.delete(path);
  }

  /** Records that the names in a folder are durable. */
  folderSynced(folder: string): void {
    for (const [path, file] of this.#files) {
      if (!path.startsWith(`${folder}/`)) continue;
      file.isNameDurable = true;
      this.#settle(path, file);
    }
  }

  #file(path: string, before: number | undefined): WatchedFile {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const length = before ?? 0;
    const file: WatchedFile = {
      length,
      synced: length,
      isPoisoned: false,
      isNameDurable: before !== undefined,
      partial: "",
      pending: [],
    };
    this.#files.set(path, file);
    return file;
  }

  #settle(path: string, file: WatchedFile): void {
    // A rewritten segment counts once it has the name that a start reads.
    if (!file.isNameDurable || path.endsWith(".new")) return;
    let count = 0;
    if (file.pending.some(({ head, end }) => end <= file.synced && !this.life.has(head))) {
      this.life.batchComes();
    }
    while (count < file.pending.length && (file.pending[count] as PendingLine).end <= file.synced) {
      this.#isThere(file.pending[count] as PendingLine);
      count++;
    }
    if (count > 0) file.pending.splice(0, count);
  }

  #isThere({ head, text }: PendingLine): void {
    const { origin, seq } = head;
    const last = this.life.version.get(origin) ?? 0;
    const where = `the disk ${this.life.name}`;
    this.#registry.add(head, text, where);
    const follows = seq <= last + 1 || this.life.isUnknown;
    this.#checks.check(8, follows, () => `${where} has ${origin}/${seq} right behind ${last}`);
    if (isErased(head, text)) this.life.addErased(head);
    if (seq > last) this.life.version.set(origin, seq);
  }
}

/** True if the line holds its entry in the erased form. */
export function isErased({ identity }: LineHead, line: string): boolean {
  if (identity.endsWith('"messageSent"')) return line.includes('"content":"","digest"');
  if (identity.endsWith('locked"')) return line.includes('"person":""');
  return (identity.endsWith('Created"') || identity.includes('"password')) && line.includes('"hash":""');
}

function isWatched(path: string): boolean {
  return path.startsWith("log/");
}
