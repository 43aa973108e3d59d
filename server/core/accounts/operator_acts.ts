/**
 * Acts of the operator on accounts. Each is an event that says so, and merges with acts at other nodes as the same act of
 * the person does.
 *
 * @module
 */

import type { AccountDeleted, Event, PasswordChanged, TokenRevoked } from "../events.ts";
import { type Account, type Token, tokenHolds } from "./account.ts";
import { passwordChanged } from "./passwords.ts";
import { revokeToken } from "./tokens.ts";

/** The word for the operator in events. */
export const OPERATOR = "operator";

/** Events that only operators cause. */
const OPERATOR_EVENTS: readonly Event["type"][] = [
  "accountDisabled",
  "accountEnabled",
  "invitationMade",
  "invitationRevoked",
];

/** True for an event that the operator has caused. */
export function isOperatorAct(event: Event): boolean {
  return OPERATOR_EVENTS.includes(event.type) || "by" in event && event.by === OPERATOR;
}

/** An event that the operator has caused in place of the person. */
export function byOperator<Any extends { readonly by?: string }>(event: Any): Any {
  return { ...event, by: OPERATOR };
}

/** Sets a password that the operator chose. It keeps no token: every login of the account ends. */
export function decideOperatorPassword(account: Account, hash: string): PasswordChanged {
  return byOperator(passwordChanged(account, hash));
}

/** Deletes an account with its tokens and messages, for good. */
export function decideOperatorDeletion({ id }: Account): AccountDeleted {
  const deleted: AccountDeleted = { type: "accountDeleted", account: id };
  return byOperator(deleted);
}

/**
 * Disables an account. One that is disabled is disabled again, in a later generation: if another node enables it at the
 * same time, it stays disabled.
 *
 * @param at microseconds since the Unix epoch
 */
export function decideDisable(account: Account, at: number): Event {
  return { type: "accountDisabled", account: account.id, generation: nextGeneration(account), at };
}

/** Enables an account; no event if it is not disabled. @param at microseconds since the Unix epoch */
export function decideEnable(account: Account, at: number): readonly Event[] {
  if (!account.isDisabled) return [];
  return [{ type: "accountEnabled", account: account.id, generation: nextGeneration(account), at }];
}

function nextGeneration({ access }: Account): number {
  return (access?.generation ?? 0) + 1;
}

/** Revokes a token. */
export function decideEndLogin(token: Token): TokenRevoked {
  return byOperator(revokeToken(token));
}

/** Revokes every token of an account that holds. */
export function decideEndLogins({ tokens }: Account): readonly TokenRevoked[] {
  return [...tokens].filter(tokenHolds).map(decideEndLogin);
}
