/**
 * Requests over the whole of a stored history: pages anywhere, long lists, searches.
 *
 * @module
 */

import type { Request } from "../common/protocol/requests.ts";
import { Client } from "./client.ts";
import { LONG_SHARE, messageId, ROLES, wordOf } from "./stored_history.ts";

const PAGES = 500;
const PAGE = 50;
const LISTS = 50;
const LIST_PAGE = 500;
const SEARCHES = 100;
/** Requests before the clock counts, of each kind. */
const WARM_UP = 20;

/**
 * Pauses behind the requests, ms: an account has a share of the node, 500,000 units of work a second
 * (`limits.workPerSecond`), and who asks without a pause waits for that share.
 */
const PAUSE_MS = { page: 5, list: 100, search: 150 };

/** A word that is in many messages has a low number. */
const WORD_NUMBERS = [0, 3, 20, 100, 400, 1_000, 1_800];

/** Times of requests of one kind. */
export interface RequestTimes {
  readonly ms: readonly number[];
  /** Number of messages or chats in all replies. */
  readonly items: number;
}

/** Times pages at places all over the long conversation. @param messages number of messages of the history */
export async function timePages(port: number, messages: number): Promise<RequestTimes> {
  const [own, other] = ROLES.long;
  const client = await Client.loggedIn(port, own);
  const inLong = Math.floor(messages / LONG_SHARE.of) * LONG_SHARE.count;
  const times = await timed(PAGES, PAUSE_MS.page, async (i) => {
    // Places that are spread evenly, in an order that jumps.
    const place = (i * 0.618_033_988_75 % 1) * inLong;
    const number = Math.floor(place / LONG_SHARE.count) * LONG_SHARE.of +
      Math.floor(place) % LONG_SHARE.count;
    const payload = { with: other, limit: PAGE, before: messageId(number) };
    const reply = await client.ask({ name: "listMessages", payload });
    // One message in a hundred is deleted, and no place any more.
    if (reply.name === "error" && reply.payload.code === "unknown-message") return 0;
    if (reply.name !== "messages") throw new Error(JSON.stringify(reply));
    return reply.payload.messages.length;
  });
  client.close();
  return times;
}

/** Times whole lists of chats, each of as many pages as it needs. */
export async function timeChats(port: number): Promise<RequestTimes> {
  const client = await Client.loggedIn(port, ROLES.social);
  const times = await timed(LISTS, PAUSE_MS.list, async () => {
    let count = 0;
    for (let before: string | undefined, more = true; more;) {
      const payload = { limit: LIST_PAGE, ...(before === undefined ? {} : { before }) };
      const page = (await client.ask({ name: "listChats", payload }, "chats")).payload;
      count += page.chats.length;
      before = page.chats.at(-1)?.with;
      more = page.more;
    }
    return count;
  });
  client.close();
  return times;
}

/** Times searches for one word and for two, common and rare ones, and the first letters of words. */
export async function timeSearches(port: number): Promise<RequestTimes> {
  const client = await Client.loggedIn(port, ROLES.searcher);
  const times = await timed(SEARCHES, PAUSE_MS.search, async (i) => {
    const word = wordOf(WORD_NUMBERS[i % WORD_NUMBERS.length] ?? 0);
    const words = [word, `${word.slice(0, 4)} ${wordOf(1)}`, word.slice(0, 3)][i % 3] ?? word;
    const request: Request = { name: "search", payload: { words } };
    return (await client.ask(request, "found")).payload.messages.length;
  });
  client.close();
  return times;
}

async function timed(
  count: number,
  pauseMs: number,
  ask: (index: number) => Promise<number>,
): Promise<RequestTimes> {
  const ms: number[] = [];
  let items = 0;
  for (let i = -WARM_UP; i < count; i++) {
    const startMs = performance.now();
    const received = await ask(i + WARM_UP);
    const tookMs = performance.now() - startMs;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (i < 0) continue;
    ms.push(tookMs);
    items += received;
  }
  return { ms, items };
}
