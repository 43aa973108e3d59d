/**
 * Files that are written whole: beside the old one, synced, and only then under their name, so that a crash
 * leaves either the old one or the new one.
 *
 * @module
 */

import type { FileStore } from "../ports/files.ts";
import { LOG_FOLDER, segmentPath } from "./segments.ts";

/** Suffix of a file until it is whole. */
const UNFINISHED = ".new";

/** Bytes that are copied at once. */
const CHUNK_BYTES = 262_144;

/** Appends all the bytes, however few the disk takes at once. */
export function appendAll(files: FileStore, path: string, bytes: Uint8Array): void {
  let written = files.append(path, bytes);
  while (written < bytes.length) written += files.append(path, bytes.subarray(written));
}

/** Appends a stretch of one file to another. */
export function appendCopy(files: FileStore, from: string, start: number, end: number, to: string): void {
  const chunk = new Uint8Array(Math.min(CHUNK_BYTES, end - start));
  for (let offset = start; offset < end;) {
    const got = files.read(from, offset, chunk.subarray(0, Math.min(chunk.length, end - offset)));
    if (got === 0) {
      throw new Error(`${from} ends at byte ${offset}, but had ${end} bytes: it was changed meanwhile`);
    }
    appendAll(files, to, chunk.subarray(0, got));
    offset += got;
  }
}

/** Path of a segment that is being written anew. */
export function unfinishedPath(segment: number): string {
  return segmentPath(segment) + UNFINISHED;
}

/** Removes the unfinished files that a crash left in the folder of the log. */
export function removeUnfinished(files: FileStore): void {
  for (const name of files.list(LOG_FOLDER)) {
    if (name.endsWith(UNFINISHED)) files.remove(`${LOG_FOLDER}/${name}`);
  }
}

/** A segment that is written anew, and then replaces the old one if there is one. */
export class SegmentRewrite {
  readonly #files: FileStore;
  readonly #path: string;
  readonly #unfinished: string;

  /** @param segment number of the segment */
  constructor(files: FileStore, segment: number) {
    this.#files = files;
    this.#path = segmentPath(segment);
    this.#unfinished = unfinishedPath(segment);
    files.remove(this.#unfinished);
    files.append(this.#unfinished, new Uint8Array(0));
  }

  /** Takes over the first bytes of the old segment. */
  keep(bytes: number): void {
    appendCopy(this.#files, this.#path, 0, bytes, this.#unfinished);
  }

  /** Adds bytes. */
  append(bytes: Uint8Array): void {
    appendAll(this.#files, this.#unfinished, bytes);
  }

  /** Makes it durable, and the segment. */
  finish(): void {
    this.#files.syncNow(this.#unfinished);
    this.#files.close(this.#unfinished);
    this.#files.close(this.#path);
    this.#files.rename(this.#unfinished, this.#path);
    this.#files.syncFolderNow(LOG_FOLDER);
  }

  /** Leaves the old segment as it is. */
  abandon(): void {
    this.#files.close(this.#unfinished);
    this.#files.remove(this.#unfinished);
  }
}
