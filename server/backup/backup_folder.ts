/**
 * The folder of a backup: its manifest, and the files that belong to it.
 *
 * @module
 */

import type { FileReads, FileStore } from "../ports/files.ts";
import { appendAll } from "../log/whole_files.ts";
import { BackupDamaged, BackupRefused } from "./backup_errors.ts";
import {
  type BackupOwner,
  encodeManifest,
  type Manifest,
  MANIFEST_BYTES_MAX,
  MANIFEST_FILE,
  manifestOf,
  parseManifest,
} from "./manifest.ts";

/** Folder of the copies of segments. */
export const SEGMENTS_FOLDER = "segments";

const UNFINISHED = `${MANIFEST_FILE}.new`;

/** Names that an interrupted first backup leaves, and one that many file systems have from the beginning. */
const NAMES_BEFORE: ReadonlySet<string> = new Set(["lock", "lost+found", UNFINISHED]);

/**
 * Reads the manifest of a backup.
 *
 * @returns `undefined` if there is none
 * @throws {BackupDamaged} if it is damaged
 */
export function readManifest(files: FileReads): Manifest | undefined {
  const length = files.size(MANIFEST_FILE);
  if (length === undefined) return undefined;
  if (length > MANIFEST_BYTES_MAX) {
    const problem = `it has ${length} bytes, more than the ${MANIFEST_BYTES_MAX} of the longest one`;
    throw new BackupDamaged(MANIFEST_FILE, problem);
  }
  const bytes = new Uint8Array(length);
  let count = 0;
  for (let got = 1; got > 0; count += got) got = files.read(MANIFEST_FILE, count, bytes.subarray(count));
  const parsed = parseManifest(bytes.subarray(0, count));
  if (typeof parsed === "string") throw new BackupDamaged(MANIFEST_FILE, parsed);
  return parsed;
}

/** Replaces the manifest, durably. The files that it names must be durable. */
export function writeManifest(files: FileStore, manifest: Manifest): void {
  files.remove(UNFINISHED);
  appendAll(files, UNFINISHED, encodeManifest(manifest));
  files.syncNow(UNFINISHED);
  files.close(UNFINISHED);
  files.rename(UNFINISHED, MANIFEST_FILE);
  files.syncFolderNow("");
}

/**
 * Takes a folder for the backups of a node. A new one gets a manifest without segments, so that an interrupted first
 * backup can be told from files of somebody else.
 *
 * @param names everything in the folder
 * @param head of the manifest of a new folder
 * @returns the manifest of the last backup
 * @throws {BackupRefused} if the folder is another node's, has other files, or its manifest is damaged
 */
export function claimFolder(
  files: FileStore,
  names: Iterable<string>,
  head: BackupOwner & Pick<Manifest, "time" | "program">,
): Manifest {
  const present = manifestBefore(files);
  if (present !== undefined) return ofOwner(present, head);
  const foreign = [...names].find((name) => !NAMES_BEFORE.has(name));
  if (foreign !== undefined) {
    throw new BackupRefused(
      `it has no ${MANIFEST_FILE}, and is not empty (there is ${foreign}): name an empty folder, one that does not ` +
        "exist yet, or one with backups of this node",
    );
  }
  const manifest = manifestOf({ ...head, number: 0, segments: [] });
  files.makeFolder(SEGMENTS_FOLDER);
  writeManifest(files, manifest);
  return manifest;
}

/** Damage there may be repaired with another copy, and must not be replaced. */
function manifestBefore(files: FileReads): Manifest | undefined {
  try {
    return readManifest(files);
  } catch (error) {
    if (!(error instanceof BackupDamaged)) throw error;
    throw new BackupRefused(
      `${error.finding}. The backup there stays as it is: name another folder for the backups from now on`,
      { cause: error },
    );
  }
}

function ofOwner(manifest: Manifest, { cluster, node }: BackupOwner): Manifest {
  if (manifest.cluster === cluster && manifest.node === node) return manifest;
  throw new BackupRefused(
    `it has backups of ${manifest.node} of the cluster ${manifest.cluster}, and this is ${node} of ${cluster}: ` +
      "give every node a folder of its own",
  );
}

/** Removes everything that does not belong to a backup: copies, and what was appended to them. */
export function tidyFolder(files: FileStore, { segments }: Manifest): void {
  const named = new Map(segments.map(({ file, bytes }) => [file, bytes]));
  for (const name of files.list(SEGMENTS_FOLDER)) {
    const file = `${SEGMENTS_FOLDER}/${name}`;
    const bytes = named.get(file);
    files.close(file);
    if (bytes === undefined) files.remove(file);
    else if ((files.size(file) ?? 0) > bytes) files.truncate(file, bytes);
  }
}
