/**
 * The password hasher. Every call returns at once; the result comes back as a call.
 *
 * @module
 */

/** bcrypt, away from the event loop. */
export interface PasswordHasher {
  /** Hashes; `done` gets the hash, or "busy" where the queue is full or the wait was too long. */
  hash(job: HashJob, done: (outcome: { readonly hash: string } | "busy") => void): void;
  /** Compares; `done` gets `fits`, true if the password is the right one, or "busy". */
  verify(job: VerifyJob, done: (outcome: { readonly fits: boolean } | "busy") => void): void;
}

/** A password and its asker: the bounds of the queue are per account name, per address and per lane. */
export interface HashJob {
  readonly password: string;
  /** bcrypt cost, 4 to 14. */
  readonly cost: number;
  /** Lower-case name of the account. */
  readonly account: string;
  readonly address: string;
  /**
   * True for a session that is logged in, or an address that is known to the account: it goes first. Without it, the
   * asker is a stranger.
   */
  readonly isTrusted?: boolean;
}

/** A password and the bcrypt hash that it should fit. */
export interface VerifyJob extends Omit<HashJob, "cost"> {
  readonly hash: string;
}
