/**
 * The peers that must prove themselves, in a file of the data folder: one name a line, or `*` for all. A node of an
 * earlier version cannot prove itself and makes no such file, so a folder that it has begun has none. A folder that
 * this version begins says `*` before it has a log.
 *
 * @module
 */

import type { FileStore } from "../ports/files.ts";
import { LOG_FOLDER } from "./segments.ts";
import { appendAll } from "./whole_files.ts";

/** Path in the data folder. */
const FILE = "proven";

/** Stands for every peer, present and future. */
export const ALL = "*";

/** The names in the file. */
export function readProven(files: FileStore): ReadonlySet<string> {
  const bytes = new Uint8Array(files.size(FILE) ?? 0);
  let count = 0;
  while (count < bytes.length) {
    const read = files.read(FILE, count, bytes.subarray(count));
    if (read === 0) break;
    count += read;
  }
  const lines = new TextDecoder().decode(bytes.subarray(0, count)).split("\n");
  return new Set(lines.filter((line) => line !== ""));
}

/** Adds a name, durably. */
export function addProven(files: FileStore, name: string): void {
  // The line before may have been cut by a crash.
  appendAll(files, FILE, new TextEncoder().encode(`\n${name}\n`));
  files.syncNow(FILE);
  files.syncFolderNow("");
  files.close(FILE);
}

/** Says durably of a folder without a log that all peers must prove themselves. */
export function markNew(files: FileStore): void {
  if (files.list(LOG_FOLDER).length === 0 && files.size(FILE) === undefined) addProven(files, ALL);
}
