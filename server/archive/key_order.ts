/**
 * The order of keys in what is read slice by slice: a damaged tree may lead back to rows that were read, for ever.
 *
 * @module
 */

import { ArchiveUnusable } from "./archive_unusable.ts";

/** The last key of a slice, from which the next one goes on. @throws ArchiveUnusable if it is not behind the one before */
export function keyBehind<Key extends string | number>(before: Key, last: Key): Key {
  // Texts are in SQLite's order, which is that of their bytes.
  if (typeof last === "string" ? last !== before : last > before) return last;
  throw new ArchiveUnusable(`the archive is damaged: its rows lead from ${before} back to ${last}`);
}
