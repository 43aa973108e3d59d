/**
 * Limits on guessed passwords and on mass registration.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { addressGroup, addressSite, isLoopback } from "../core/address.ts";
import { type Refusal, refusal } from "../core/decision.ts";
import { GrowingDelays } from "./growing_delays.ts";
import type { Guess } from "./guess.ts";
import { LateAnswers } from "./late_answers.ts";
import { StrangerAllowance } from "./stranger_allowance.ts";
import { WindowCounter } from "./window_counter.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TOTAL = "total";

/**
 * Counts wrong passwords and new accounts. Each address, and each session, has a count of its own for an account;
 * what others guess delays only strangers. All times are monotonic.
 */
export class LoginThrottle {
  /** Refusals of strangers, and what looks like them. */
  readonly lateAnswers = new LateAnswers();
  readonly #ownDelays: GrowingDelays;
  readonly #strangers: StrangerAllowance;
  readonly #addressFailures: WindowCounter;
  readonly #addressBlocks = new Map<string, number>();
  readonly #addressRegistrations = new WindowCounter(HOUR_MS);
  readonly #registrations = new WindowCounter(10 * MINUTE_MS);

  constructor(readonly limits: Limits) {
    this.#ownDelays = new GrowingDelays(limits);
    this.#strangers = new StrangerAllowance(limits.strangerFailuresPerHour);
    this.#addressFailures = new WindowCounter(limits.loginFailuresWindowMs);
  }

  /** The reason why a guess is not compared now, if there is one. */
  problem(guess: Guess, nowMs: number): Refusal | undefined {
    const strangers = this.strangerProblem(guess, nowMs);
    if (strangers && guess.standing === "stranger") return strangers;
    return this.#delay(strangers ? maskedKey(guess) : ownKey(guess), nowMs);
  }

  /** The delay that wrong passwords of the asker's address or session for this account have caused, if there is one. */
  ownProblem(guess: Guess, nowMs: number): Refusal | undefined {
    return this.#delay(ownKey(guess), nowMs);
  }

  #delay(key: string, nowMs: number): Refusal | undefined {
    const delayedMs = this.#ownDelays.waitMs(key, nowMs);
    return delayedMs > 0 ? waitFor(delayedMs, "too many wrong passwords for this name") : undefined;
  }

  /**
   * The reason why a stranger at the asker's address has to wait, if there is one. A known address has not, but a wrong
   * password from there gets the same answer, and counts where it changes no later answer: nobody who guesses learns
   * that an address is known.
   */
  strangerProblem({ account, address, standing }: Guess, nowMs: number): Refusal | undefined {
    if (standing === "session") return undefined;
    const blockedMs = (this.#addressBlocks.get(addressGroup(address)) ?? 0) - nowMs;
    if (blockedMs > 0) return waitFor(blockedMs, "too many wrong passwords came from your address");
    const waitMs = this.#strangers.waitMs(account, this.#site(address), nowMs);
    if (waitMs === 0) return undefined;
    return waitFor(waitMs, "too many wrong passwords for this name came from other addresses");
  }

  /** Counts a wrong password. */
  failed(guess: Guess, nowMs: number): void {
    const { account, address, standing } = guess;
    const isExempt = standing !== "session" && this.#exempt(address);
    if (this.strangerProblem(guess, nowMs)) return this.#ownDelays.failed(maskedKey(guess), nowMs, isExempt);
    this.#ownDelays.failed(ownKey(guess), nowMs, isExempt);
    if (standing === "session") return;
    this.#strangers.failed(account, this.#site(address), nowMs);
    const { loginFailuresPerAddress, loginFailuresWindowMs } = this.limits;
    if (isExempt || loginFailuresPerAddress === 0) return;
    const group = addressGroup(address);
    this.#addressFailures.add(group, nowMs);
    if (this.#addressFailures.count(group, nowMs) >= loginFailuresPerAddress) {
      this.#addressBlocks.set(group, nowMs + loginFailuresWindowMs);
    }
  }

  /** Ends the asker's own delay after the right password. */
  succeeded(guess: Guess): void {
    this.#ownDelays.succeeded(ownKey(guess));
    this.#ownDelays.succeeded(maskedKey(guess));
  }

  /** The reason why nobody at this address can make an account now, if there is one. */
  registrationProblem(address: string, nowMs: number): Refusal | undefined {
    const { registrationsPerHour, registrationsPerTenMinutes } = this.limits;
    const group = addressGroup(address);
    if (registrationsPerHour > 0 && !this.#exempt(address)) {
      const waitMs = this.#addressRegistrations.roomInMs(group, registrationsPerHour, nowMs);
      const limit = `${registrationsPerHour} new accounts an hour are the limit for one address`;
      if (waitMs > 0) return waitFor(waitMs, limit);
    }
    if (registrationsPerTenMinutes > 0) {
      const waitMs = this.#registrations.roomInMs(TOTAL, registrationsPerTenMinutes, nowMs);
      const limit = `${registrationsPerTenMinutes} new accounts in ten minutes are the limit of this server`;
      if (waitMs > 0) return waitFor(waitMs, limit);
    }
    return undefined;
  }

  /**
   * The reason why nobody at this address can try the code of an invitation now, if there is one. Addresses do not
   * delay each other: nobody guesses a code of 128 bits, and everybody who registers is a stranger.
   */
  invitationProblem(address: string, nowMs: number): Refusal | undefined {
    const delayedMs = this.#ownDelays.waitMs(invitationKey(address), nowMs);
    return delayedMs > 0
      ? waitFor(delayedMs, "too many wrong invitations came from your address")
      : undefined;
  }

  /** Counts a code that no invitation has. */
  invitationFailed(address: string, nowMs: number): void {
    this.#ownDelays.failed(invitationKey(address), nowMs, this.#exempt(address));
  }

  /** Counts a new account. */
  registered(address: string, nowMs: number): void {
    this.#addressRegistrations.add(addressGroup(address), nowMs);
    this.#registrations.add(TOTAL, nowMs);
  }

  /** Forgets everything that has expired. */
  prune(nowMs: number): void {
    this.#ownDelays.prune(nowMs);
    this.#strangers.prune(nowMs);
    this.#addressFailures.prune(nowMs);
    this.#addressRegistrations.prune(nowMs);
    for (const [address, untilMs] of this.#addressBlocks) {
      if (untilMs < nowMs) this.#addressBlocks.delete(address);
    }
  }

  /** Exempt addresses are one site: a user of this machine has millions of them. */
  #site(address: string): string {
    return this.#exempt(address) ? "loopback" : addressSite(address);
  }

  #exempt(address: string): boolean {
    return this.limits.loopbackExempt && isLoopback(address);
  }
}

/** Key of the count of wrong invitations from an address. No account has that id. */
function invitationKey(address: string): string {
  return `invitations ${addressGroup(address)}`;
}

/** Key of the asker's own count for the account. */
function ownKey({ account, address, standing, token }: Guess): string {
  if (standing !== "session") return `${account} ${addressGroup(address)}`;
  return `${account} session ${token ?? addressGroup(address)}`;
}

/** Key of the count of a known address while strangers there have to wait. */
function maskedKey(guess: Guess): string {
  return `${ownKey(guess)} masked`;
}

function waitFor(ms: number, why: string): Refusal {
  const seconds = Math.ceil(ms / 1_000);
  return refusal("rate-limited", `${why}; try again in ${seconds} s`, seconds);
}
