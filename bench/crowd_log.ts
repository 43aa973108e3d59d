/**
 * Log of a node with many accounts, some of which have many chats and long conversations.
 *
 * @module
 */

import { type EncodedEntry, encodeEntry } from "../server/core/encoded_entry.ts";
import { entryOf } from "../server/core/entry.ts";
import type { Event } from "../server/core/events.ts";
import { PASSWORD_HASH } from "./client.ts";
import { CONTENT } from "./pair.ts";
import { writeLog } from "./replay.ts";

/** Number of greedy accounts. */
export const GREEDY_MAX = 10;

/** Messages between a greedy account and its partner. */
const LONG_CONVERSATION = 10_000;

/** Chats of each greedy account, at most. */
const CHATS_MAX = 2_000;

/** Name of an account. */
export function userName(number: number): string {
  return `user${String(number).padStart(6, "0")}`;
}

/** Name of a greedy account: it has a chat with many users, and a long conversation with the first. */
export function greedyName(number: number): string {
  return `greedy${number}`;
}

/** Writes the log. @param users number of accounts beside the greedy ones; a multiple of 100 */
export async function writeCrowdLog(data: string, users: number): Promise<void> {
  const chats = Math.min(CHATS_MAX, users);
  const accounts = GREEDY_MAX + users;
  const perGreedy = chats + LONG_CONVERSATION;
  const entries = accounts + GREEDY_MAX * perGreedy;
  await writeLog(data, Math.ceil(entries / 50) * 50, (origin, seq) => {
    return encoded(origin, seq, stampOf(seq), eventOf(seq - 1, accounts, chats));
  });
}

/** Writes a log of accounts without messages. @param users their number; a multiple of 50 */
export async function writePeopleLog(data: string, users: number): Promise<void> {
  await writeLog(data, users, (origin, seq) => {
    const name = userName(seq - 1);
    return encoded(origin, seq, stampOf(seq), {
      type: "accountCreated",
      account: idOf(name),
      name,
      hash: PASSWORD_HASH,
    });
  });
}

function stampOf(seq: number): number {
  return 1_700_000_000_000_000 + seq * 1_000;
}

function encoded(origin: string, seq: number, stamp: number, event: Event): EncodedEntry {
  return encodeEntry(entryOf(origin, seq, stamp, event));
}

function eventOf(index: number, accounts: number, chats: number): Event {
  if (index < accounts) {
    const name = index < GREEDY_MAX ? greedyName(index) : userName(index - GREEDY_MAX);
    return { type: "accountCreated", account: idOf(name), name, hash: PASSWORD_HASH };
  }
  const number = index - accounts;
  const greedy = idOf(greedyName(number % GREEDY_MAX));
  const turn = Math.floor(number / GREEDY_MAX);
  const user = idOf(userName(turn < chats ? turn : 0));
  return { type: "messageSent", id: crypto.randomUUID(), from: user, to: greedy, content: CONTENT };
}

function idOf(name: string): string {
  return `${name}.${name.slice(-4).padStart(12, "0")}`;
}
