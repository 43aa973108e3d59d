/**
 * Numbers and counted things.
 *
 * @module
 */

const LOCALE = "en";
const NUMBERS = new Intl.NumberFormat(LOCALE);
const RULES = new Intl.PluralRules(LOCALE);

/** A number with its groups of digits: `1,204`. */
export function count(number: number): string {
  return NUMBERS.format(number);
}

/** A count and its noun: `1 message`, `2 messages`. */
export function counted(number: number, one: string, other: string): string {
  return `${count(number)} ${RULES.select(number) === "one" ? one : other}`;
}
