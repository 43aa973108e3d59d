/**
 * Long work of a command that leaves room for a node on the same machine.
 *
 * @module
 */

import type { LogSlices } from "../log/log_slices.ts";
import { after, systemClock } from "../process/system_ports.ts";

/** Work between two pauses, ms. */
const WORK_MS = 20;

/** Pause for each millisecond of work, ms: a third of one processor, and a third of what the disk could give. */
const REST = 2;

/** Does work in slices with pauses; returns its result. */
export async function inPaces<Result>(slices: LogSlices<Result>): Promise<Result> {
  let sinceMs = systemClock.monotonicMs();
  for (;;) {
    const { done, value } = slices.next();
    if (done) return value;
    const workedMs = systemClock.monotonicMs() - sinceMs;
    if (workedMs < WORK_MS) continue;
    await after(REST * workedMs, undefined);
    sinceMs = systemClock.monotonicMs();
  }
}
