/**
 * Blocks in the form that is stored. Of their messages, it has the distances between the numbers, which are short.
 *
 * @module
 */

import { crc32 } from "node:zlib";

/** A row of a block. */
export interface BlockRow {
  readonly account: number;
  /** Numbers of its first and last message. */
  readonly first: number;
  readonly last: number;
  /** Times of its oldest and newest message, microseconds since the Unix epoch. */
  readonly oldest: number;
  readonly newest: number;
  /** As of `messagesText`. */
  readonly messages: string;
  readonly terms: string;
}

/** Checksum of a block: CRC-32 of its columns, as text. */
export function blockChecksum({ account, first, last, oldest, newest, messages, terms }: BlockRow): number {
  return crc32(`${account} ${first} ${last} ${oldest} ${newest}\n${messages}\n${terms}`);
}

/** The block of a row that has all its columns. */
export function blockOf(row: Readonly<Record<string, unknown>>): BlockRow {
  return {
    account: Number(row["account"]),
    first: Number(row["first"]),
    last: Number(row["last"]),
    oldest: Number(row["oldest"]),
    newest: Number(row["newest"]),
    messages: String(row["messages"]),
    terms: String(row["terms"]),
  };
}

/** The text of ascending numbers. */
export function messagesText(numbers: readonly number[]): string {
  return numbers.map((number, i) => number - (numbers[i - 1] ?? 0)).join(" ");
}

/** The numbers of such a text. */
export function messageNumbers(text: string): number[] {
  let number = 0;
  return text.split(" ").map((distance) => number += Number(distance));
}
