/**
 * Fingerprints: keyed digests that remain of deleted messages for 30 days, so that a late repetition of such a
 * message is recognised. The key is an event of the sender's account and is erased with it.
 *
 * @module
 */

import { stampMs } from "../stamp.ts";

/**
 * Makes fingerprints with a key of 64 hexadecimal digits: the first 16 bytes of the HMAC-SHA-256 of a text, as
 * 32 digits. The key is a secret of the log, not of the person: with it, a guess at a content can be confirmed.
 */
export type Fingerprinter = (key: string) => (text: string) => string;

/** The fingerprint of a deleted message. */
export interface Fingerprint {
  /** 32 hexadecimal digits. */
  readonly digits: string;
  /** Time of the deletion by the clock of its node, microseconds since the Unix epoch. */
  readonly at: number;
}

/** The means to recognise the repetition of a deleted message. */
export interface Recognition {
  /** Without it, no deleted message is recognised. */
  readonly fingerprinter?: Fingerprinter;
  /** Wall clock of this node, ms. */
  readonly wallMs: number;
}

const DAY_MS = 86_400_000;

/** Time after which a fingerprint is erased, ms: no client repeats a send for longer. */
const KEPT_MS = 30 * DAY_MS;

/**
 * Greatest lead of a deletion's time over the wall clock, ms. The age of one further ahead is unknown, and its
 * fingerprint must not stay until the clock has caught up.
 */
const AHEAD_MS_MAX = DAY_MS;

/**
 * True if the fingerprints of a deletion are no longer kept.
 *
 * @param at its time, microseconds since the Unix epoch
 */
export function areFingerprintsExpired(at: number, wallMs: number): boolean {
  const ageMs = wallMs - stampMs(at);
  return ageMs >= KEPT_MS || ageMs < -AHEAD_MS_MAX;
}

/** The text of which a message's fingerprint is made. The id is in it: equal contents have other fingerprints. */
export function fingerprintedText(id: string, content: string): string {
  return `${id}\n${content}`;
}

/**
 * The one of two fingerprints that is kept: two nodes may have deleted a message, each with a key of its own. The
 * choice does not depend on their order.
 */
export function keptFingerprint(
  a: Fingerprint | undefined,
  b: Fingerprint | undefined,
): Fingerprint | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.digits === b.digits) return a.at >= b.at ? a : b;
  return a.digits > b.digits ? a : b;
}

/** True if a fingerprint is still kept, and is that of this text with one of the keys. */
export function isFingerprintOf(
  { digits, at }: Fingerprint,
  keys: readonly string[],
  text: string,
  { fingerprinter, wallMs }: Recognition,
): boolean {
  if (fingerprinter === undefined || areFingerprintsExpired(at, wallMs)) return false;
  return keys.some((key) => fingerprinter(key)(text) === digits);
}
