/**
 * The fold of one entry onto the state. Replay after a crash, requests of clients and entries of peers all
 * make this same call.
 *
 * @module
 */

import { foldAccess } from "./accounts/access.ts";
import { foldBlock } from "./accounts/blocking.ts";
import {
  foldAccountCreated,
  foldAccountDeleted,
  foldAddressKeyMade,
  foldAddressKnown,
  foldNameForgotten,
  foldPasswordChanged,
  foldPasswordRehashed,
  foldTokenIssued,
  foldTokenRevoked,
  foldTokensUsed,
} from "./accounts/fold.ts";
import { foldInvitationMade, foldInvitationRevoked } from "./accounts/invitation_fold.ts";
import { countStored } from "./accounts/stored_entries.ts";
import { type Change, NO_CHANGE } from "./change.ts";
import type { Entry } from "./entry.ts";
import type { MessageSent } from "./events.ts";
import {
  foldFingerprintKeyMade,
  foldMessagesDeleted,
  foldMessagesDelivered,
  foldMessageSent,
  foldMessagesHidden,
  foldMessagesRead,
} from "./messages/fold.ts";
import type { State } from "./state.ts";
import { advance, seqOf } from "./version.ts";

/**
 * Folds one entry onto the state; one that is already there changes nothing. The entries of an origin must
 * come in order. There may be gaps between them, as a repair of the log can cut entries out.
 *
 * @returns the changes it made
 */
export function evolve(state: State, entry: Entry): readonly Change[] {
  state.position++;
  if (entry.seq <= seqOf(state.version, entry.origin)) return NO_CHANGE;
  advance(state.version, entry);
  state.stamp = Math.max(state.stamp, entry.stamp);
  countStored(state, entry);
  return fold(state, entry);
}

/**
 * Folds what an entry says of accounts, tokens and invitations, and counts what it stores, for a state that has nothing
 * else.
 */
export function evolveAccounts(state: State, entry: Entry): void {
  countStored(state, entry);
  if (entry.type !== "messageSent" && !("ids" in entry)) foldAboutAccount(state, entry);
}

function fold(state: State, entry: Entry): readonly Change[] {
  switch (entry.type) {
    case "messageSent":
      return foldMessageSent(state, entry);
    case "messagesDelivered":
      return foldMessagesDelivered(state, entry);
    case "messagesRead":
      return foldMessagesRead(state, entry);
    case "messagesDeleted":
      return foldMessagesDeleted(state, entry);
    case "messagesHidden":
      return foldMessagesHidden(state, entry);
    default:
      return foldAboutAccount(state, entry);
  }
}

function foldAboutAccount(
  state: State,
  entry: Exclude<Entry, MessageSent | { readonly ids: unknown }>,
): readonly Change[] {
  switch (entry.type) {
    case "accountCreated":
      return foldAccountCreated(state, entry);
    case "accountDeleted":
      return foldAccountDeleted(state, entry);
    case "accountDisabled":
    case "accountEnabled":
      return foldAccess(state, entry);
    case "nameForgotten":
      return foldNameForgotten(state, entry);
    case "personBlocked":
    case "personUnblocked":
      return foldBlock(state, entry);
    case "passwordChanged":
      return foldPasswordChanged(state, entry);
    case "passwordRehashed":
      return foldPasswordRehashed(state, entry);
    case "tokenIssued":
      return foldTokenIssued(state, entry);
    case "tokenRevoked":
      return foldTokenRevoked(state, entry);
    case "tokensUsed":
      return foldTokensUsed(state, entry);
    case "fingerprintKeyMade":
      return foldFingerprintKeyMade(state, entry);
    case "addressKeyMade":
      return foldAddressKeyMade(state, entry);
    case "addressKnown":
      return foldAddressKnown(state, entry);
    case "invitationMade":
      return foldInvitationMade(state, entry);
    case "invitationRevoked":
      return foldInvitationRevoked(state, entry);
    default:
      return unknown(entry);
  }
}

/** Ignores an event of a newer version: the log keeps it and replication passes it on. */
function unknown(_entry: never): readonly Change[] {
  return NO_CHANGE;
}
