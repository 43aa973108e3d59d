/**
 * Connections of each address within a minute.
 *
 * @module
 */

const MINUTE_MS = 60_000;

/** Bound on the addresses whose current minute is remembered; the oldest is forgotten first. */
const ADDRESSES_MAX = 65_536;

/** The charges of one address within a minute. */
export interface Minute {
  readonly beganMs: number;
  count: number;
}

/** Counts connections by address and minute. Pure: the time is handed in. */
export class AddressMinutes {
  readonly #minutes = new Map<string, Minute>();

  /** The current minute of an address; a new one if the last is over. */
  of(address: string, nowMs: number): Minute {
    const current = this.#minutes.get(address);
    if (current !== undefined && nowMs - current.beganMs < MINUTE_MS) return current;
    const minute = { beganMs: nowMs, count: 0 };
    this.#minutes.delete(address);
    this.#minutes.set(address, minute);
    if (this.#minutes.size > ADDRESSES_MAX) this.#forgetFirst();
    return minute;
  }

  /** Forgets the minutes that are over. */
  forget(nowMs: number): void {
    for (const [address, { beganMs }] of this.#minutes) {
      if (nowMs - beganMs >= MINUTE_MS) this.#minutes.delete(address);
    }
  }

  #forgetFirst(): void {
    const first = this.#minutes.keys().next().value;
    if (first !== undefined) this.#minutes.delete(first);
  }
}

/** Seconds until a minute is over. */
export function secondsLeft({ beganMs }: Minute, nowMs: number): number {
  return Math.ceil((beganMs + MINUTE_MS - nowMs) / 1_000);
}
