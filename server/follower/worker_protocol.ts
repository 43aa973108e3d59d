/**
 * The messages between the node and the two workers of its archive.
 *
 * @module
 */

import type { DurableEnd, SegmentPlace } from "../log/log_follower.ts";
import type { ArchivePage, ArchiveQuery } from "../core/messages/archived.ts";
import type { DurablePost } from "./durable_posts.ts";
import type { Remedy } from "./remedy.ts";

/** A task of the writer. */
export type WriterTask =
  /** Opens the archive of a data folder, or makes it. Answered by `opened`. */
  | { readonly type: "open"; readonly data: string }
  /** Follows the log from where the archive is; `from` is the segment before that place, where the log knows it. */
  | { readonly type: "follow"; readonly from: SegmentPlace | undefined; readonly durable: DurableEnd }
  /** More of the log is durable. */
  | { readonly type: "durable" } & DurablePost
  /** The log has replaced a segment, without deleted content. */
  | { readonly type: "replaced"; readonly segment: number; readonly durable: DurableEnd }
  /** The disk is full, or has room again: nothing is written in between. */
  | { readonly type: "pause"; readonly isPaused: boolean }
  /**
   * Deleted content is to leave the files, once everything durable is folded. `wallMs` is the wall clock,
   * milliseconds since the Unix epoch; `erased` is the number of entries of whose deletions nothing is left in the log;
   * a token that was last used before the stamp `tokenExpiry` has expired.
   */
  | {
    readonly type: "compact";
    readonly wallMs: number;
    readonly erased: number;
    readonly tokenExpiry: number;
  }
  /** Answered by `alive`, between two steps. */
  | { readonly type: "ask" }
  /** Undoes the open transaction and closes the archive. Answered by `stopped`. */
  | { readonly type: "stop" };

/** A report of the writer. */
export type WriterReport =
  | { readonly type: "opened"; readonly position: number }
  /** The archive is the log's, and has folded so many entries of it. It has so many messages that are not deleted. */
  | { readonly type: "reached"; readonly position: number; readonly messages: number }
  | { readonly type: "compacted"; readonly messages: number }
  | { readonly type: "alive" }
  | Failed
  | { readonly type: "stopped" };

/** A task of the reader: a query. */
export interface ReaderTask {
  /** Number of the query, for its answer. */
  readonly id: number;
  /** The data folder. */
  readonly data: string;
  readonly query: ArchiveQuery;
}

/** A report of the reader. */
export type ReaderReport =
  /** It works, and a query takes its time. */
  | { readonly type: "working" }
  | { readonly type: "answered"; readonly id: number; readonly page: ArchivePage }
  | Failed;

/** The only task of the checker. */
export interface CheckTask {
  /** The data folder. */
  readonly data: string;
}

/** A report of the checker. */
export type CheckReport =
  /** It goes on. */
  | { readonly type: "checking" }
  /** Nothing is wrong with the archive, which has so many messages. */
  | { readonly type: "checked"; readonly messages: number }
  | Failed;

/** The archive cannot be used, and its worker has closed it. */
interface Failed {
  readonly type: "failed";
  readonly problem: string;
  readonly remedy: Remedy;
}
