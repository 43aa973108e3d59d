/**
 * Who may connect: the bounds on connections that are known before anybody has said a word.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { addressGroup, isLoopback } from "../core/address.ts";

const MINUTE_MS = 60_000;

/** Addresses whose latest minute is remembered; beyond this many, the one seen first is forgotten. */
const ADDRESSES_MAX = 65_536;

/** What is known of a connection here. */
export interface Guest {
  /** The other end's IP address. */
  readonly address: string;
  /** Whether the connection is logged in now. */
  readonly loggedIn: boolean;
}

/** The bounds that are kept here. */
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
  /** Not logged in when last looked at, the oldest first. */
  readonly #strangers = new Set<G>();
  /** How many of the strangers there are of each address group. */
  readonly #strangersOf = new Map<string, number>();
  readonly #minutes = new Map<string, { readonly beganMs: number; count: number }>();

  /** @param limits the bounds to keep */
  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /**
   * Why a new connection of that address may not come in, for the people at the other end; undefined if it
   * may. One that may is counted into the address's minute.
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

  /** Lets a connection in. Returns the one that has to give way to it, if there is one. */
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

  /** The connection has ended. */
  leave(guest: G): void {
    this.#guests.delete(guest);
    this.#removeStranger(guest);
  }

  /** Looks anew at whether the connection is logged in. */
  update(guest: G): void {
    if (guest.loggedIn) this.#removeStranger(guest);
    else if (this.#guests.has(guest)) this.#addStranger(guest);
  }

  /** Forgets the minutes that are over. */
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

  /** Logins happen without a word to this class, so it looks before it turns anybody away. */
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
