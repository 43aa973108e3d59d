/**
 * Walks through a conversation: the wanted part, and the progress so far.
 *
 * @module
 */

/** A part of a conversation; times in seconds since the Unix epoch. */
export interface HistoryRange {
  /** Name of the other end. */
  readonly with: string;
  /** The most messages, counted from the newest of the part; `Infinity` for all. */
  readonly count: number;
  /** Id of the message that follows the part. */
  readonly before?: string | undefined;
  /** Time of the earliest message of the part. */
  readonly since?: number | undefined;
  /** Time that every message of the part is earlier than. */
  readonly until?: number | undefined;
}

/** A message that a page begins or ends with. */
interface HistoryEdge {
  readonly id: string;
  readonly timestamp: number;
}

/**
 * The progress of a walk. It goes `back` from the newest message to the oldest, since only the newest can be asked
 * for without an id. It keeps the oldest messages that it met; if there were more, it goes `on` from these and asks
 * for the others again.
 */
export interface HistoryWalk {
  readonly range: HistoryRange;
  readonly direction: "back" | "on";
  /** Ids of the oldest messages met on the way back, oldest first. */
  readonly held: readonly string[];
  /** Number of messages met on the way back. */
  readonly met: number;
  /** The newest message of the part. */
  readonly newest?: HistoryEdge | undefined;
  /** The message that the next page lies beyond. */
  readonly edge?: HistoryEdge | undefined;
  /** True if the conversation begins with the oldest message met. */
  readonly begins: boolean;
}
