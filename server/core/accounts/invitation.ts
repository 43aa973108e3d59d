/**
 * Invitations: codes with which people register where registration takes one.
 *
 * @module
 */

/** The terms of an invitation. */
interface InvitationTerms {
  /** Number of accounts that can be made with it. */
  readonly uses: number;
  /** Time from which nobody can use it any more, microseconds since the Unix epoch; here and below. */
  readonly until: number;
  /** Time at which it was made. */
  readonly at: number;
}

/** One invitation. A use of it, or its end, can be known before the entry that made it arrives from another node. */
export class Invitation {
  /** `undefined` until that entry has arrived. */
  made: InvitationTerms | undefined;
  /** Time of the earliest revocation; `undefined` if it was not revoked. */
  revoked: number | undefined;
  /**
   * Number of accounts that were made with it, deleted ones included. It passes `uses` if nodes that could not talk let
   * people in at the same time.
   */
  used = 0;

  /** @param hash SHA-256 of its code, hexadecimal */
  constructor(readonly hash: string) {}
}

/** States of an invitation, for people. One whose entry has not arrived from another node is `unknown`. */
export const INVITATION_STATES = ["open", "used", "expired", "revoked", "unknown"] as const;

/** One of `INVITATION_STATES`. */
export type InvitationState = (typeof INVITATION_STATES)[number];

/**
 * State of an invitation.
 *
 * @param now microseconds since the Unix epoch
 */
export function invitationState({ made, revoked, used }: Invitation, now: number): InvitationState {
  if (revoked !== undefined) return "revoked";
  if (made === undefined) return "unknown";
  if (used >= made.uses) return "used";
  return now < made.until ? "open" : "expired";
}

const ID_DIGITS = 12;

/** The id by which operators name an invitation: the first digits of its hash. */
export function invitationId({ hash }: Pick<Invitation, "hash">): string {
  return hash.slice(0, ID_DIGITS);
}

/** True for a text that has the form of an invitation's id. */
export function isInvitationId(text: string): boolean {
  return text.length === ID_DIGITS && /^[0-9a-f]+$/.test(text);
}

const GROUP_DIGITS = 8;

/** A code as people get it: its digits in groups of eight. @param digits hexadecimal */
export function shownCode(digits: string): string {
  const groups = Array.from(
    { length: digits.length / GROUP_DIGITS },
    (_, i) => digits.slice(i * GROUP_DIGITS, (i + 1) * GROUP_DIGITS),
  );
  return groups.join("-");
}

/** The digits of a code as people type it: in either case, with or without hyphens and spaces. */
export function codeDigits(code: string): string {
  return code.toLowerCase().replace(/[\s-]/g, "");
}
