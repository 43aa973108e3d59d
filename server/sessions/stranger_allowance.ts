/**
 * The allowance of wrong passwords that all strangers together have for an account.
 *
 * @module
 */

const HOUR_MS = 3_600_000;

/** Time for which the failures of a site are remembered, ms: a day. */
const REMEMBERED_MS = 24 * HOUR_MS;

/** Maximum number of remembered sites, over all accounts: some 15 MB. The oldest are forgotten first. */
const SITES_MAX = 100_000;

/** Failures after which a site gets no more of the allowance's reserve. */
const FAILURES_MAX = 3;

/** Share of the allowance that is kept for sites with fewer failures. */
const RESERVE = 0.5;

interface Level {
  /** Number of failures that are left. */
  readonly left: number;
  readonly atMs: number;
}

interface Failures {
  readonly count: number;
  readonly atMs: number;
}

/**
 * Failures that are left to strangers, by account. Each failure of a site puts it further back: the last of the
 * allowance are for sites without one. So whoever wants to keep a new address out has to spend new addresses, and a
 * person at a new address who knows the password waits for none of those that failed before. All times are monotonic.
 */
export class StrangerAllowance {
  readonly #levels = new Map<string, Level>();
  /** By account and site. */
  readonly #failures = new Map<string, Failures>();

  /** @param perHour failures of an account within an hour, and at once; 0 for no limit */
  constructor(readonly perHour: number) {}

  /** Time until a site may try a password of an account, ms; 0 if it may now. */
  waitMs(account: string, site: string, nowMs: number): number {
    if (this.perHour === 0) return 0;
    const failures = Math.min(this.#failuresOf(account, site, nowMs), FAILURES_MAX);
    const kept = Math.floor(this.perHour * RESERVE * failures / FAILURES_MAX);
    const missing = kept + 1 - this.#left(account, nowMs);
    return missing <= 0 ? 0 : Math.ceil(missing * HOUR_MS / this.perHour);
  }

  /** Counts a failure. */
  failed(account: string, site: string, nowMs: number): void {
    if (this.perHour === 0) return;
    this.#levels.set(account, { left: Math.max(0, this.#left(account, nowMs) - 1), atMs: nowMs });
    const key = keyOf(account, site);
    const count = this.#failuresOf(account, site, nowMs) + 1;
    // Moved to the end: the order is that of the last failures.
    this.#failures.delete(key);
    this.#failures.set(key, { count, atMs: nowMs });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > SITES_MAX && oldest !== undefined) this.#failures.delete(oldest);
  }

  /** Forgets everything that has expired. */
  prune(nowMs: number): void {
    for (const account of this.#levels.keys()) {
      if (this.#left(account, nowMs) >= this.perHour) this.#levels.delete(account);
    }
    for (const [key, { atMs }] of this.#failures) {
      if (nowMs - atMs < REMEMBERED_MS) return;
      this.#failures.delete(key);
    }
  }

  #left(account: string, nowMs: number): number {
    const level = this.#levels.get(account);
    if (level === undefined) return this.perHour;
    return Math.min(this.perHour, level.left + (nowMs - level.atMs) * this.perHour / HOUR_MS);
  }

  #failuresOf(account: string, site: string, nowMs: number): number {
    const failures = this.#failures.get(keyOf(account, site));
    return failures === undefined || nowMs - failures.atMs >= REMEMBERED_MS ? 0 : failures.count;
  }
}

function keyOf(account: string, site: string): string {
  return `${account} ${site}`;
}
