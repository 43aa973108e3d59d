/**
 * Doubts about the clock of this machine, for its administrator.
 *
 * @module
 */

import type { ClockStatus } from "../admin/node_status.ts";
import { stampAheadMs } from "../core/stamp.ts";
import type { Logger } from "../ports/outside.ts";
import type { ClockJump } from "../replication/clock_watch.ts";

/** The part of a status that concerns the clock; empty if there is no reason to doubt it. */
export function clockStatus(
  jump: ClockJump | undefined,
  stamp: number,
  wallMs: number,
): { readonly clock?: ClockStatus } {
  const aheadMs = stampAheadMs(stamp, wallMs);
  if (jump === undefined && aheadMs === 0) return {};
  return {
    clock: {
      ...(jump === undefined ? {} : { jumpedMs: jump.byMs, jumpedAgoMs: jump.agoMs }),
      ...(aheadMs === 0 ? {} : { stampsAheadMs: aheadMs }),
    },
  };
}

/** Warns at a start if the log has a stamp that is over a minute ahead of the clock. */
export function warnOfStamps(stamp: number, wallMs: number, logger: Logger): void {
  const aheadMs = stampAheadMs(stamp, wallMs);
  if (aheadMs === 0) return;
  const reason =
    "the clock of a node was ahead once, or that of this machine is behind now; compare it with the " +
    "right time";
  logger.warn("stampsAhead", { aheadMs, reason });
}
