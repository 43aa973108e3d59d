/**
 * Admission of connections: the bounds on those that are not logged in.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { addressGroup, isLoopback } from "../core/address.ts";
import { type Refusal, refusal } from "../core/decision.ts";
import type { MinuteCharge } from "../ports/clients.ts";
import { AddressMinutes, type Minute, secondsLeft } from "./address_minutes.ts";
import type { TurnedAwayBy } from "./connection_counts.ts";
import { Strangers } from "./strangers.ts";

/** `retryAfter` of a connection that gave way, seconds. */
const RETRY_SECONDS = 1;

/** A connection as admission sees it. */
export interface Guest {
  /** The client's IP address. */
  readonly address: string;
  /** True while the connection is logged in. */
  readonly loggedIn: boolean;
  /** True in the midst of a login: after LOGIN_1, or while a password is compared. */
  readonly loggingIn: boolean;
}

/** A stranger that gives way to newer ones, and the reason for its client. */
export interface Dismissal<G> {
  readonly guest: G;
  readonly reason: Refusal;
  readonly by: TurnedAwayBy;
}

/** The limits that admission enforces. */
export type AdmissionLimits = Pick<
  Limits,
  | "connections"
  | "unauthenticatedConnections"
  | "unauthenticatedPerAddress"
  | "crowdMs"
  | "newConnectionsPerMinute"
  | "loopbackExempt"
>;

/** The record of one guest. */
interface Visit {
  readonly address: string;
  readonly group: string;
  readonly enteredMs: number;
}

/**
 * Counts the connections of all listeners. A stranger, a guest without a login, never keeps a new one out: the
 * oldest stranger gives way, those in the midst of a login last. Pure: the time is handed in.
 */
export class Admission<G extends Guest> {
  readonly #limits: AdmissionLimits;
  readonly #visits = new Map<G, Visit>();
  /** Guests without a login at the last look. */
  readonly #strangers = new Strangers<G>();
  readonly #minutes = new AddressMinutes();

