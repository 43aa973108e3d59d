/**
 * Checksums of the rows that decide who may log in: SQLite has none, and a flipped bit in a name or a hash must not go
 * unnoticed, as it does not in the log.
 *
 * @module
 */

import { crc32 } from "node:zlib";
import { ArchiveUnusable } from "./archive_unusable.ts";

/** Values of a row. */
type Values = readonly (string | number)[];

/** Checksum of a row: CRC-32 of its values as JSON. */
export function rowChecksum(values: Values): number {
  return crc32(JSON.stringify(values));
}

/** Compares a row with its checksum. @throws ArchiveUnusable if they do not fit */
export function checkRow(values: Values, crc: unknown): void {
  if (rowChecksum(values) !== crc) {
    throw new ArchiveUnusable("the archive is damaged: a checksum does not fit");
  }
}
