/**
 * Counts with their nouns, for messages to people.
 *
 * @module
 */

/** A count and its noun: `1 message`, `2 messages`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
