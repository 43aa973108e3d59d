/**
 * Checksums of messages: SQLite has none of its pages, and a flipped bit must not be shown as somebody's words.
 *
 * @module
 */

import { crc32 } from "node:zlib";
import type { ArchivedMessage } from "../core/messages/archived.ts";
import type { EarlyMark } from "../core/messages/early_mark.ts";
import { ArchiveUnusable } from "./archive_unusable.ts";

/** The marks that a checksum covers: those that decide who sees a message, and how. */
type CoveredMarks = Pick<EarlyMark, "progress" | "hidden" | "deleted">;

/** Everything of a message that a checksum covers, with ids and names in place of the numbers in its row. */
interface CoveredMessage extends Omit<ArchivedMessage, "marks"> {
  readonly marks: Readonly<CoveredMarks>;
}

/** Spreads the few values of marks over all bits of a checksum. Odd, so that no two become the same. */
const SPREAD = 0x9e37_79b1;

/**
 * Checksum of a message, a signed number of 32 bits: CRC-32 of its parts, and beside it its marks, so that these can be
 * changed without a look at the content. As text, not as JSON: this takes half the time, and SQLite returns half a
 * surrogate pair as U+FFFD, which has the same bytes here.
 */
export function messageChecksum(message: CoveredMessage): number {
  const { time, sender, recipient, origin, id, content, marks } = message;
  return crc32(`${time} ${sender} ${recipient} ${origin} ${id}\n${content}`) ^ marksChecksum(marks);
}

/** Checksum of a message that has got other marks, and was not deleted by them. */
export function checksumWith(checksum: number, before: CoveredMarks, after: CoveredMarks): number {
  return checksum ^ marksChecksum(before) ^ marksChecksum(after);
}

function marksChecksum({ progress, hidden, deleted }: CoveredMarks): number {
  return Math.imul(4 * progress + 2 * Number(hidden) + Number(deleted), SPREAD);
}

/** Compares a message with its checksum. @throws ArchiveUnusable if they do not fit */
export function checkMessage(message: CoveredMessage, checksum: unknown): void {
  if (messageChecksum(message) !== checksum) {
    throw new ArchiveUnusable("the archive is damaged: the checksum of a message does not fit");
  }
}
