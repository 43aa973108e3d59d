/**
 * The fold of the events about invitations. They merge in any order: the earliest act of each kind holds, and the uses
 * are counted by account.
 *
 * @module
 */

import { type Change, NO_CHANGE } from "../change.ts";
import type { Place } from "../entry.ts";
import type { InvitationMade, InvitationRevoked } from "../events.ts";
import type { State } from "../state.ts";
import type { Account } from "./account.ts";

/** Makes an invitation. There are two entries of one that a repair of the log has given a new origin. */
export function foldInvitationMade(
  state: State,
  { invitation: hash, uses, until, stamp, at = stamp }: Place & InvitationMade,
): readonly Change[] {
  const invitation = state.invitation(hash);
  if (invitation.made === undefined || at < invitation.made.at) invitation.made = { uses, until, at };
  return NO_CHANGE;
}

/** Revokes an invitation; the entry that made it may arrive later. */
export function foldInvitationRevoked(
  state: State,
  { invitation: hash, stamp, at = stamp }: Place & InvitationRevoked,
): readonly Change[] {
  const invitation = state.invitation(hash);
  invitation.revoked = Math.min(invitation.revoked ?? at, at);
  return NO_CHANGE;
}

/** Counts the use of an invitation, once for each account. */
export function foldInvitationUsed(state: State, account: Account, hash: string | undefined): void {
  if (hash === undefined || account.invitation !== undefined) return;
  account.invitation = hash;
  state.invitation(hash).used++;
}
