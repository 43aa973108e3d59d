/**
 * The pace of a busy machine, by which bounds on latency are stretched.
 *
 * @module
 */

import process from "node:process";

/** Processor time of one measurement, ms: many time slices of the system's scheduler. */
const WORK_MS = 100;

/** Slowness up to which a machine counts as quiet. */
const QUIET_MAX = 1.2;

/**
 * Factor by which other programs slow this one down at present: 1 on a quiet machine, 2 if work takes twice
 * as long. It holds the event loop for 100 ms or more.
 */
export function slowness(): number {
  const startMs = performance.now();
  const start = process.cpuUsage();
  let usedMs = 0;
  while (usedMs < WORK_MS) {
    let sum = 0;
    for (let number = 0; number < 1_000_000; number++) sum += number % 7;
    if (sum < 0) throw new Error("no sum is negative");
    const { user, system } = process.cpuUsage(start);
    usedMs = (user + system) / 1_000;
  }
  const factor = (performance.now() - startMs) / usedMs;
  return factor > QUIET_MAX ? factor : 1;
}
