/**
 * Admission of connections: the bounds that apply before the first frame.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { addressGroup, isLoopback } from "../core/address.ts";

const MINUTE_MS = 60_000;

/** Bound on the addresses whose current minute is remembered; the oldest is forgotten first. */
const ADDRESSES_MAX = 65_536;

/** A connection as admission sees it. */
export interface Guest {
  /** The other end's IP address. */
  readonly address: string;
  /** True while the connection is logged in. */
  readonly loggedIn: boolean;
}

/** The limits that admission enforces. */
export type AdmissionLimits = Pick<
  Limits,
  | "connections"
  | "unauthenticatedConnections"
  | "unauthenticatedPerAddress"
  | "newConnectionsPerMinute"
  | "loopbackExempt"
>;

/** Counts the connections of all listeners. Pure: the time is handed in. */
export class Admission<G extends Guest> {
  readonly #limits: AdmissionLimits;
  readonly #guests = new Set<G>();
  /** Guests without a login at the last look, oldest first. */
  readonly #strangers = new Set<G>();
  /** Number of strangers per address group. */
  readonly #strangersOf = new Map<string, number>();
  readonly #minutes = new Map<string, { readonly beganMs: number; count: number }>();

  /** @param limits the bounds to keep */
  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /**
   * The reason to refuse a new connection of that address, for the people at the other end; `undefined` admits
   * it and counts it into the address's minute.
   *
   * @param nowMs monotonic time, ms
   */
  refusal(address: string, nowMs: number): string | undefined {
    const { connections } = this.#limits;
    if (this.#guests.size >= connections) {
      return `this node has ${this.#guests.size} connections and its limit is ${connections} ` +
        `(limits.connections); use another node, or try again later`;
    }
    if (this.#limits.loopbackExempt && isLoopback(address)) return undefined;
    const group = addressGroup(address);
    return this.#tooManyStrangers(group) ?? this.#tooManyInAMinute(group, nowMs);
  }

  /** Admits a connection; returns the oldest stranger if that has to give way. */
  enter(guest: G): G | undefined {
    const full = this.#strangers.size >= this.#limits.unauthenticatedConnections;
    if (full) this.#forgetLoggedIn();
    const oldest = this.#strangers.size >= this.#limits.unauthenticatedConnections
      ? this.#strangers.values().next().value
      : undefined;
    this.#guests.add(guest);
    this.#addStranger(guest);
    return oldest;
  }

  /** Forgets a connection that has ended. */
  leave(guest: G): void {
    this.#guests.delete(guest);
    this.#removeStranger(guest);
  }

  /** Refreshes the login state of a connection. */
  update(guest: G): void {
    if (guest.loggedIn) this.#removeStranger(guest);
    else if (this.#guests.has(guest)) this.#addStranger(guest);
  }

  /** Forgets expired minutes. */
  forget(nowMs: number): void {
    for (const [group, minute] of this.#minutes) {
      if (nowMs - minute.beganMs >= MINUTE_MS) this.#minutes.delete(group);
    }
  }

  #tooManyStrangers(group: string): string | undefined {
    const limit = this.#limits.unauthenticatedPerAddress;
    if ((this.#strangersOf.get(group) ?? 0) < limit) return undefined;
    this.#forgetLoggedIn();
    const count = this.#strangersOf.get(group) ?? 0;
    if (count < limit) return undefined;
    return `${count} connections of ${group} are not logged in and the limit is ${limit} ` +
      `(limits.unauthenticatedPerAddress); log in on one of them, or close one`;
  }

  #tooManyInAMinute(group: string, nowMs: number): string | undefined {
    const limit = this.#limits.newConnectionsPerMinute;
    if (limit === 0) return undefined;
    const minute = this.#minutes.get(group);
    if (minute === undefined || nowMs - minute.beganMs >= MINUTE_MS) {
      this.#beginMinute(group, nowMs);
      return undefined;
    }
    if (minute.count < limit) {
      minute.count++;
      return undefined;
    }
    const seconds = Math.ceil((minute.beganMs + MINUTE_MS - nowMs) / 1_000);
    return `${minute.count} connections came from ${group} within a minute and the limit is ${limit} ` +
      `(limits.newConnectionsPerMinute); try again in ${seconds} s`;
  }

  #beginMinute(group: string, nowMs: number): void {
    this.#minutes.delete(group);
    this.#minutes.set(group, { beganMs: nowMs, count: 1 });
    if (this.#minutes.size <= ADDRESSES_MAX) return;
    const first = this.#minutes.keys().next().value;
    if (first !== undefined) this.#minutes.delete(first);
  }

  /** Refreshes all strangers before one is turned away: logins are not reported to this class. */
  #forgetLoggedIn(): void {
    for (const guest of this.#strangers) {
      if (guest.loggedIn) this.#removeStranger(guest);
    }
  }

  #addStranger(guest: G): void {
    if (this.#strangers.has(guest)) return;
    this.#strangers.add(guest);
    const group = addressGroup(guest.address);
    this.#strangersOf.set(group, (this.#strangersOf.get(group) ?? 0) + 1);
  }

  #removeStranger(guest: G): void {
    if (!this.#strangers.delete(guest)) return;
    const group = addressGroup(guest.address);
    const count = (this.#strangersOf.get(group) ?? 0) - 1;
    if (count > 0) this.#strangersOf.set(group, count);
    else this.#strangersOf.delete(group);
  }
}
