/**
 * What happens to the archives of a world, counted: `archives_test.ts` must have met all of it.
 *
 * @module
 */

/** Events, in the words of the report. */
export const ARCHIVE_EVENTS = [
  "loaded at its log's end",
  "loaded behind its log",
  "loaded with marks on messages that have not arrived",
  "loaded although its log is damaged before",
  "not loaded, ahead of its log or of other entries",
  "not loaded, of another version",
  "not loaded, damaged",
  "lost before a start",
  "lost while requests wait",
  "taken back by a power loss",
  "server killed behind a transaction",
  "power lost behind a transaction",
  "power lost while it is made anew",
] as const;

/** One of `ARCHIVE_EVENTS`. */
export type ArchiveEvent = (typeof ARCHIVE_EVENTS)[number];

/** Numbers of events. */
export type ArchiveCounts = Record<ArchiveEvent, number>;

/** Counts of nothing. */
export function noArchiveEvents(): ArchiveCounts {
  return Object.fromEntries(ARCHIVE_EVENTS.map((event) => [event, 0])) as ArchiveCounts;
}
