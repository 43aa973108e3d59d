/**
 * A data folder in memory. Its disk can be full, fail, write less than asked for, and lose unsynced data at a
 * crash. Nothing is random: the test decides the fate of every page and name in a crash.
 *
 * @module
 */

import type { Done, FileStore, SequentialReader } from "../../server/ports/files.ts";
import { MemoryFile, type PageFate, type SyncUnderWay } from "./memory_file.ts";
import { caught, MemoryFileFailures, systemError } from "./memory_file_failures.ts";

/** Calls that can fail on demand. */
export type Operation = "read" | "append" | "sync" | "truncate" | "rename" | "remove" | "syncFolder" | "fill";

/** The fate of unsynced data in a crash. */
export interface CrashChoices {
  /** Fate of an unsynced page. */
  page(path: string, page: number): PageFate;
  /** True if an unsynced change of a name in its folder is kept. */
  name(path: string): boolean;
  /** True if an unsynced cut of a file is kept. */
  cut(path: string): boolean;
}

/** Properties of the disk. */
export interface MemoryFilesOptions {
  /** Room for the content of all files, bytes; no limit unless given. May be changed. */
  capacityBytes?: number;
  /** The most that one append takes, bytes; no limit unless given. */
  writeBytesMax?: number;
  /** Runs a task some time later; without it, tasks wait for `settle`. */
  later?: (task: () => void) => void;
}

/** The files of one data folder. */
export class MemoryFiles implements FileStore {
  /** Room for the content of all files, bytes. */
  capacityBytes: number;
  /** The most that one append takes, bytes. */
  writeBytesMax: number;
  #names = new Map<string, MemoryFile>();
  #durableNames = new Map<string, MemoryFile>();
  #folders = new Set([""]);
  #durableFolders = new Set([""]);
  #tasks: (() => void)[] = [];
  readonly #failures = new MemoryFileFailures();
  /** Bytes reserved by a running fill. */
  #filling = 0;
  /** Counts the processes that used the folder: callbacks of an earlier one never reach the next. */
  #process = 0;
  readonly #later: (task: () => void) => void;

  constructor(options: MemoryFilesOptions = {}) {
    this.capacityBytes = options.capacityBytes ?? Infinity;
    this.writeBytesMax = options.writeBytesMax ?? Infinity;
    this.#later = options.later ?? ((task) => this.#tasks.push(task));
  }

  /** Counts of calls, by operation. */
  get calls(): ReadonlyMap<Operation, number> {
    return this.#failures.calls;
  }

  /** Lets the calls from the `nth` from now on fail, as many as `times`. */
  fail(operation: Operation, nth: number, times = 1, code = "EIO"): void {
    this.#failures.fail(operation, nth, times, code);
  }

  /** Ends all planned failures. */
  heal(): void {
    this.#failures.heal();
  }

