/**
 * Round trips of others while people read and search in a stored history without a pause.
 *
 * @module
 */

import type { Request } from "../common/protocol/requests.ts";
import type { Greed, GreedyReplies } from "./greedy_client.ts";
import { NicedClients } from "./niced_clients.ts";
import type { SendingPair } from "./round_trips.ts";
import { addSpells, noSpells, type Spells } from "./spells.ts";
import { accountName, LONG_SHARE, messageId, ROLES, wordOf } from "./stored_history.ts";

/** People who read and search, each in one session. */
export const READERS = 50;

const READING_CLIENT = new URL("greedy_client.ts", import.meta.url).pathname;

/** Rounds of spells. */
const ROUNDS = 2;

/** Pages of a long conversation that each of its people reads, at places all over it. */
const PLACES = 10;

/** The first of the readers without a role, by number. Each has a conversation with the account behind it. */
const FIRST_READER = 100;

/** What all of them ask for again and again, beside pages of a conversation of their own. */
const READING: readonly Request[] = [
  { name: "listChats", payload: { limit: 50 } },
  { name: "search", payload: { words: wordOf(3), limit: 50 } },
  { name: "search", payload: { words: `${wordOf(20).slice(0, 3)} ${wordOf(1)}`, limit: 50 } },
];

/** Measures round trips beside the readers, calm and busy in turn. @param messages number of those of the history */
export async function measureReaders(
  port: number,
  pairs: readonly SendingPair[],
  messages: number,
): Promise<Spells> {
  const own = pagesOfReaders(messages);
  const greed: Greed = { dialect: "confirmed", requests: READING, own, isPatient: true };
  const spells = noSpells();
  for (let round = 0; round < ROUNDS; round++) {
    await using readers = new NicedClients<GreedyReplies>(READING_CLIENT, port, greed, Object.keys(own));
    await addSpells(spells, readers, pairs);
  }
  return spells;
}

/** The readers, each with the pages that it reads. */
function pagesOfReaders(messages: number): Readonly<Record<string, readonly Request[]>> {
  const [one, other] = ROLES.long;
  const pages = Array.from(
    { length: PLACES },
    (_, i) => Math.floor(messages / LONG_SHARE.of * (i + 1) / PLACES),
  );
  const pagesWith = (name: string): Request[] =>
    pages.map((at) => ({
      name: "listMessages",
      payload: { with: name, limit: 50, before: messageId((at - 1) * LONG_SHARE.of + 1) },
    }));
  const readers: Record<string, readonly Request[]> = { [one]: pagesWith(other), [other]: pagesWith(one) };
  for (let number = FIRST_READER; Object.keys(readers).length < READERS; number++) {
    readers[accountName(number)] = [{
      name: "listMessages",
      payload: { with: accountName(number + 1), limit: 50 },
    }];
  }
  return readers;
}
