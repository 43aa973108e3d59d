/**
 * A password hasher that stores the plain password, after the delay of a hash.
 *
 * @module
 */

import type { HashJob, PasswordHasher, VerifyJob } from "../../server/ports/passwords.ts";
import type { Act } from "./event_queue.ts";

/** A hasher whose hashes contain the password. */
export class SimulatedHasher implements PasswordHasher {
  readonly #later: (act: Act) => void;

  /** @param later runs a callback after the duration of a hash */
  constructor(later: (act: Act) => void) {
    this.#later = later;
  }

  hash(job: HashJob, done: (outcome: { readonly hash: string } | "busy") => void): void {
    this.#later(() => done({ hash: writtenDown(job.password, job.cost) }));
  }

  verify(job: VerifyJob, done: (outcome: { readonly fits: boolean } | "busy") => void): void {
    this.#later(() => done({ fits: job.hash.slice(PREFIX_LENGTH) === job.password }));
  }
}

const PREFIX_LENGTH = "$2b$10$".length;

/** The hash of a password, in the form of a bcrypt hash: only the hasher sees the difference. */
export function writtenDown(password: string, cost: number): string {
  return `$2b$${String(cost).padStart(2, "0")}$${password}`;
}

/** The password in such a hash. */
export function passwordOf(hash: string): string {
  return hash.slice(PREFIX_LENGTH);
}
