/**
 * Guesses: passwords to compare with that of an account, with the standing of their askers.
 *
 * @module
 */

/**
 * Standing of an asker with an account: a session that is logged in to it, an address that it was logged in to from
 * lately, or a stranger.
 */
export type Standing = "session" | "known" | "stranger";

/** One guess at the password of one account, as the limits see it. */
export interface Guess {
  /** Account id, which no later account of the name has; or the lower-case name of an account that is not there. */
  readonly account: string;
  readonly address: string;
  readonly standing: Standing;
  /** SHA-256 of the token of a session, which keeps its count when it connects again. */
  readonly token?: string;
}
