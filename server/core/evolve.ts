/**
 * The fold: one entry onto the state. Replay after a crash, what a request does and what a peer sends are
 * the same call.
 *
 * @module
 */

import {
  foldAccountCreated,
  foldAccountDeleted,
  foldPasswordChanged,
  foldPasswordRehashed,
  foldTokenIssued,
  foldTokenRevoked,
  foldTokensUsed,
} from "./accounts/fold.ts";
import { type Change, NO_CHANGE } from "./change.ts";
import type { Entry } from "./entry.ts";
import {
  foldMessagesDeleted,
  foldMessagesDelivered,
  foldMessageSent,
  foldMessagesHidden,
  foldMessagesRead,
} from "./messages/fold.ts";
import type { State } from "./state.ts";
import { advance, seqOf } from "./version.ts";

/**
 * Folds one entry onto the state, unless it is there already. The entries of one origin come in their order;
 * after a repair of the log that had to cut some out, there can be a gap between them.
 *
 * @returns what it changed
 */
export function evolve(state: State, entry: Entry): readonly Change[] {
  if (entry.seq <= seqOf(state.version, entry.origin)) return NO_CHANGE;
  advance(state.version, entry);
  state.stamp = Math.max(state.stamp, entry.stamp);
  return fold(state, entry);
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
    case "accountCreated":
      return foldAccountCreated(state, entry);
    case "accountDeleted":
      return foldAccountDeleted(state, entry);
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
    default:
      return unknown(entry);
  }
}

/** An event of a newer version: kept in the log and passed on, and nothing to this one. */
function unknown(_entry: never): readonly Change[] {
  return NO_CHANGE;
}
