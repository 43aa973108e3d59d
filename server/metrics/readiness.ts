/**
 * The answer to the question if a node serves clients, for load balancers and supervisors.
 *
 * @module
 */

import type { Full } from "../ports/node.ts";

/** The condition of a node that has read its log. */
export interface Condition {
  /** True once it has opened its ports. */
  readonly isOpen: boolean;
  /** True for a node that keeps everything and serves no clients. */
  readonly isArchive: boolean;
  /** True once it takes no more requests. */
  readonly isClosing: boolean;
  /** True while its clients move to other nodes, before it ends. */
  readonly isDraining: boolean;
  readonly full: Full | undefined;
  /** The reason that clients are not served; `undefined` while they are. */
  readonly unavailable: string | undefined;
}

/**
 * The reason that a node does not serve clients, in one line; `undefined` if it does.
 *
 * @param condition `undefined` while it reads its log
 */
export function whyNotReady(condition: Condition | undefined): string | undefined {
  if (condition === undefined) return "the node is starting: it reads its log";
  const { isOpen, isArchive, isClosing, isDraining, full, unavailable } = condition;
  if (isClosing) return "the node is closing";
  if (isDraining) return "the node is draining: its clients move to other nodes";
  if (!isOpen) return "the node is starting: it asks the other nodes first";
  if (isArchive) return "the node is an archive, which serves no clients";
  if (unavailable !== undefined) return unavailable.replace(/\s+/g, " ");
  return full === undefined ? undefined : `the ${full} is full: nothing new is taken`;
}
