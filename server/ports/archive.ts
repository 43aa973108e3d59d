/**
 * The archive: the messages of the log in a form that can be searched. It follows the log and may lag behind it.
 *
 * @module
 */

import type { ArchivePage, ArchiveQuery } from "../core/messages/archived.ts";

/**
 * Why there is no archive to ask: it is being built, or there is an obstacle such as a disk that hangs, and the same
 * archive may go on later.
 */
export type Absence = "building" | "unusable";

/** The answer to a query. Or why there is none now: too many queries wait, or the archive has not come up with the log. */
export type ArchiveOutcome =
  | ArchivePage
  | { readonly problem: "busy" | "behind" | Absence; readonly retryAfterSeconds: number };

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
  /** True if memory was loaded from an archive that turned out to be damaged; absent unless it was. */
  readonly memoryMayLack?: true;
}

/** What `status` says of the part of the log that a start from the archive has not read. */
export interface VerificationStatus {
  /** True once all of the log is verified. */
  readonly isDone: boolean;
  /** Bytes of that part that are verified, and its length. */
  readonly bytes: number;
  readonly ofBytes: number;
}

/** The archive. Every call returns at once; the result comes back as a call. */
export interface MessageArchive {
  /**
   * Answers a query: a search once the archive has folded what is durable now, the others with what it has. A wait
   * that takes too long ends with a problem. `done` may be called before this returns.
   */
  ask(query: ArchiveQuery, done: (outcome: ArchiveOutcome) => void): void;
  status(): ArchiveStatus;
}
