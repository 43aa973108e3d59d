/**
 * Use of login tokens. RESUME writes nothing; the tokens in use are logged together, each at most once a day.
 *
 * @module
 */

import type { Token } from "../core/accounts/account.ts";
import type { Subscriber } from "./audience.ts";

const HOUR_MS = 60 * 60 * 1_000;

/** Tokens that were used since this was last asked. */
export class TokenUses {
  #used = new Set<Token>();
  #dueMs = HOUR_MS;

  /** Notes that a session was resumed with a token. */
  add(token: Token): void {
    this.#used.add(token);
  }

  /** True once an hour: it is time to log the uses. Monotonic time, ms. */
  isDue(nowMs: number): boolean {
    if (nowMs < this.#dueMs) return false;
    this.#dueMs = nowMs + HOUR_MS;
    return true;
  }

  /** Takes the tokens used since the last call, those of open sessions included. */
  take(open: Iterable<Subscriber>): ReadonlySet<Token> {
    const used = this.#used;
    for (const { token } of open) if (token) used.add(token);
    this.#used = new Set();
    return used;
  }
}
