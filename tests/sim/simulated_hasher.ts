/**
 * Passwords hashed by writing them down, a while later.
 *
 * @module
 */

import type { HashJob, PasswordHasher, VerifyJob } from "../../server/ports/node.ts";
import type { Act } from "./event_queue.ts";

/** See the module. */
export class SimulatedHasher implements PasswordHasher {
  readonly #later: (act: Act) => void;

  /** @param later does something after as long as a hash takes */
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

/** What the hasher makes of a password: it looks like bcrypt as far as anybody but the hasher looks. */
export function writtenDown(password: string, cost: number): string {
  return `$2b$${String(cost).padStart(2, "0")}$${password}`;
}

/** The password of such a hash. */
export function passwordOf(hash: string): string {
  return hash.slice(PREFIX_LENGTH);
}
