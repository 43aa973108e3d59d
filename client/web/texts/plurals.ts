/**
 * Numbers and counted things.
 *
 * @module
 */

import { once } from "./once.ts";

const LOCALE = "en";

// The first formatter takes a browser 20 ms, which a page that starts has no time for.
const numbers = once(() => new Intl.NumberFormat(LOCALE));
const rules = once(() => new Intl.PluralRules(LOCALE));

/** A number with its groups of digits: `1,204`. */
export function count(number: number): string {
  return numbers().format(number);
}

/** A count and its noun: `1 message`, `2 messages`. */
export function counted(number: number, one: string, other: string): string {
  return `${count(number)} ${rules().select(number) === "one" ? one : other}`;
}
