/**
 * Checks that a value is an entry. Anything else would be folded into nonsense, and written to a log that cannot
 * be read again.
 *
 * @module
 */

import { type Entry, ORIGIN_LENGTH_MAX } from "./entry.ts";
import type { Event } from "./events.ts";

type Check = (value: unknown) => boolean;

/** A check for every member of an event. */
type Checks<T> = { readonly [Name in Exclude<keyof T, "type">]-?: Check };

type ChecksByType = { readonly [T in Event["type"]]: Checks<Extract<Event, { type: T }>> };

const ACCESS = { account: isText, generation: isCount, at: orAbsent(isCount) };

const BLOCK = { account: isText, person: isText, generation: isCount };

/** A later version may name others than the operator. */
const BY = { by: orAbsent(isText) };

const MARKS = { sender: isText, recipient: isText, ids: isTexts };

const CHECKS: ChecksByType = {
  accountCreated: {
    account: isText,
    name: isText,
    hash: isText,
    knewDeletionsTo: orAbsent(isCount),
    invitation: orAbsent(isText),
    ...BY,
  },
  passwordChanged: { account: isText, hash: isText, generation: isCount, keeps: orAbsent(isText), ...BY },
  passwordRehashed: { account: isText, password: isText, hash: isText },
  accountDeleted: { account: isText, ...BY },
  accountDisabled: ACCESS,
  accountEnabled: ACCESS,
  nameForgotten: { account: isText },
  personBlocked: BLOCK,
  personUnblocked: BLOCK,
  tokenIssued: { account: isText, token: isText, password: isText },
  tokenRevoked: { account: isText, token: isText, issued: isText, ...BY },
  tokensUsed: { account: isText, tokens: isTexts },
  messageSent: {
    id: isText,
    from: isText,
    to: isText,
    content: isText,
    at: orAbsent(isCount),
    digest: orAbsent(isCount),
  },
  messagesDelivered: MARKS,
  messagesRead: MARKS,
  messagesDeleted: { ...MARKS, fingerprints: orAbsent(isTexts), at: orAbsent(isCount) },
  messagesHidden: MARKS,
  fingerprintKeyMade: { account: isText, key: isText },
  addressKeyMade: { account: isText, key: isText },
  addressKnown: { account: isText, address: isText, at: orAbsent(isCount) },
  invitationMade: { invitation: isText, uses: isCount, until: isCount, at: orAbsent(isCount) },
  invitationRevoked: { invitation: isText, at: orAbsent(isCount) },
};

/** Names and checks of the members of each type, made into lists once. */
const MEMBERS = new Map(
  Object.entries<Checks<Event>>(CHECKS).map(([type, checks]) => [type, Object.entries<Check>(checks)]),
);

/**
 * True for an entry: its place is good and, if its type is known here, every member. A newer version may have
 * other types.
 */
export function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null) return false;
  const members = value as Readonly<Record<string, unknown>>;
  const { origin, seq, stamp, type } = members;
  if (!isText(origin) || !isOrigin(origin) || !isText(type)) return false;
  if (!isCount(seq) || seq === 0 || !isCount(stamp)) return false;
  return MEMBERS.get(type)?.every(([name, check]) => check(members[name])) ?? true;
}

function isOrigin(text: string): boolean {
  return text.length <= ORIGIN_LENGTH_MAX && text.includes("#") && text.isWellFormed();
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function orAbsent(check: Check): Check {
  return (value) => value === undefined || check(value);
}