  /** Runs the deferred work and its consequences until nothing is left. */
  settle(): void {
    for (let task = this.#tasks.shift(); task !== undefined; task = this.#tasks.shift()) task();
  }

  /** Kills the process: its callbacks never come, but all its writes are there. */
  kill(): void {
    this.#process++;
    this.#tasks = [];
    this.#filling = 0;
  }

  /** Takes the machine down: `choices` decide about everything unsynced. */
  crash(choices: CrashChoices): void {
    this.kill();
    for (const folder of [...this.#folders]) {
      if (!this.#durableFolders.has(folder) && !choices.name(folder)) this.#loseFolder(folder);
    }
    for (const path of new Set([...this.#names.keys(), ...this.#durableNames.keys()])) {
      if (this.#names.get(path) !== this.#durableNames.get(path) && !choices.name(path)) {
        place(this.#names, path, this.#durableNames.get(path));
      }
    }
    for (const [path, file] of this.#names) {
      file.crash((page) => choices.page(path, page), () => choices.cut(path));
    }
    this.#durableNames = new Map(this.#names);
    this.#durableFolders = new Set(this.#folders);
  }

  /** Content of a file; empty if it does not exist. */
  bytesOf(path: string): Uint8Array<ArrayBuffer> {
    return this.#names.get(path)?.bytes() ?? new Uint8Array(0);
  }

  /** Puts a file on the disk. */
  put(path: string, bytes: Uint8Array): void {
    const file = new MemoryFile(bytes);
    const folder = folderOf(path);
    this.#folders.add(folder);
    this.#durableFolders.add(folder);
    this.#names.set(path, file);
    this.#durableNames.set(path, file);
  }

  /** Changes a file in the cache and on the disk, as bit rot does. */
  corrupt(path: string, change: (bytes: Uint8Array) => void): void {
    this.#file(path).corrupt(change);
  }

  /** Free room, bytes. */
  get freeBytes(): number {
    let used = this.#filling;
    for (const file of this.#names.values()) used += file.length;
    return this.capacityBytes - used;
  }

  list(folder: string): string[] {
    const paths = [...this.#names.keys()].filter((path) => folderOf(path) === folder);
    return paths.map((path) => path.slice(folder === "" ? 0 : folder.length + 1)).sort();
  }

  size(path: string): number | undefined {
    return this.#names.get(path)?.length;
  }

  read(path: string, offset: number, into: Uint8Array): number {
    this.#failures.called("read", path);
    return this.#file(path).read(offset, into);
  }

  reader(path: string, offset = 0): SequentialReader {
    let file: MemoryFile | undefined;
    let at = offset;
    const read = (into: Uint8Array): number => {
      this.#failures.called("read", path);
      file ??= this.#file(path);
      const got = file.read(at, into);
      at += got;
      return got;
    };
    return {
      read,
      readLater: (into, done) => {
        let got = 0;
        this.#afterwards(() => got = read(into), (error) => done(error ?? got));
      },
      close: () => {},
    };
  }

  appendLater(path: string, bytes: Uint8Array, done: Done): void {
    this.#afterwards(() => {
      let written = this.append(path, bytes);
      while (written < bytes.length) written += this.append(path, bytes.subarray(written));
    }, done);
  }

  append(path: string, bytes: Uint8Array): number {
    this.#failures.called("append", path);
    const file = this.#names.get(path) ?? this.#make(path);
    if (bytes.length === 0) return 0;
    const taken = Math.min(bytes.length, this.writeBytesMax, this.freeBytes);
    if (taken <= 0) throw systemError("ENOSPC", "append", path);
    file.append(bytes.subarray(0, taken));
    return taken;
  }

  sync(path: string, done: Done): void {
    const file = this.#file(path);
    const sync = file.beginSync();
    this.#afterwards(() => this.#endSync(path, file, sync), done);
  }

  syncNow(path: string): void {
    const file = this.#file(path);
    this.#endSync(path, file, file.beginSync());
  }

  truncate(path: string, bytes: number): void {
    this.#failures.called("truncate", path);
    this.#file(path).truncate(bytes);
  }

  rename(from: string, to: string): void {
    this.#failures.called("rename", from);
    this.#names.set(to, this.#file(from));
    this.#names.delete(from);
  }

  renameLater(from: string, to: string, done: Done): void {
    this.#afterwards(() => this.rename(from, to), done);
  }

  removeLater(path: string, done: Done): void {
    this.#afterwards(() => this.remove(path), done);
  }

  remove(path: string): void {
    this.#failures.called("remove", path);
    this.#names.delete(path);
  }

  syncFolder(folder: string, done: Done): void {
    this.#afterwards(() => this.syncFolderNow(folder), done);
  }

  syncFolderNow(folder: string): void {
    this.#failures.called("syncFolder", folder);
    for (const path of new Set([...this.#names.keys(), ...this.#durableNames.keys()])) {
      if (folderOf(path) === folder) place(this.#durableNames, path, this.#names.get(path));
    }
    for (const inner of this.#folders) if (folderOf(inner) === folder) this.#durableFolders.add(inner);
  }

  makeFolder(folder: string): void {
    this.#folders.add(folder);
  }

  close(_path: string): void {}

  fill(path: string, bytes: number, done: Done): void {
    const taken = Math.min(bytes, Math.max(0, this.freeBytes));
    this.#filling += taken;
    this.#afterwards(() => {
      this.#filling -= taken;
      this.#failures.called("fill", path);
      if (taken < bytes) throw systemError("ENOSPC", "fill", path);
      this.#names.set(path, new MemoryFile(new Uint8Array(bytes)));
    }, done);
  }

  #endSync(path: string, file: MemoryFile, sync: SyncUnderWay): void {
    try {
      this.#failures.called("sync", path);
    } catch (error) {
      file.failSync(sync);
      throw error;
    }
    file.endSync(sync);
  }

  /** Runs `act` later, if the calling process still runs, and passes it the outcome. */
  #afterwards(act: () => void, done: Done): void {
    const process = this.#process;
    this.#later(() => {
      if (process === this.#process) done(caught(act));
    });
  }

  #file(path: string): MemoryFile {
    const file = this.#names.get(path);
    if (file === undefined) throw systemError("ENOENT", "open", path);
    return file;
  }

  #make(path: string): MemoryFile {
    if (!this.#folders.has(folderOf(path))) throw systemError("ENOENT", "make", path);
    const file = new MemoryFile();
    this.#names.set(path, file);
    return file;
  }

  #loseFolder(folder: string): void {
    this.#folders.delete(folder);
    for (const path of this.list(folder)) {
      this.#names.delete(`${folder}/${path}`);
      this.#durableNames.delete(`${folder}/${path}`);
    }
  }
}

function place(names: Map<string, MemoryFile>, path: string, file: MemoryFile | undefined): void {
  if (file === undefined) names.delete(path);
  else names.set(path, file);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
