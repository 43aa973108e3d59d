/**
 * The real clock, random numbers, timers and digests.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import type { Fingerprinter } from "../core/messages/fingerprint.ts";
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

/** Resolves to the value after so many milliseconds. */
export function after<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, ms, value));
}

/** SHA-256, hexadecimal. */
export const sha256: Digest = (text) => createHash("sha256").update(text).digest("hex");

/** Bytes of a block of SHA-256, to which a shorter HMAC key is filled up with zeros (RFC 2104). */
const BLOCK_BYTES = 64;

/** Hexadecimal digits of a fingerprint: 16 of the 32 bytes of an HMAC-SHA-256. */
const FINGERPRINT_DIGITS = 32;

/** The fingerprints of deleted messages. Takes the key's blocks in once, which `createHmac` does for every text. */
export const fingerprinter: Fingerprinter = (key) => {
  const inner = startedWith(key, 0x36);
  const outer = startedWith(key, 0x5c);
  return (text) => {
    const digest = inner.copy().update(text).digest();
    return outer.copy().update(digest).digest("hex").slice(0, FINGERPRINT_DIGITS);
  };
};

/** A SHA-256 that has taken in the key, each byte combined with `pad`. */
function startedWith(key: string, pad: number): Hash {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(key, "hex");
  return createHash("sha256").update(block.map((byte) => byte ^ pad));
}