  /** @param limits the bounds to keep */
  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** The reason to refuse any new connection, for the people at the other end. */
  refusal(): string | undefined {
    const { connections } = this.#limits;
    if (this.#visits.size < connections) return undefined;
    return `this node has ${this.#visits.size} connections and its limit is ${connections} ` +
      `(limits.connections); use another node, or try again later`;
  }

  /**
   * Admits a connection. If there are too many strangers in total, one gives way: the oldest of the address that
   * has the most.
   *
   * @param nowMs monotonic time, ms
   */
  enter(guest: G, nowMs: number): Dismissal<G> | undefined {
    const limit = this.#limits.unauthenticatedConnections;
    if (this.#strangers.size >= limit) this.#forgetLoggedIn();
    const count = this.#strangers.size;
    const oldest = count < limit ? undefined : firstToGo(this.#strangers.ofLargest());
    const { address } = guest;
    const group = addressGroup(address);
    this.#visits.set(guest, { address, group, enteredMs: nowMs });
    this.#strangers.add(guest, group);
    return oldest && this.#dismiss(
      oldest,
      "unauthenticatedConnections",
      `${count} connections are not logged in and the limit of this node is ${limit} ` +
        `(limits.unauthenticatedConnections)`,
    );
  }

  /** Forgets a connection that has ended. */
  leave(guest: G): void {
    this.#strangers.delete(guest);
    this.#visits.delete(guest);
  }

  /** Refreshes the login state of a connection, and the address, which a proxy tells only later at some ports. */
  update(guest: G): void {
    const visit = this.#visits.get(guest);
    if (guest.loggedIn) this.#strangers.delete(guest);
    else if (visit !== undefined) this.#strangers.add(guest, this.#groupOf(guest, visit));
  }

  #groupOf(guest: G, visit: Visit): string {
    const { address } = guest;
    if (address === visit.address) return visit.group;
    const group = addressGroup(address);
    this.#visits.set(guest, { ...visit, address, group });
    this.#strangers.delete(guest);
    return group;
  }

  /** Charges a connection to the minute of its address. */
  charge(guest: G, nowMs: number): MinuteCharge {
    const limit = this.#limits.newConnectionsPerMinute;
    if (limit === 0 || this.#isExempt(guest)) return { giveBack: () => {} };
    const group = addressGroup(guest.address);
    const minute = this.#minutes.of(group, nowMs);
    if (minute.count < limit) return charged(minute);
    const seconds = secondsLeft(minute, nowMs);
    const message =
      `${minute.count} connections came from ${group} within a minute and the limit is ${limit} ` +
      `(limits.newConnectionsPerMinute); try again in ${seconds} s`;
    return { refusal: refusal("rate-limited", message, seconds), giveBack: () => {} };
  }

  /**
   * Enforces the bound on the strangers of one address. A crowd whose connections broke comes back at once, so
   * the bound holds for strangers that have been there for a while.
   */
  trim(nowMs: number): Dismissal<G>[] {
    return [...this.#strangers.groups].flatMap(([group, strangers]) =>
      this.#trimGroup(group, strangers, nowMs)
    );
  }

  /** Lets strangers give way until so many are left, for the memory's sake. No address is exempt. */
  shed(strangersMax: number): Dismissal<G>[] {
    if (this.#strangers.size > strangersMax) this.#forgetLoggedIn();
    const limit = `the memory of this node has room for ${strangersMax} connections without a login`;
    return this.giveWay(this.#strangers.size - strangersMax, "memory", limit);
  }

  /**
   * Lets so many strangers give way, however new they are: each time the oldest of the address that has the most.
   * No address is exempt.
   *
   * @param problem the reason, for people
   */
  giveWay(count: number, by: TurnedAwayBy, problem: string): Dismissal<G>[] {
    const dismissals: Dismissal<G>[] = [];
    if (count > 0) this.#forgetLoggedIn();
    while (dismissals.length < count) {
      const oldest = firstToGo(this.#strangers.ofLargest());
      if (oldest === undefined) break;
      dismissals.push(this.#dismiss(oldest, by, problem));
    }
    return dismissals;
  }

  /** Forgets expired minutes. */
  forget(nowMs: number): void {
    this.#minutes.forget(nowMs);
  }

  #trimGroup(group: string, strangers: ReadonlySet<G>, nowMs: number): Dismissal<G>[] {
    const { unauthenticatedPerAddress: limit, crowdMs } = this.#limits;
    if (strangers.size <= limit) return [];
    const settled = [...strangers].filter((guest) =>
      nowMs - (this.#visits.get(guest)?.enteredMs ?? nowMs) >= crowdMs && !this.#isExempt(guest)
    );
    const over = Math.max(0, settled.length - limit);
    const idle = settled.filter((guest) => !guest.loggingIn);
    const busy = settled.filter((guest) => guest.loggingIn);
    return [...idle, ...busy].slice(0, over).map((guest) =>
      this.#dismiss(
        guest,
        "unauthenticatedPerAddress",
        `${settled.length} connections of ${group} are not logged in and the limit is ${limit} ` +
          `(limits.unauthenticatedPerAddress)`,
      )
    );
  }

  /** Forgets a stranger that gives way. */
  #dismiss(guest: G, by: TurnedAwayBy, problem: string): Dismissal<G> {
    this.leave(guest);
    const message = `${problem}, so the oldest gives way to new ones; connect again and log in at once`;
    return { guest, reason: refusal("rate-limited", message, RETRY_SECONDS), by };
  }

  #isExempt({ address }: G): boolean {
    return this.#limits.loopbackExempt && isLoopback(address);
  }

  /** Refreshes all strangers before one is turned away: logins are not reported to this class. */
  #forgetLoggedIn(): void {
    for (const guest of this.#strangers) if (guest.loggedIn) this.#strangers.delete(guest);
  }
}

function charged(minute: Minute): MinuteCharge {
  minute.count++;
  let isCharged = true;
  return {
    giveBack: () => {
      if (isCharged) minute.count--;
      isCharged = false;
    },
  };
}

/** The first that is in no login, or else the first. */
function firstToGo<G extends Guest>(strangers: Iterable<G>): G | undefined {
  let first: G | undefined;
  for (const guest of strangers) {
    if (!guest.loggingIn) return guest;
    first ??= guest;
  }
  return first;
}
