/**
 * The segment at which the archive begins to read its log.
 *
 * @module
 */

import { ArchiveUnusable } from "../archive/archive_unusable.ts";
import { isSameVersion } from "../core/same_version.ts";
import type { SegmentPlace } from "../log/log_follower.ts";
import { NO_CRC } from "../log/log_line.ts";
import type { LogPlace, SegmentBeginning } from "../ports/history.ts";

/** The archive, as far as it says where it is. */
interface PlacedArchive {
  readonly place: LogPlace;
  beginningBefore(segment: number): SegmentBeginning | undefined;
}

/** The beginning of a log. */
const FIRST: SegmentBeginning = {
  segment: 1,
  position: 0,
  version: new Map(),
  batch: 0,
  crc: NO_CRC,
  origin: undefined,
  writtenBy: undefined,
};

/**
 * Where to begin to read: at a segment of which the archive knows what came before.
 *
 * @param from the segment before its place, as the log has it; `undefined` if nobody has read the log
 * @throws {ArchiveUnusable} if it knows another log, or too little of this one
 */
export function beginningOf(
  archive: PlacedArchive,
  from: SegmentPlace | undefined,
): SegmentPlace | SegmentBeginning {
  if (archive.place.position === 0) return FIRST;
  const noted = archive.beginningBefore(from?.segment ?? Number.MAX_SAFE_INTEGER);
  if (from === undefined) {
    if (noted === undefined) {
      throw new ArchiveUnusable("it does not know where the segments of the log begin");
    }
    return noted;
  }
  if (noted?.segment !== from.segment) return noted ?? from;
  const isSame = noted.position === from.position && isSameVersion(noted.version, from.version);
  if (!isSame) throw new ArchiveUnusable(`it has noted another beginning of segment ${from.segment}`);
  return noted;
}
