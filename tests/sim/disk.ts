/**
 * The disk of one machine: files in memory with the faults of real disks, and a ledger of durable content.
 *
 * @module
 */

import type { Done, FileStore, SequentialReader } from "../../server/ports/files.ts";
import { type CrashChoices, MemoryFiles, type Operation } from "../testing/memory_files.ts";
import type { Chance } from "./chance.ts";
import type { Checks } from "./checks.ts";
import { DiskLedger, DiskLife } from "./disk_ledger.ts";
import type { EntryRegistry } from "./entry_registry.ts";
import type { Act } from "./event_queue.ts";

/** Thrown by the call during which the machine loses its power. */
export class PowerLoss extends Error {
  override readonly name = "PowerLoss";
}

/** The world as a disk uses it. */
export interface DiskWorld {
  readonly chance: Chance;
  readonly checks: Checks;
  readonly registry: EntryRegistry;
  /** Virtual time, ms. */
  nowMs(): number;
  /** Runs a callback of the present process after the delay of the disk. */
  later(act: Act): void;
  /** Reports the failure of an operation that the log depends on. */
  failedForGood(what: string): void;
  /** Reports that the power went during a call. */
  powerLost(): void;
}

/** A file store with crashes, power loss, full disks and wipes. */
export class Disk implements FileStore {
  files: MemoryFiles;
  ledger: DiskLedger;
  /** Every disk that the machine has had; the last one is the present one. */
  readonly lives: DiskLife[] = [];
  /** Probability that an unsynced page or name survives a crash. */
  keptPages = 0.5;
  #wipes = 0;
  #callsUntilPowerLoss = Infinity;
  readonly #name: string;
  readonly #world: DiskWorld;

  constructor(name: string, world: DiskWorld) {
    this.#name = name;
    this.#world = world;
    this.files = this.#newFiles();
    this.ledger = this.#newLedger();
  }

  /** The present disk of the machine. */
  get life(): DiskLife {
    return this.ledger.life;
  }

  #newFiles(): MemoryFiles {
    return new MemoryFiles({ later: (task) => this.#world.later(task) });
  }

  #newLedger(): DiskLedger {
    const { registry, checks } = this.#world;
    const life = new DiskLife(`${this.#name}.${this.#wipes}`);
    this.lives.push(life);
    return new DiskLedger(life, registry, checks);
  }

  /** Destroys the disk and replaces it by an empty one. */
  wipe(): void {
    const { writeBytesMax } = this.files;
    this.life.destroyedMs = this.#world.nowMs();
    this.#wipes++;
    this.files = this.#newFiles();
    this.files.writeBytesMax = writeBytesMax;
    this.ledger = this.#newLedger();
  }

  /** The content has changed by itself: no promise that rests on this disk binds any more. */
  distrust(): void {
    this.life.destroyedMs = this.#world.nowMs();
    this.#wipes++;
    this.ledger = this.#newLedger();
    this.life.isUnknown = true;
  }

  /** Every file, as a copy for another disk. */
  copy(): ReadonlyMap<string, Uint8Array> {
    return new Map(this.#paths().map((path) => [path, this.files.bytesOf(path)]));
  }

  /** Replaces the content by a copy. The server must not be running. */
  restore(copy: ReadonlyMap<string, Uint8Array>): void {
    this.wipe();
    this.life.isUnknown = true;
    for (const [path, bytes] of copy) this.files.put(path, bytes);
  }

  #paths(): string[] {
    return ["", "log", "broken"].flatMap((folder) =>
      this.files.list(folder).map((name) => folder === "" ? name : `${folder}/${name}`)
    );
  }

  /** The power goes at the `nth` call from now on. */
  losePowerAt(nth: number): void {
    this.#callsUntilPowerLoss = nth;
  }

  /** The machine goes down: unsynced pages and names survive, tear or vanish at random. */
  crash(): void {
    const { chance } = this.#world;
    const choices: CrashChoices = {
      page: () => {
        if (chance.is(this.keptPages)) return "kept";
        const fate = chance.below(3);
        return fate === 0 ? "lost" : fate === 1 ? "zeroed" : chance.below(8);
      },
      name: () => chance.is(this.keptPages),
      cut: () => chance.is(this.keptPages),
    };
    this.#callsUntilPowerLoss = Infinity;
    this.files.heal();
    this.files.crash(choices);
    this.ledger.crashed();
  }

