/**
 * The decision to trust an archive that an earlier run left.
 *
 * @module
 */

import type { Version } from "./version.ts";

/**
 * True if the first entries of the log are the ones that the archive was folded from. Positions, sequence numbers,
 * stamps and chains stay as they are when content is erased; every other change of the log changes one of them:
 * entries that a repair has cut or moved, an older log that was put back, a log that was filled anew.
 *
 * @param archive version that the archive has folded
 * @param log version of the log at the same position
 */
export function isSameVersion(archive: Version, log: Version): boolean {
  if (archive.size !== log.size) return false;
  for (const [origin, { seq, stamp, chain }] of archive) {
    const last = log.get(origin);
    if (last === undefined || last.seq !== seq || last.stamp !== stamp || last.chain !== chain) return false;
  }
  return true;
}
