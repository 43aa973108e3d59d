/**
 * What really is on a disk: kept by looking at what is written, synced and renamed, below everything that the
 * product believes.
 *
 * @module
 */

import type { Checks } from "./checks.ts";
import { type EntryPlace, type EntryRegistry, headOf, type LineHead } from "./entry_registry.ts";

/** A disk from when it was new until it was destroyed. */
export class DiskLife {
  /** The last entry of every origin that is on the disk for good. */
  readonly version = new Map<string, number>();
  readonly #erased = new Set<string>();
  /** When the disk was wiped, or its content has changed by itself, ms of virtual time; never by default. */
  destroyedMs = Infinity;
  /** Nobody knows what is on the disk until a server has read it. */
  isUnknown = false;

  /** @param name of the machine, and which of its disks this is */
  constructor(readonly name: string) {}

  /** Whether nothing is kept on it any more. */
  get isDestroyed(): boolean {
    return this.destroyedMs < Infinity;
  }

  /** Whether an entry is on the disk for good. */
  has({ origin, seq }: EntryPlace): boolean {
    return (this.version.get(origin) ?? 0) >= seq;
  }

  /** An entry is there without what was deleted. */
  addErased({ origin, seq }: EntryPlace): void {
    this.#erased.add(`${origin}/${seq}`);
  }

  /** Whether an entry is there without what was deleted. */
  isErased({ origin, seq }: EntryPlace): boolean {
    return this.#erased.has(`${origin}/${seq}`);
  }

  /** Whether any of these entries is. */
  hasAny(places: readonly EntryPlace[] | undefined): boolean {
    return places?.some((place) => this.has(place)) ?? false;
  }
}

/** A line that was appended and of which nobody knows whether a crash would leave it. */
interface PendingLine {
  readonly head: LineHead;
  readonly text: string;
  /** Where it ends in its file, bytes. */
  readonly end: number;
}

/** A segment of the log, or what is to become one. */
interface WatchedFile {
  length: number;
  synced: number;
  /** A sync has failed: whatever syncs follow, nobody knows what they did. */
  isPoisoned: boolean;
  isNameDurable: boolean;
  partial: string;
  pending: PendingLine[];
}

const decoder = new TextDecoder();

/** See the module. */
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

  /** The machine went down: what is pending is there or is not. */
  crashed(): void {
    this.#files.clear();
  }

  /** Bytes were appended to a file that had `before` bytes. */
  appended(path: string, before: number | undefined, bytes: Uint8Array): void {
    if (!isWatched(path)) return;
    const file = this.#file(path, before);
    // A write that was cut short can end within a character; what is looked at is ASCII.
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
      // Characters of several bytes make the sum above too small: the end of the last line is certain.
      const last = file.pending[file.pending.length - 1] as PendingLine;
      file.pending[file.pending.length - 1] = { ...last, end: file.length };
    }
  }

  /** A sync begins; returns how much of the file it is about. */
  syncBegins(path: string): number {
    return this.#files.get(path)?.length ?? 0;
  }

  /** That sync has ended. */
  syncEnded(path: string, length: number, error: Error | undefined): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    if (error !== undefined) file.isPoisoned = true;
    if (file.isPoisoned) return;
    file.synced = Math.max(file.synced, length);
    this.#settle(path, file);
  }

  /** A file was cut. */
  truncated(path: string, length: number): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    file.length = Math.min(file.length, length);
    file.pending = file.pending.filter(({ end }) => end <= length);
    file.partial = "";
  }

  /** A file has another name. */
  renamed(from: string, to: string): void {
    const file = this.#files.get(from);
    this.#files.delete(from);
    if (file === undefined) this.#files.delete(to);
    else this.#files.set(to, { ...file, isNameDurable: false });
  }

  /** A file is gone. */
  removed(path: string): void {
    this.#files.delete(path);
  }

  /** The names in a folder are on the disk. */
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
    // What is being written anew counts once it has the name that a start reads.
    if (!file.isNameDurable || path.endsWith(".new")) return;
    let count = 0;
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

/** Whether an entry is without what was deleted. */
export function isErased({ identity }: LineHead, line: string): boolean {
  if (identity.endsWith('"messageSent"')) return line.includes('"content":"","digest"');
  return (identity.endsWith('Created"') || identity.includes('"password')) && line.includes('"hash":""');
}

function isWatched(path: string): boolean {
  return path.startsWith("log/");
}
