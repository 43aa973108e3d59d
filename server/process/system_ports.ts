/**
 * The real clock, random numbers, timers and digest.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Clock, Digest, Random, Timers } from "../ports/outside.ts";

/** The clock of this machine. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** The random numbers of the operating system. */
export const systemRandom: Random = {
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};

/** The timers of the runtime. */
export const systemTimers: Timers = {
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** SHA-256, hexadecimal. */
export const sha256: Digest = (text) => createHash("sha256").update(text).digest("hex");
