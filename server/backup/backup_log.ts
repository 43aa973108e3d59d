/**
 * A backup as the log of a data folder, for everything that reads logs.
 *
 * @module
 */

import { LOG_FOLDER, segmentName, segmentPath } from "../log/segments.ts";
import type { FileReads, SequentialReader } from "../ports/files.ts";
import type { StoredSegment } from "./manifest.ts";

/** The part of a file that belongs to the backup. */
export type StoredFile = Pick<StoredSegment, "file" | "bytes">;

/** The log in a backup: the first bytes of each of its files, under the names of the segments. */
export class BackupLog implements FileReads {
  readonly #files: FileReads;
  readonly #stored: ReadonlyMap<string, StoredFile>;

  /**
   * @param files those of the backup's folder
   * @param segments from segment 1 on
   */
  constructor(files: FileReads, segments: readonly StoredFile[]) {
    this.#files = files;
    this.#stored = new Map(segments.map((stored, index) => [segmentPath(index + 1), stored]));
  }

  list(folder: string): string[] {
    return folder === LOG_FOLDER ? Array.from(this.#stored.keys(), (_, index) => segmentName(index + 1)) : [];
  }

  size(path: string): number | undefined {
    return this.#stored.get(path)?.bytes;
  }

  read(path: string, offset: number, into: Uint8Array): number {
    const { file, bytes } = this.#storedAt(path);
    return this.#files.read(file, offset, into.subarray(0, Math.max(0, bytes - offset)));
  }

  reader(path: string, offset = 0): SequentialReader {
    const { file, bytes } = this.#storedAt(path);
    return new BoundedReader(this.#files.reader(file, offset), bytes - offset);
  }

  #storedAt(path: string): StoredFile {
    const stored = this.#stored.get(path);
    if (stored === undefined) throw new Error(`the backup has no ${path}`);
    return stored;
  }
}

/** Reads the first bytes of a file only. */
class BoundedReader implements SequentialReader {
  readonly #reader: SequentialReader;
  #left: number;

  constructor(reader: SequentialReader, bytes: number) {
    this.#reader = reader;
    this.#left = bytes;
  }

  read(into: Uint8Array): number {
    if (this.#left <= 0) return 0;
    const got = this.#reader.read(into.subarray(0, this.#left));
    this.#left -= got;
    return got;
  }

  readLater(into: Uint8Array, done: (outcome: number | Error) => void): void {
    if (this.#left <= 0) return done(0);
    this.#reader.readLater(into.subarray(0, this.#left), (outcome) => {
      if (typeof outcome === "number") this.#left -= outcome;
      done(outcome);
    });
  }

  close(): void {
    this.#reader.close();
  }
}
