/**
 * The free space of a disk.
 *
 * @module
 */

import { statfsSync } from "node:fs";

/**
 * Free space for this user on the disk of a folder, bytes; `undefined` where it cannot be known: it takes the permission
 * `--allow-sys=statfs`, which a node is not given unless its operator does.
 */
export function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
