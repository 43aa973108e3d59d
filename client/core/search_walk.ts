/**
 * Searches: the wanted messages, and the progress so far.
 *
 * @module
 */

/** Messages to search for. */
export interface SearchRange {
  /** Beginnings of words that all have to be in a message. */
  readonly words: string;
  /** Name of the other end; `undefined` for all chats. */
  readonly with?: string | undefined;
  /** The most messages, counted from the newest. */
  readonly count: number;
  /** Id of the message that all of them come before. */
  readonly before?: string | undefined;
}

/** Identity of a message: two people may have used one id, on two sides of a split. */
export interface FoundMessage {
  readonly id: string;
  /** Names of sender and recipient. */
  readonly sender: string;
  readonly recipient: string;
}

/** The progress of a search, which goes from the newest message to the oldest. */
export interface SearchWalk {
  readonly range: SearchRange;
  /** The messages found so far, newest first. */
  readonly found: readonly FoundMessage[];
  /** Id and time of the last message of the page before. */
  readonly edge?: { readonly id: string; readonly timestamp: number } | undefined;
}
