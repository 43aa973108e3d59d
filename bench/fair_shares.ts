/**
 * Round trips of ordinary clients beside greedy ones.
 *
 * @module
 */

import type { Request } from "../common/protocol/requests.ts";
import type { Dialect } from "../common/protocol/codec.ts";
import { THIS_CHECKOUT } from "./checkout.ts";
import { Client } from "./client.ts";
import { GREEDY_MAX, greedyName, userName, writeCrowdLog } from "./crowd_log.ts";
import type { Greed, GreedyReplies } from "./greedy_client.ts";
import { NicedClients } from "./niced_clients.ts";
import type { Finding, Report } from "./report.ts";
import { EVERY_MS, roundTrips, type SendingPair } from "./round_trips.ts";
import { untilSearchable } from "./searchable.ts";
import { addSpells, noSpells, SETTLING_MS, SPELL_MS, SPELLS, type Spells } from "./spells.ts";
import { percentiles, spellsP99 } from "./statistics.ts";
import { CHEAP_ACCOUNTS, startServer } from "./subject.ts";

const GREEDY_CLIENT = new URL("greedy_client.ts", import.meta.url).pathname;
const USERS = 20_000;
const PAIRS = 10;
const WARM_UP_MS = 2_000;
const ROUNDS = 2;
/** Time for the archive to be built, ms. */
const PATIENCE_MS = 300_000;
/** Limits of the targets: of the 99th percentile, over that of the calm rounds, and of the worst, ms. */
const RATIO_MAX = 2;
const WORST_MS_MAX = 100;

/** The requests of greedy clients, by name. */
const GREED: Readonly<Record<string, Request>> = {
  "LIST_USERS *zzz*": { name: "listUsers", payload: { match: "*zzz*" } },
  "LIST_USERS, 500": { name: "listUsers", payload: { limit: 500 } },
  "LIST_CHATS, 500": { name: "listChats", payload: { limit: 500 } },
  "LIST_MESSAGES, 500": { name: "listMessages", payload: { with: userName(0), limit: 500 } },
  "PING": { name: "ping", payload: null },
};

/** The same in the original dialect, whose replies are whole lists. */
const ORIGINAL_GREED: Readonly<Record<string, Request>> = {
  "LIST_USERS, original": { name: "listUsers", payload: {} },
  "LIST_MESSAGES, original": { name: "listMessages", payload: { with: userName(0) } },
};

/**
 * Accounts of people who read and search without a pause, one request of each session at a time. An account may have
 * four searches under way.
 */
const READERS = Array.from(
  { length: 50 },
  (_, i) => i < 4 * GREEDY_MAX ? greedyName(i % GREEDY_MAX) : userName(i),
);
const READING: readonly Request[] = [
  { name: "listChats", payload: { limit: 50 } },
  { name: "listMessages", payload: { with: userName(0), limit: 50 } },
  { name: "search", payload: { words: "quick fox", limit: 50 } },
  { name: "search", payload: { words: "quick zebra", limit: 50 } },
];

/** A load of greedy clients, and the round trips beside it. */
interface Case extends Greed, Spells {
  readonly name: string;
  /** Accounts, one for each client. */
  readonly accounts: readonly string[];
}

/** Measures fair shares. @param folder for the servers' data @param against folder of another checkout */
export async function measureFairShares(folder: string, against?: string): Promise<Report> {
  const findings = (await measureCheckout(`${folder}/fair`, THIS_CHECKOUT)).flatMap(findingsOf);
  if (against !== undefined) {
    const others = await measureCheckout(`${folder}/fair-against`, against);
    findings.push(...others.map((each) => timesOf(each, `the same of ${against}: `)));
  }
  return {
    title: "Fair shares",
    notes: [
      `${USERS} users; ${PAIRS} pairs, one SEND_MSG of each every ${EVERY_MS} ms, answered or not. Beside them, greedy clients ` +
      `of a process of their own, which has the lowest priority, send one request, 64 KiB of frames at a time, and read ` +
      `all replies; ${READERS.length} readers wait for each reply to ${
        READING.map(({ name }) => name).join(", ")
      }.`,
      `${ROUNDS} rounds of each load, each of ${SPELLS} calm and ${SPELLS} busy spells of ${SPELL_MS} ms, in turn. The ` +
      `greedy clients connect for a busy spell and are gone in a calm one; it begins ${SETTLING_MS} ms after that. p99 is ` +
      `the median of the spells' own; p50 and the worst are of all round trips.`,
    ],
    findings,
  };
}

