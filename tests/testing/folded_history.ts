/**
 * A history in an archive, and in a state beside it.
 *
 * @module
 */

import type { ArchiveDatabase } from "../../server/archive/archive_database.ts";
import { evolve } from "../../server/core/evolve.ts";
import { State } from "../../server/core/state.ts";
import type { MessageHistory } from "./message_histories.ts";
import type { SeededNumbers } from "./seeded_numbers.ts";

/** Folds a history into an archive, in parts of at most so many entries, with slices of compaction; returns its state. */
export function foldInParts(
  archive: ArchiveDatabase,
  { entries }: MessageHistory,
  partMax: number,
  numbers: SeededNumbers,
): State {
  const state = new State();
  for (let at = 0; at < entries.length;) {
    const part = entries.slice(at, at + 1 + numbers.below(partMax));
    at += part.length;
    for (const entry of part) evolve(state, entry);
    archive.fold(part, at);
    for (let slices = numbers.below(3); slices > 0 && archive.compact(1); slices--);
  }
  return state;
}
