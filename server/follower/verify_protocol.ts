/**
 * The messages between the node and the thread that verifies the older segments of its log.
 *
 * @module
 */

import type { SegmentBeginning } from "../ports/history.ts";

/** The only task: verifies everything before this beginning. */
export interface VerifyTask {
  /** The data folder. */
  readonly data: string;
  readonly beginning: SegmentBeginning;
}

/** A report of the thread. */
export type VerifyReport =
  /** Number of bytes that it has verified so far. */
  | { readonly type: "read"; readonly bytes: number }
  | { readonly type: "verified" }
  /** The node must not go on: the log is damaged, or is not the one that the archive was folded from. */
  | { readonly type: "damaged"; readonly problem: string }
  /** The log cannot be read now. */
  | { readonly type: "failed"; readonly problem: string };
