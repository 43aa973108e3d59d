/**
 * Known addresses of an account: the last addresses it was logged in to from, as keyed digests. Wrong passwords of
 * strangers never delay a login from one of them. The key is an event of the account and is erased with it.
 *
 * @module
 */

import type { AddressKeyMade, AddressKnown } from "../events.ts";
import type { Fingerprinter } from "../messages/fingerprint.ts";
import { stampMs, wallMicroseconds } from "../stamp.ts";
import type { Account, KnownAddress } from "./account.ts";

/** The means to tell known addresses from others. */
export interface AddressKnowledge {
  /** Makes the digests, from a key and an address group. */
  readonly fingerprinter: Fingerprinter;
  /** Wall clock of this node, ms. */
  readonly wallMs: number;
}

/** Maximum number of known addresses of an account; the one unused for longest gives way. */
export const KNOWN_ADDRESSES_MAX = 20;

const DAY_MS = 86_400_000;

/** Age at which a login from a known address is logged again, ms. More often would write at nearly every login. */
const RENEWED_MS = 7 * DAY_MS;

/** Time for which an address stays known, ms: at least 90 days after its last login, which may be a week unlogged. */
const KEPT_MS = 90 * DAY_MS + RENEWED_MS;

/** Greatest lead of a login's time over the wall clock, ms. The age of one further ahead is unknown. */
const AHEAD_MS_MAX = DAY_MS;

/**
 * True if a login no longer makes its address known.
 *
 * @param at its time, microseconds since the Unix epoch
 */
export function isKnownAddressExpired(at: number, wallMs: number): boolean {
  return !isWithin(KEPT_MS, at, wallMs);
}

function isWithin(ageMsMax: number, at: number, wallMs: number): boolean {
  const ageMs = wallMs - stampMs(at);
  return ageMs < ageMsMax && ageMs >= -AHEAD_MS_MAX;
}

/** True if the account was logged in to from this address group lately. */
export function isAddressKnown(account: Account, group: string, knowledge: AddressKnowledge): boolean {
  return isRecorded(account, group, knowledge, KEPT_MS);
}

/** True if a login from this address group is logged that is not older than this. */
function isRecorded(
  { addressKeys, knownAddresses }: Account,
  group: string,
  { fingerprinter, wallMs }: AddressKnowledge,
  ageMsMax: number,
): boolean {
  const recent = knownAddresses.filter(({ at }) => isWithin(ageMsMax, at, wallMs));
  if (recent.length === 0) return false;
  return addressKeys.some((key) => {
    const digits = fingerprinter(key)(group);
    return recent.some((known) => known.digits === digits);
  });
}

/**
 * Records a login from an address group; no events if one of the last week is recorded.
 *
 * @param makeKey makes 64 random hexadecimal digits, for an account without a key
 */
export function decideAddressKnown(
  account: Account,
  group: string,
  knowledge: AddressKnowledge,
  makeKey: () => string,
): (AddressKeyMade | AddressKnown)[] {
  if (!account.alive || isRecorded(account, group, knowledge, RENEWED_MS)) return [];
  const { id, addressKeys: [known] } = account;
  const key = known ?? makeKey();
  const login: AddressKnown = {
    type: "addressKnown",
    account: id,
    address: knowledge.fingerprinter(key)(group),
    at: wallMicroseconds(knowledge.wallMs),
  };
  return known === undefined ? [{ type: "addressKeyMade", account: id, key }, login] : [login];
}

/**
 * The latest logins, one of each address, at most `KNOWN_ADDRESSES_MAX`. They are the same for any order of arrival.
 * Stamps decide, not times: a clock that was ahead once must not keep later addresses out.
 */
export function withKnownAddress(
  known: readonly KnownAddress[],
  added: KnownAddress,
): readonly KnownAddress[] {
  const others = known.filter(({ digits }) => digits !== added.digits);
  const same = known.find(({ digits }) => digits === added.digits);
  const later = same === undefined || compareLogins(added, same) < 0 ? added : same;
  return [...others, later].sort(compareLogins).slice(0, KNOWN_ADDRESSES_MAX);
}

/** Below 0 if `a` is the later login. */
function compareLogins(a: KnownAddress, b: KnownAddress): number {
  return b.stamp - a.stamp || b.at - a.at || (a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0);
}
