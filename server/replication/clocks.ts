/**
 * Comparison of the clocks of two nodes.
 *
 * @module
 */

import type { RefusalMessage } from "../ports/peer_message.ts";
import { CLOCK_APART_MS_MAX, CLOCK_APART_MS_WARN } from "./replication_limits.ts";

/**
 * Refusal of a node whose clock is too far away; `undefined` while the clocks agree. A message that arrives late
 * makes the other clock look behind, never ahead. So on an open stream, only a lead of the other clock counts:
 * the node that is behind ends the stream.
 *
 * @param own name of this node
 * @param node name of the other one
 * @param apartMs distance of the clocks, or lead of the other one
 */
export function clockProblem(own: string, node: string, apartMs: number): RefusalMessage | undefined {
  if (apartMs <= CLOCK_APART_MS_MAX) return undefined;
  const message =
    `the clocks of ${node} and ${own} are ${Math.ceil(apartMs / 1_000)} s apart and the limit ` +
    `is ${CLOCK_APART_MS_MAX / 1_000} s; set them right`;
  return { type: "refusal", code: "clock", message };
}

/** Warnings of a clock that is not yet too far away: one, and another each time the distance changes by much. */
export class ClockWarnings {
  /** Distance when it was last looked at closely, ms. */
  #knownMs = 0;

  /** Takes the distance of the clocks; returns true if a warning is due. */
  isDue(apartMs: number): boolean {
    if (Math.abs(apartMs - this.#knownMs) <= CLOCK_APART_MS_WARN) return false;
    this.#knownMs = apartMs;
    return apartMs > CLOCK_APART_MS_WARN;
  }
}
