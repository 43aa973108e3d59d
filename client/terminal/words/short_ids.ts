/**
 * Short ids: a person types them instead of UUIDs. They follow the numbers of the messages, so that one client
 * never gives the same twice.
 *
 * @module
 */

import { type Message, NOT_MET } from "../../core/message.ts";
import type { Model } from "../../core/model.ts";

/** No letter that looks like another letter or a digit. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz";
const DIGITS = 9;

/** The short id of the message with that number, from 0 on: a1 to a9, b1 to z9, aa1 and so on. */
export function shortId(number: number): string {
  let letters = "";
  for (let rest = Math.floor(number / DIGITS); rest >= 0; rest = Math.floor(rest / LETTERS.length) - 1) {
    letters = LETTERS.charAt(rest % LETTERS.length) + letters;
  }
  return `${letters}${number % DIGITS + 1}`;
}

/** The message with a short id or a UUID, which may be typed with or without `#` and in either case. */
export function findMessage({ messages }: Readonly<Model>, typed: string): Message | undefined {
  const wanted = typed.replace(/^#/, "").toLowerCase();
  return [...messages.values()].find(({ id, number }) =>
    (number !== NOT_MET && shortId(number) === wanted) || id.toLowerCase() === wanted
  );
}

/** The short ids of all known messages, the newest first. */
export function shortIds({ messages }: Readonly<Model>): readonly string[] {
  const met = [...messages.values()].filter(({ number }) => number !== NOT_MET);
  return met.reverse().map(({ number }) => shortId(number));
}
