/**
 * The folder of a backup on a real disk.
 *
 * @module
 */

import { BackupDamaged, BackupRefused } from "../backup/backup_errors.ts";
import { readManifest } from "../backup/backup_folder.ts";
import { type Manifest, MANIFEST_FILE } from "../backup/manifest.ts";
import { DenoFiles } from "../log/deno_files.ts";
import { isDiskFull } from "../log/log_errors.ts";
import { DataFolderLocked, type DataLock, lockDataFolder, lockForReading } from "../log/lock.ts";
import { systemClock } from "../process/system_ports.ts";

/** A backup to be read. `using` lets the next one be made there. */
interface OpenBackup extends Disposable {
  readonly files: DenoFiles;
  readonly manifest: Manifest;
}

/**
 * Opens a backup, and lets none be made there meanwhile.
 *
 * @throws {BackupRefused} if there is none, or if one is being made there
 * @throws {BackupDamaged} if its manifest is damaged
 */
export function openBackup(folder: string): OpenBackup {
  if (kindOf(folder) !== "folder") throw new BackupRefused("there is no such folder");
  const files = new DenoFiles(folder);
  const lock = readingLock(folder);
  try {
    return { files, manifest: presentManifest(files), [Symbol.dispose]: () => lock[Symbol.dispose]() };
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

function readingLock(folder: string): Disposable {
  try {
    return lockForReading(folder);
  } catch (error) {
    if (!(error instanceof DataFolderLocked)) throw error;
    throw new BackupRefused("a backup is being made there; wait for it", { cause: error });
  }
}

function presentManifest(files: DenoFiles): Manifest {
  const manifest = readManifest(files);
  if (manifest !== undefined) return manifest;
  throw new BackupRefused(
    `it has no ${MANIFEST_FILE}, so it is no backup that \`chat-server backup\` has made`,
  );
}

/** A folder to back up into, which is locked. */
interface BackupPlace {
  readonly files: DenoFiles;
  readonly lock: DataLock;
  /** The names in it. */
  readonly names: readonly string[];
}

/**
 * Takes a folder to back up into, made if it is missing.
 *
 * @param data the data folder
 * @throws {BackupRefused} if it lies in the data folder, is no folder, or is in use
 * @throws {Error} of the system
 */
export function takePlace(folder: string, data: string, node: string): BackupPlace {
  if (kindOf(folder) === "other") {
    throw new BackupRefused("it is no folder; name one, or one that does not exist yet");
  }
  if (isWithin(folder, data)) {
    throw new BackupRefused(
      `it is in the data folder ${data}, with which it would be lost: name one elsewhere`,
    );
  }
  const files = new DenoFiles(folder);
  const names = namesIn(folder);
  return { files, names, lock: lockPlace(folder, node) };
}

/** The names in a folder. */
export function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

/** The kind of thing that has a path. */
export function kindOf(path: string): "folder" | "other" | "nothing" {
  try {
    return Deno.statSync(path).isDirectory ? "folder" : "other";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "nothing";
    throw error;
  }
}

/** True if a folder, which need not exist, is another one or lies in it. */
function isWithin(folder: string, outer: string): boolean {
  const outerPath = Deno.realPathSync(outer);
  const path = realPath(folder);
  return path === outerPath || path.startsWith(`${outerPath}/`) || path.startsWith(`${outerPath}\\`);
}

/** Path of a folder without links; of one that does not exist, as far as it does. */
function realPath(path: string): string {
  if (kindOf(path) !== "nothing") return Deno.realPathSync(path);
  const trimmed = path.replace(/[/\\]+$/, "");
  const slash = Math.max(trimmed.lastIndexOf("/"), trimmed.lastIndexOf("\\"));
  const outer = slash < 0 ? "." : slash === 0 ? "/" : trimmed.slice(0, slash);
  return `${realPath(outer)}/${trimmed.slice(slash + 1)}`;
}

function lockPlace(folder: string, node: string): DataLock {
  try {
    return lockDataFolder(folder, { node, pid: Deno.pid, startedMs: systemClock.wallMs() });
  } catch (error) {
    if (!(error instanceof DataFolderLocked)) throw error;
    throw new BackupRefused(
      "a backup is being made, verified or restored there; wait for it, or name another folder",
      { cause: error },
    );
  }
}

/** A failure for people: the folder, the cause, and the way out. */
export function placeFailure(what: string, folder: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const begin = `${what} ${folder}: ${message}`;
  if (error instanceof BackupRefused || error instanceof BackupDamaged) return begin;
  if (isDiskFull(error)) return `${begin}. The disk is full: free space, or name a folder on another disk`;
  // It may be another folder. An error that names its path in another way has a way out of its own.
  const path = /'([^']+)'$/.exec(message)?.[1];
  if (path === undefined) return begin;
  if (message.includes("Read-only file system")) {
    return `${begin}. Make ${path} writable, or name another folder`;
  }
  const isForbidden = error instanceof Deno.errors.PermissionDenied;
  return isForbidden ? `${begin}. Let this user read and write ${path}, or name another folder` : begin;
}
