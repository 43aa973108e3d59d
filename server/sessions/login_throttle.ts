/**
 * Delays against guessed passwords and against mass registration.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { addressGroup, isLoopback } from "../core/address.ts";
import { type Refusal, refusal } from "../core/decision.ts";
import { WindowCounter } from "./window_counter.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TOTAL = "total";

interface Delay {
  readonly delayMs: number;
  readonly untilMs: number;
}

/** Counts wrong passwords and new accounts. All times are monotonic. */
export class LoginThrottle {
  readonly #accountFailures = new WindowCounter(MINUTE_MS);
  readonly #accountDelays = new Map<string, Delay>();
  readonly #addressFailures: WindowCounter;
  readonly #addressBlocks = new Map<string, number>();
  readonly #addressRegistrations = new WindowCounter(HOUR_MS);
  readonly #registrations = new WindowCounter(10 * MINUTE_MS);

  constructor(readonly limits: Limits) {
    this.#addressFailures = new WindowCounter(limits.loginFailuresWindowMs);
  }

  /** The reason why this account or address must wait before the next password, if it must. */
  loginProblem(account: string, address: string, nowMs: number): Refusal | undefined {
    const blockedMs = (this.#addressBlocks.get(addressGroup(address)) ?? 0) - nowMs;
    if (blockedMs > 0) {
      return waitFor(blockedMs, "too many wrong passwords came from your address");
    }
    const delayedMs = (this.#accountDelays.get(account)?.untilMs ?? 0) - nowMs;
    return delayedMs > 0 ? waitFor(delayedMs, "too many wrong passwords for this name") : undefined;
  }

  /** Counts a wrong password. */
  loginFailed(account: string, address: string, nowMs: number): void {
    this.#accountFailures.add(account, nowMs);
    const { loginFailuresPerMinute, loginFailuresPerAddress } = this.limits;
    const tooMany = this.#accountFailures.count(account, nowMs) >= loginFailuresPerMinute;
    const delay = this.#rememberedDelay(account, nowMs);
    if (loginFailuresPerMinute > 0 && (tooMany || delay)) {
      this.#accountDelays.set(account, this.#nextDelay(delay, nowMs));
    }
    if (this.#exempt(address) || loginFailuresPerAddress === 0) return;
    const group = addressGroup(address);
    this.#addressFailures.add(group, nowMs);
    if (this.#addressFailures.count(group, nowMs) >= loginFailuresPerAddress) {
      this.#addressBlocks.set(group, nowMs + this.limits.loginFailuresWindowMs);
    }
  }

  /** A delay is remembered for its own length after its end, so that the next wrong password doubles it. */
  #rememberedDelay(account: string, nowMs: number): Delay | undefined {
    const delay = this.#accountDelays.get(account);
    if (delay === undefined || delay.untilMs + Math.max(delay.delayMs, MINUTE_MS) >= nowMs) return delay;
    this.#accountDelays.delete(account);
    return undefined;
  }

  #nextDelay(last: Delay | undefined, nowMs: number): Delay {
    const { loginDelayMs, loginDelayMsMax } = this.limits;
    const delayMs = last ? Math.min(last.delayMs * 2, loginDelayMsMax) : loginDelayMs;
    return { delayMs, untilMs: nowMs + delayMs };
  }

  /** Resets the delays of an account after the right password. */
  loginSucceeded(account: string): void {
    this.#accountDelays.delete(account);
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

  /** Counts a new account. */
  registered(address: string, nowMs: number): void {
    this.#addressRegistrations.add(addressGroup(address), nowMs);
    this.#registrations.add(TOTAL, nowMs);
  }

  /** Forgets everything that has expired. */
  prune(nowMs: number): void {
    for (const counter of [this.#accountFailures, this.#addressFailures, this.#addressRegistrations]) {
      counter.prune(nowMs);
    }
    for (const account of this.#accountDelays.keys()) this.#rememberedDelay(account, nowMs);
    for (const [address, untilMs] of this.#addressBlocks) {
      if (untilMs < nowMs) this.#addressBlocks.delete(address);
    }
  }

  #exempt(address: string): boolean {
    return this.limits.loopbackExempt && isLoopback(address);
  }
}

function waitFor(ms: number, why: string): Refusal {
  const seconds = Math.ceil(ms / 1_000);
  return refusal("rate-limited", `${why}; try again in ${seconds} s`, seconds);
}