  /** Ends all faults of the disk. */
  heal(): void {
    this.files.heal();
    this.files.capacityBytes = Infinity;
    this.files.writeBytesMax = Infinity;
    this.#callsUntilPowerLoss = Infinity;
  }

  /** Fills the disk, except for a few bytes. */
  fillUp(freeBytes: number): void {
    const bytes = this.#paths().reduce((sum, path) => sum + (this.files.size(path) ?? 0), 0);
    this.files.capacityBytes = bytes + freeBytes;
  }

  list(folder: string): string[] {
    this.#called();
    return this.files.list(folder);
  }

  size(path: string): number | undefined {
    this.#called();
    return this.files.size(path);
  }

  read(path: string, offset: number, into: Uint8Array): number {
    this.#called();
    return this.files.read(path, offset, into);
  }

  reader(path: string, offset = 0): SequentialReader {
    this.#called();
    return this.files.reader(path, offset);
  }

  append(path: string, bytes: Uint8Array): number {
    this.#called();
    const before = this.files.size(path);
    const written = this.#watched("append", path, () => this.files.append(path, bytes));
    this.ledger.appended(path, before, bytes.subarray(0, written));
    return written;
  }

  appendLater(path: string, bytes: Uint8Array, done: Done): void {
    this.#called();
    const before = this.files.size(path);
    const copy = bytes.slice();
    this.files.appendLater(path, bytes, (error) => {
      if (error === undefined) this.ledger.appended(path, before, copy);
      done(error);
    });
  }

  sync(path: string, done: Done): void {
    this.#called();
    const length = this.ledger.syncBegins(path);
    this.files.sync(path, (error) => {
      this.ledger.syncEnded(path, length, error);
      done(error);
      if (error !== undefined) this.#failed("sync", path);
    });
  }

  syncNow(path: string): void {
    this.#called();
    const length = this.ledger.syncBegins(path);
    this.#watched("sync", path, () => this.files.syncNow(path));
    this.ledger.syncEnded(path, length, undefined);
  }

  truncate(path: string, bytes: number): void {
    this.#called();
    this.files.truncate(path, bytes);
    this.ledger.truncated(path, bytes);
  }

  rename(from: string, to: string): void {
    this.#called();
    this.files.rename(from, to);
    this.ledger.renamed(from, to);
  }

  renameLater(from: string, to: string, done: Done): void {
    this.#called();
    this.files.renameLater(from, to, (error) => {
      if (error === undefined) this.ledger.renamed(from, to);
      done(error);
    });
  }

  remove(path: string): void {
    this.#called();
    this.files.remove(path);
    this.ledger.removed(path);
  }

  removeLater(path: string, done: Done): void {
    this.#called();
    this.files.removeLater(path, (error) => {
      if (error === undefined) this.ledger.removed(path);
      done(error);
    });
  }

  syncFolder(folder: string, done: Done): void {
    this.#called();
    this.files.syncFolder(folder, (error) => {
      if (error === undefined) this.ledger.folderSynced(folder);
      done(error);
      if (error !== undefined) this.#failed("syncFolder", `${folder}/`);
    });
  }

  syncFolderNow(folder: string): void {
    this.#called();
    this.#watched("syncFolder", `${folder}/`, () => this.files.syncFolderNow(folder));
    this.ledger.folderSynced(folder);
  }

  makeFolder(folder: string): void {
    this.#called();
    this.files.makeFolder(folder);
  }

  close(path: string): void {
    this.files.close(path);
  }

  fill(path: string, bytes: number, done: Done): void {
    this.#called();
    this.files.fill(path, bytes, done);
  }

  /** @throws {PowerLoss} if the power goes with this call */
  #called(): void {
    if (--this.#callsUntilPowerLoss > 0) return;
    this.#world.powerLost();
    throw new PowerLoss(`the power of ${this.#name} has gone`);
  }

  #watched<Result>(operation: Operation, path: string, act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      const isFull = (error as { code?: string }).code === "ENOSPC";
      if (!isFull) this.#failed(operation, path);
      throw error;
    }
  }

  /** Reports a failed operation on the log, after the product's callback, which must have reacted by then. */
  #failed(operation: Operation, path: string): void {
    if (path.startsWith("log/") && !path.endsWith(".new")) {
      this.#world.failedForGood(`${operation} of ${path} has failed`);
    }
  }
}
