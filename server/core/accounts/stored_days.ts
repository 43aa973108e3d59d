/**
 * Bytes that an account has stored, day by day (`limits.storedBytes`).
 *
 * @module
 */

const DAY_MICROSECONDS = 86_400_000_000;

/**
 * Days that are kept. One is today; the others leave room for days in the future, of nodes whose clocks were ahead
 * once: their stamps count on from there.
 */
const DAYS_KEPT = 4;

/** Bytes of one day. */
interface StoredDay {
  /** UTC days since the Unix epoch. */
  readonly day: number;
  bytes: number;
}

/** The day of a stamp: UTC days since the Unix epoch. */
export function dayOf(stamp: number): number {
  return Math.floor(stamp / DAY_MICROSECONDS);
}

/** The stamp at which a day begins, microseconds since the Unix epoch. */
export function beginOf(day: number): number {
  return day * DAY_MICROSECONDS;
}

/**
 * The sums of the latest days on which something was stored. They are the same for any order of arrival: a day that
 * is among the latest in the end was so from its first entry on.
 */
export class StoredDays {
  /** The latest first. */
  #days: StoredDay[] = [];

  /** Adds what one entry stores. */
  add(day: number, bytes: number): void {
    const [latest] = this.#days;
    // Nearly always: no search, nothing allocated.
    if (latest?.day === day) latest.bytes += bytes;
    else this.#addToOther(day, bytes);
  }

  #addToOther(day: number, bytes: number): void {
    const known = this.#days.find((each) => each.day === day);
    if (known !== undefined) {
      known.bytes += bytes;
      return;
    }
    this.#days.push({ day, bytes });
    this.#days.sort((a, b) => b.day - a.day);
    this.#days.length = Math.min(this.#days.length, DAYS_KEPT);
  }

  /** Bytes of a day; 0 if nothing was stored, or the day is too long ago. */
  on(day: number): number {
    for (const each of this.#days) if (each.day === day) return each.bytes;
    return 0;
  }

  /** The days with their bytes, the latest first. */
  get days(): readonly Readonly<StoredDay>[] {
    return this.#days;
  }

  /** Forgets everything. */
  clear(): void {
    this.#days = [];
  }
}
