/**
 * The kinds of schedules with copies of a data folder.
 *
 * @module
 */

/** The kinds of schedules. */
export type TwinsKind =
  /** Each copy reaches some of the others, or none. */
  | "apart"
  /** The second copy writes alone, and then comes to the peers of the original. */
  | "same peers"
  /** The others find the fork while the copies are away; a copy comes back while the holder of its branch is away. */
  | "holder away"
  /** One of the others has lost an entry, so that its log has no chains. */
  | "gap"
  /** A copy is copied again, so that there are three branches. */
  | "three copies";

/** All kinds. */
export const TWINS_KINDS: readonly TwinsKind[] = [
  "apart",
  "same peers",
  "holder away",
  "gap",
  "three copies",
];
