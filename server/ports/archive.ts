/**
 * The archive: the messages of the log in a form that can be searched. It follows the log and may lag behind it.
 *
 * @module
 */

/** A place in the order in which people see messages (`compareMessages`). */
export interface MessagePlace {
  /** Microseconds since the Unix epoch. */
  readonly time: number;
  readonly origin: string;
  /** Message id. */
  readonly id: string;
  /** Account id of the sender. */
  readonly sender: string;
}

/** A search of one account in its own conversations. */
export interface SearchQuery {
  /** Id of the account that asks: only messages from it or to it are found, and none that it has hidden. */
  readonly account: string;
  /** Terms of `queryTerms`; each is the beginning of a term of every message that is found. */
  readonly terms: readonly string[];
  /** Account id of the other side; `undefined` for all conversations. */
  readonly other: string | undefined;
  /** Only messages before this place are found. */
  readonly before: MessagePlace | undefined;
  /** Most messages that are found. */
  readonly limit: number;
}

/** A message as the archive has it: marks that came after the archive's place are missing. */
export interface FoundMessage extends MessagePlace {
  /** Account id of the recipient. */
  readonly recipient: string;
}

/**
 * The messages that were found, newest first; `more` if there are others behind them. Or why there are none now: too
 * many searches wait, the archive has not come up with the log, or it is being built.
 */
export type SearchOutcome =
  | { readonly messages: readonly FoundMessage[]; readonly more: boolean }
  | { readonly problem: "busy" | "behind" | "building"; readonly retryAfterSeconds: number };

/** What `status` says of the archive. */
export interface ArchiveStatus {
  /** Number of entries of the log that it has folded. */
  readonly position: number;
  /** Number of durable entries that it has not folded yet. */
  readonly lag: number;
  /** True while it is built from the beginning of the log. */
  readonly isBuilding: boolean;
  /** Why it does not follow the log now; `undefined` if it does. */
  readonly problem: string | undefined;
}

/** The archive. Every call returns at once; the result comes back as a call. */
export interface MessageArchive {
  /**
   * Searches, once the archive has folded what is durable now; a wait that takes too long ends with a problem.
   * `done` may be called before this returns.
   */
  search(query: SearchQuery, done: (outcome: SearchOutcome) => void): void;
  status(): ArchiveStatus;
}
