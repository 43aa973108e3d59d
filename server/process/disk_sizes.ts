/**
 * The sizes of a data folder for the metrics. They are read in the background: a disk that is slow, or hangs, holds
 * neither the event loop nor a scrape up.
 *
 * @module
 */

import { statfs } from "node:fs/promises";
import { isSegment, LOG_FOLDER } from "../log/segments.ts";

/** Longest wait for sizes of this moment, ms. After that, those of the time before are good enough. */
const WAIT_MS = 100;

/** Sizes on the disk of a data folder, bytes. */
export interface DiskSizes {
  /** Length of the files of the log; `undefined` if they cannot be read. */
  readonly log: number | undefined;
  /**
   * Free space for this user; `undefined` where it cannot be known: it takes the permission `--allow-sys=statfs`, which a
   * node is not given unless its operator does.
   */
  readonly free: number | undefined;
}

/** The sizes of one data folder, as they were read last. */
export class DiskWatch {
  #last: DiskSizes = { log: undefined, free: undefined };
  #reading: Promise<void> | undefined;
  readonly #read: () => Promise<DiskSizes>;

  /** @param read must not reject */
  constructor(read: () => Promise<DiskSizes>) {
    this.#read = read;
  }

  /** Reads the sizes anew; after 100 ms, those that were read last, and the disk is asked no second time meanwhile. */
  async sizes(): Promise<DiskSizes> {
    this.#reading ??= this.#refresh();
    let timer: ReturnType<typeof setTimeout> | undefined;
    await Promise.race([this.#reading, new Promise((resolve) => timer = setTimeout(resolve, WAIT_MS))]);
    clearTimeout(timer);
    return this.#last;
  }

  async #refresh(): Promise<void> {
    this.#last = await this.#read();
    this.#reading = undefined;
  }
}

/** Reads the sizes of a data folder. Never rejects. */
export async function readDiskSizes(data: string): Promise<DiskSizes> {
  const [log, free] = await Promise.all([logBytes(`${data}/${LOG_FOLDER}`), freeBytes(data)]);
  return { log, free };
}

async function logBytes(folder: string): Promise<number | undefined> {
  try {
    let bytes = 0;
    for await (const { name } of Deno.readDir(folder)) {
      if (isSegment(name)) bytes += (await Deno.stat(`${folder}/${name}`)).size;
    }
    return bytes;
  } catch {
    return undefined;
  }
}

async function freeBytes(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
