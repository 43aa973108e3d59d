/**
 * Facts outside the state that decide about erasing, for tests.
 *
 * @module
 */

import type { Erasing } from "../../server/core/compaction.ts";
import type { State } from "../../server/core/state.ts";

/** Nothing is settled, and no time has passed. */
export const NOTHING_SETTLED: Erasing = { wallMs: 0, settled: new Map() };

/** Everything that a state knows is settled and long past. */
export function allSettled(state: State): Erasing {
  return { wallMs: Number.MAX_SAFE_INTEGER, settled: state.version };
}
