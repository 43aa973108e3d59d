/**
 * The messages of a block in the form that is stored: the distances between their numbers, which are short.
 *
 * @module
 */

/** The text of ascending numbers. */
export function messagesText(numbers: readonly number[]): string {
  return numbers.map((number, i) => number - (numbers[i - 1] ?? 0)).join(" ");
}

/** The numbers of such a text. */
export function messageNumbers(text: string): number[] {
  let number = 0;
  return text.split(" ").map((distance) => number += Number(distance));
}
