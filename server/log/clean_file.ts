/**
 * The file `clean`: it says where the log ended when the node was shut down in order, so that the next start
 * can tell that everything else it finds is damage (`proto/log_format.md`, section 7).
 *
 * @module
 */

import type { FileStore } from "../ports/files.ts";
import { errorOf } from "./log_errors.ts";
import { type LogEnd, segmentName } from "./segments.ts";
import { appendAll } from "./whole_files.ts";

/** Path in the data folder. */
export const CLEAN_FILE = "clean";

const UNFINISHED = "clean.new";

/** More than the file ever has, bytes. */
const CLEAN_BYTES_MAX = 256;

/** State of the last shutdown: in order or not, and if so, with the log ending where it ended then or not. */
export type CleanState = "unclean" | "clean" | "mismatch";

/** Compares the file with the end of the log. The text is compared: a flipped bit anywhere must be seen. */
export function readClean(files: FileStore, end: LogEnd): CleanState {
  if (files.size(CLEAN_FILE) === undefined) return "unclean";
  const bytes = new Uint8Array(CLEAN_BYTES_MAX);
  const length = files.read(CLEAN_FILE, 0, bytes);
  return new TextDecoder().decode(bytes.subarray(0, length)) === cleanText(end) ? "clean" : "mismatch";
}

/** Removes the file, durably. */
export function removeClean(files: FileStore): void {
  files.remove(CLEAN_FILE);
  files.syncFolderNow("");
}

/** Writes the file; the log must be synced. `done` gets an error if it could not: the end is unclean then. */
export function writeClean(files: FileStore, end: LogEnd, done: (error?: Error) => void): void {
  const attempt = (step: () => void): void => {
    try {
      step();
    } catch (thrown) {
      done(errorOf(thrown));
    }
  };
  attempt(() => {
    files.remove(UNFINISHED);
    appendAll(files, UNFINISHED, new TextEncoder().encode(cleanText(end)));
    files.sync(UNFINISHED, (error) => {
      if (error !== undefined) return done(error);
      attempt(() => {
        files.close(UNFINISHED);
        files.rename(UNFINISHED, CLEAN_FILE);
        files.syncFolder("", done);
      });
    });
  });
}

function cleanText(end: LogEnd): string {
  return JSON.stringify({ segment: segmentName(end.segment), bytes: end.bytes, crc: end.crc }) + "\n";
}
