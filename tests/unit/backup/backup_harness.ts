/**
 * Backups of a log in memory, on another disk in memory.
 *
 * @module
 */

import { claimFolder } from "../../../server/backup/backup_folder.ts";
import { BackupLog } from "../../../server/backup/backup_log.ts";
import { type MadeBackup, makeBackup } from "../../../server/backup/make_backup.ts";
import type { Manifest } from "../../../server/backup/manifest.ts";
import { refuseUsed, restoreLog } from "../../../server/backup/restore_log.ts";
import { verifyBackup } from "../../../server/backup/verify_backup.ts";
import { readManifest } from "../../../server/backup/backup_folder.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { atOnce, type LogSlices } from "../../../server/log/log_slices.ts";
import { verifyLog } from "../../../server/log/verify_log.ts";
import type { FileReads, FileStore } from "../../../server/ports/files.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";

/** Time of every backup. */
export const TIME = "2026-01-31T18:00:00.000Z";

/** The node that is backed up. */
export const OWNER = { cluster: "test", node: "node1" };

/** Everything in a folder in memory, as a real folder would list it. */
export function namesIn(files: MemoryFiles): string[] {
  const folders = ["log", "segments", "broken"].filter((folder) => files.list(folder).length > 0);
  return [...files.list(""), ...folders];
}

/** The durable content of a folder, on another disk. */
export function copyOf(files: MemoryFiles): MemoryFiles {
  const copy = new MemoryFiles();
  for (const folder of ["", "log", "segments"]) {
    for (const name of files.list(folder)) {
      const path = folder === "" ? name : `${folder}/${name}`;
      copy.put(path, files.bytesOf(path));
    }
  }
  return copy;
}

/** Makes a backup in slices. */
export function backingUp(
  source: FileReads,
  folder: MemoryFiles,
  target: FileStore = folder,
  settle: (path: string) => void = () => {},
): LogSlices<MadeBackup> {
  const before = claimFolder(target, namesIn(folder), { ...OWNER, time: TIME, program: "1.0.0" });
  return makeBackup({ source, settle, target, before, time: TIME, program: "1.0.0" });
}

/** Makes a backup in one go. */
export function backUp(source: FileReads, folder: MemoryFiles, target?: FileStore): MadeBackup {
  return atOnce(backingUp(source, folder, target));
}

/** The manifest of a folder that has one. */
export function manifestIn(folder: FileReads): Manifest {
  const manifest = readManifest(folder);
  if (manifest === undefined) throw new Error("there is no manifest");
  return manifest;
}

/** Restores a backup into a folder; returns true if an interrupted restore had copied everything. */
export function restore(
  folder: FileReads,
  data: MemoryFiles,
  { target = data, until }: { readonly target?: FileStore; readonly until?: number } = {},
): boolean {
  const manifest = manifestIn(folder);
  const { end } = atOnce(verifyBackup(folder, manifest, until));
  refuseUsed(data, namesIn(data));
  const log = new BackupLog(folder, manifest.segments);
  return atOnce(
    restoreLog({ log, end, target, timeMs: 1_700_000_100_000, backupMs: Date.parse(manifest.time) }),
  );
}

/** Verifies the backup in a folder. @throws {Error} if it is damaged */
export function verify(folder: MemoryFiles): void {
  atOnce(verifyBackup(folder, manifestIn(folder)));
}

/** The log in the backup in a folder. */
export function stored(folder: MemoryFiles): BackupLog {
  return new BackupLog(folder, manifestIn(folder).segments);
}

/** The entries of a whole log. @throws {Error} if it is damaged */
export function entriesOf(files: MemoryFiles | BackupLog): Entry[] {
  const entries: Entry[] = [];
  const { damage } = verifyLog(files as MemoryFiles, (entry) => entries.push(entry));
  if (damage !== undefined) throw new Error(JSON.stringify(damage));
  return entries;
}

/** The process was killed. */
export class Killed extends Error {}

/** Calls that change files. */
const CHANGES: ReadonlySet<string> = new Set([
  "append",
  "syncNow",
  "truncate",
  "rename",
  "remove",
  "syncFolderNow",
  "makeFolder",
]);

/** Files whose process is killed before one of its changes: that one and all later ones do not happen. */
export function killedBefore(files: MemoryFiles, change: number): FileStore {
  let count = 0;
  return new Proxy<FileStore>(files, {
    get: (target, name) => {
      const member = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      if (!CHANGES.has(String(name))) return member.bind(target);
      return (...args: unknown[]) => {
        if (count++ >= change) throw new Killed();
        return member.apply(target, args);
      };
    },
  });
}
