/**
 * The rules for login tokens (client protocol, LOGIN_2, RESUME, LOGOUT).
 *
 * @module
 */

import type { Limits } from "../../../common/limits.ts";
import { type Decision, OK } from "../decision.ts";
import type { Event, TokenIssued, TokenRevoked, TokensUsed } from "../events.ts";
import { stampMs, wallMicroseconds } from "../stamp.ts";
import type { State } from "../state.ts";
import { type Account, type Token, tokenHolds } from "./account.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Revoked tokens that are looked at in one call: it takes a tenth of a millisecond. */
const REVOKED_LOOKED_AT = 1_000;

/** The token with this SHA-256; `undefined` if it is unknown, void or was unused for too long. */
export function findToken(state: State, hash: string, wallMs: number, limits: Limits): Token | undefined {
  const token = state.tokens.get(hash);
  if (token === undefined || !tokenHolds(token)) return undefined;
  return lastUse(state, token) < tokenExpiry(wallMs, limits) ? undefined : token;
}

/** Stamp before which a token was last used that is void at this time. */
export function tokenExpiry(wallMs: number, { tokenUnusedDays }: Limits): number {
  return wallMicroseconds(wallMs - tokenUnusedDays * DAY_MS);
}

/**
 * Looks at some of the revoked tokens, and forgets those that would have expired: no issue would let them back. One whose
 * issue has not arrived stays. To be called about once a second.
 */
export function forgetRevoked({ revoked, tokenUses }: State, wallMs: number, limits: Limits): void {
  const expiry = tokenExpiry(wallMs, limits);
  for (const [hash, issued] of revoked.next(REVOKED_LOOKED_AT)) {
    if (Math.max(issued, tokenUses.get(hash) ?? 0) >= expiry) continue;
    revoked.delete(hash);
    tokenUses.delete(hash);
  }
}

/** Stamp of a token's last logged use, or else of its issue. */
export function lastUse(state: State, token: Token): number {
  return Math.max(token.issuedStamp, state.tokenUses.get(token.hash) ?? 0);
}

/**
 * Issues a token. If the account then has too many, void tokens are revoked first, then those unused for the
 * longest time; tokens of open sessions go last.
 *
 * @param hash SHA-256 of the new token
 * @param inUse tokens of open sessions
 * @returns the revocations and the issue; nothing if the account's password is not known
 */
export function issueToken(
  state: State,
  account: Account,
  hash: string,
  inUse: ReadonlySet<Token | undefined>,
  limits: Limits,
): Event[] {
  const { password } = account;
  if (password === undefined) return [];
  const oldestFirst = [...account.tokens].sort((a, b) =>
    Number(tokenHolds(a)) - Number(tokenHolds(b)) || Number(inUse.has(a)) - Number(inUse.has(b)) ||
    lastUse(state, a) - lastUse(state, b)
  );
  const tooMany = oldestFirst.slice(0, Math.max(0, oldestFirst.length + 1 - limits.tokensPerAccount));
  const issued: TokenIssued = {
    type: "tokenIssued",
    account: account.id,
    token: hash,
    password: password.key,
  };
  return [...tooMany.map(revokeToken), issued];
}

/** Revokes the token of the session that asks; nothing happens if it has none. */
export function decideLogout(token: Token | undefined): Decision {
  return { events: token ? [revokeToken(token)] : [], reply: OK };
}

/**
 * Records the use of tokens, for each of them at most once a day.
 *
 * @param inUse tokens used since the last call
 * @param wallMs milliseconds since the Unix epoch
 */
export function decideTokensUsed(
  state: State,
  inUse: Iterable<Token>,
  wallMs: number,
): readonly TokensUsed[] {
  const stale = [...inUse].filter((token) =>
    state.tokens.get(token.hash) === token && wallMs - stampMs(lastUse(state, token)) > DAY_MS
  );
  return [...Map.groupBy(stale, (token) => token.account.id)].map(([account, tokens]) => ({
    type: "tokensUsed",
    account,
    tokens: tokens.map((token) => token.hash),
  }));
}

/** The event of the end of a token. */
export function revokeToken(token: Token): TokenRevoked {
  return { type: "tokenRevoked", account: token.account.id, token: token.hash, issued: token.issued };
}