async function measureCheckout(data: string, checkout: string): Promise<Case[]> {
  await writeCrowdLog(data, USERS);
  const server = await startServer({ data, checkout, settings: CHEAP_ACCOUNTS });
  const senders = await Promise.all(
    Array.from({ length: PAIRS }, (_, i) => Client.loggedIn(server.port, userName(10 + i))),
  );
  const recipients = await Promise.all(
    Array.from({ length: PAIRS }, (_, i) => Client.loggedIn(server.port, userName(50 + i))),
  );
  await untilSearchable(server.port, userName(0), PATIENCE_MS);
  const pairs = senders.map((sender, i) => ({ sender, to: userName(50 + i) }));
  await roundTrips(pairs, WARM_UP_MS);
  const cases = [...casesOf(GREED, "confirmed"), ...casesOf(ORIGINAL_GREED, "original"), readers()];
  for (let round = 0; round < ROUNDS; round++) {
    for (const each of cases) await measureRound(server.port, pairs, each);
  }
  for (const client of [...senders, ...recipients]) client.close();
  await server.stop();
  return cases;
}

/** Lets greed come and go, and adds the round trips of both to the case. */
async function measureRound(port: number, pairs: readonly SendingPair[], each: Case): Promise<void> {
  const { dialect, requests, isPatient } = each;
  const greed: Greed = { dialect, requests, isPatient };
  await using greedy = new NicedClients<GreedyReplies>(GREEDY_CLIENT, port, greed, each.accounts);
  await addSpells(each, greedy, pairs);
}

/** Cases with one client, and with as many as there are greedy accounts. */
function casesOf(greed: Readonly<Record<string, Request>>, dialect: Dialect): Case[] {
  return Object.entries(greed).flatMap(([name, request]) =>
    [1, GREEDY_MAX].map((clients) =>
      caseOf(name, { dialect, requests: [request], isPatient: false }, greedyAccounts(clients))
    )
  );
}

function readers(): Case {
  return caseOf("readers", { dialect: "confirmed", requests: READING, isPatient: true }, READERS);
}

function greedyAccounts(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => greedyName(i));
}

function caseOf(name: string, greed: Greed, accounts: readonly string[]): Case {
  return { ...greed, name, accounts, ...noSpells() };
}

function timesOf({ name, accounts, calm, busy, replies, refusals }: Case, prefix = ""): Finding {
  const shown = (spells: readonly number[][]): string => {
    const [p50, most] = percentiles(spells.flat(), [0.5, 1]);
    return [p50, spellsP99(spells), most].map((ms) => ms?.toFixed(1)).join(" / ");
  };
  return {
    what: `${prefix}${accounts.length} x ${name}, p50 / p99 / most`,
    figure: `${shown(busy)} ms, calm ${shown(calm)} ms; ${replies} replies, ${refusals} of them refusals`,
  };
}

function findingsOf(each: Case): Finding[] {
  const { name, accounts, calm, busy } = each;
  const ratio = spellsP99(busy) / spellsP99(calm);
  const worstMs = Math.max(...busy.flat());
  return [
    timesOf(each),
    {
      what: `${accounts.length} x ${name}, p99 over calm`,
      figure: ratio.toFixed(2),
      target: `at most ${RATIO_MAX}`,
      reached: ratio <= RATIO_MAX,
    },
    {
      what: `${accounts.length} x ${name}, most`,
      figure: `${worstMs.toFixed(1)} ms`,
      target: `under ${WORST_MS_MAX} ms`,
      reached: worstMs < WORST_MS_MAX,
    },
  ];
}
