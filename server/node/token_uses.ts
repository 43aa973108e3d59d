/**
 * When login tokens were used. A RESUME writes nothing; that a token is in use is logged at most once a
 * day, together with all others.
 *
 * @module
 */

import type { Token } from "../core/accounts/account.ts";
import { lastUse } from "../core/accounts/tokens.ts";
import type { TokensUsed } from "../core/events.ts";
import { stampMs } from "../core/stamp.ts";
import type { State } from "../core/state.ts";
import type { Session } from "../sessions/session.ts";

const HOUR_MS = 60 * 60 * 1_000;
const DAY_MS = 24 * HOUR_MS;

/** The tokens that were used since they were last logged as used. */
export class TokenUses {
  readonly #resumed = new Set<Token>();
  #dueMs = HOUR_MS;

  /** A session was resumed with a token. */
  add(token: Token): void {
    this.#resumed.add(token);
  }

  /** Whether it is time to log the uses; once an hour. */
  isDue(nowMs: number): boolean {
    if (nowMs < this.#dueMs) return false;
    this.#dueMs = nowMs + HOUR_MS;
    return true;
  }

  /** The tokens in use whose last logged use is more than a day ago. */
  events(state: State, sessions: Iterable<Session>, wallMs: number): TokensUsed[] {
    for (const { token } of sessions) {
      if (token) this.#resumed.add(token);
    }
    const stale = [...this.#resumed].filter((token) =>
      state.tokens.get(token.hash) === token && wallMs - stampMs(lastUse(state, token)) > DAY_MS
    );
    this.#resumed.clear();
    return [...Map.groupBy(stale, (token) => token.account.id)].map(([account, tokens]) => ({
      type: "tokensUsed",
      account,
      tokens: tokens.map((token) => token.hash),
    }));
  }
}
