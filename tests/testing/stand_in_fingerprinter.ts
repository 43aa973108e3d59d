/**
 * A stand-in for HMAC-SHA-256, for tests without its cost.
 *
 * @module
 */

import type { Fingerprinter } from "../../server/core/messages/fingerprint.ts";

/** Fingerprints that differ for keys or texts that differ, and do not show either. */
export const standInFingerprinter: Fingerprinter = (key) => (text) => {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (const char of `${key}\n${text}`) {
    const unit = char.codePointAt(0) ?? 0;
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b) ^ (low >>> 15);
  }
  return `${low >>> 0}.${high >>> 0}`;
};
