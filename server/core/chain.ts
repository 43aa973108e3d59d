/**
 * Chains: a checksum over the sequence numbers and stamps of an origin, from its first entry on. Two nodes that
 * have different entries of one origin have different chains from the first difference on. Contents do not count,
 * because erasure changes them.
 *
 * @module
 */

/** Chain before the first entry of an origin. */
export const FIRST_CHAIN = 0;

const WORD = 0x1_0000_0000;

/**
 * Chain of an entry: MurmurHash3 (x86, 32 bits) of its sequence number and its stamp, as two 64-bit numbers with
 * the lowest byte first, seeded with the chain of the entry before it. A result of 0 counts as 1: on the wire 0
 * stands for an unknown chain (`proto/replication.proto`, `Place`).
 *
 * @param chain of the entry before, `FIRST_CHAIN` if there is none
 */
export function nextChain(chain: number, seq: number, stamp: number): number {
  let hash = mixed(chain, seq | 0);
  hash = mixed(hash, seq / WORD | 0);
  hash = mixed(hash, stamp | 0);
  hash = mixed(hash, stamp / WORD | 0);
  return finished(hash ^ 16) || 1;
}

/** Takes one word of the input into the hash. */
function mixed(hash: number, word: number): number {
  const scrambled = Math.imul(rotated(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
  return Math.imul(rotated(hash ^ scrambled, 13), 5) + 0xe6546b64 | 0;
}

function rotated(word: number, bits: number): number {
  return word << bits | word >>> 32 - bits;
}

/** Spreads every bit of the hash over all others. */
function finished(hash: number): number {
  let spread = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  spread = Math.imul(spread ^ spread >>> 13, 0xc2b2ae35);
  return (spread ^ spread >>> 16) >>> 0;
}
