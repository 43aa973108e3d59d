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
import { CONTENT } from "./pair.ts";
import type { Finding, Report } from "./report.ts";
import { median, percentiles } from "./statistics.ts";
import { startServer } from "./subject.ts";

const USERS = 20_000;
const PAIRS = 10;
const EVERY_MS = 25;
const ROUND_MS = 2_000;
const ROUNDS = 4;
/** Duration of the greed: it begins a moment before the round, and ends after it. */
const GREED_MS = ROUND_MS + 800;
const GREED_BEFORE_MS = 500;
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

/** A load of greedy clients, and the round trips beside it. */
interface Case {
  readonly name: string;
  readonly dialect: Dialect;
  readonly request: Request;
  readonly clients: number;
  /** Round trips beside it, ms, and those of the calm round before, by round. */
  readonly rounds: { readonly calm: number[]; readonly busy: number[] }[];
  replies: number;
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
      `all replies.`,
      `${ROUNDS} rounds of ${ROUND_MS} ms of each load, each after a calm one of the same length.`,
    ],
    findings,
  };
}

async function measureCheckout(data: string, checkout: string): Promise<Case[]> {
  await writeCrowdLog(data, USERS);
  const server = await startServer({ data, checkout, settings: { hashCost: 4 } });
  const senders = await Promise.all(
    Array.from({ length: PAIRS }, (_, i) => Client.loggedIn(server.port, userName(10 + i))),
  );
  const recipients = await Promise.all(
    Array.from({ length: PAIRS }, (_, i) => Client.loggedIn(server.port, userName(50 + i))),
  );
  await roundTrips(senders, ROUND_MS);
  const cases = [...casesOf(GREED, "confirmed"), ...casesOf(ORIGINAL_GREED, "original")];
  for (let round = 0; round < ROUNDS; round++) {
    for (const each of cases) {
      const calm = await roundTrips(senders, ROUND_MS);
      const greedy = greedyClients(server.port, each);
      await new Promise((resolve) => setTimeout(resolve, GREED_BEFORE_MS));
      const busy = await roundTrips(senders, ROUND_MS);
      each.rounds.push({ calm, busy });
      each.replies += await greedy;
    }
  }
  for (const client of [...senders, ...recipients]) client.close();
  await server.stop();
  return cases;
}

/** Cases with one client, and with as many as there are greedy accounts. */
function casesOf(greed: Readonly<Record<string, Request>>, dialect: Dialect): Case[] {
  return Object.entries(greed).flatMap(([name, request]) =>
    [1, GREEDY_MAX].map((clients) => ({ name, dialect, request, clients, rounds: [], replies: 0 }))
  );
}

function timesOf({ name, clients, rounds, replies }: Case, prefix = ""): Finding {
  const shown = (times: readonly number[]): string =>
    percentiles(times, [0.5, 0.99, 1]).map((ms) => ms.toFixed(1)).join(" / ");
  const [calm, busy] = [rounds.flatMap(({ calm }) => calm), rounds.flatMap(({ busy }) => busy)];
  return {
    what: `${prefix}${clients} x ${name}, p50 / p99 / most`,
    figure: `${shown(busy)} ms, calm ${shown(calm)} ms; ${replies} replies`,
  };
}

function findingsOf(each: Case): Finding[] {
  const { name, clients, rounds } = each;
  const ratio = median(rounds.map((round) => p99(round.busy) / p99(round.calm)));
  const worstMs = Math.max(...rounds.flatMap(({ busy }) => busy));
  return [
    timesOf(each),
    {
      what: `${clients} x ${name}, p99 over calm`,
      figure: ratio.toFixed(2),
      target: `at most ${RATIO_MAX}`,
      reached: ratio <= RATIO_MAX,
    },
    {
      what: `${clients} x ${name}, most`,
      figure: `${worstMs.toFixed(1)} ms`,
      target: `under ${WORST_MS_MAX} ms`,
      reached: worstMs < WORST_MS_MAX,
    },
  ];
}

function p99(times: readonly number[]): number {
  return percentiles(times, [0.99])[0] ?? NaN;
}

/** Round trips of SEND_MSG, ms: one of each pair leaves at its time, whether or not the last is answered. */
async function roundTrips(senders: readonly Client[], forMs: number): Promise<number[]> {
  const sends: Promise<number>[] = [];
  const untilMs = performance.now() + forMs;
  for (let next = 0; performance.now() < untilMs; next++) {
    const sender = senders[next % senders.length];
    if (sender !== undefined) sends.push(sendMs(sender, userName(50 + next % senders.length)));
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS / senders.length));
  }
  return await Promise.all(sends);
}

async function sendMs(sender: Client, to: string): Promise<number> {
  const startMs = performance.now();
  await sender.ask({ name: "sendMessage", payload: { to, content: CONTENT } }, "sent");
  return performance.now() - startMs;
}

/**
 * Runs greedy clients for a round and a little longer; resolves with the number of their replies. They get the time of
 * the processors that neither the server nor the ordinary clients want: the server's fairness is measured, not that of
 * the system, which knows nothing of clients on other machines.
 */
async function greedyClients(port: number, { dialect, request, clients }: Case): Promise<number> {
  const program = new URL("greedy_client.ts", import.meta.url).pathname;
  const names = Array.from({ length: clients }, (_, i) => greedyName(i));
  const { stdout, stderr, success } = await new Deno.Command("nice", {
    args: [
      "-n",
      "19",
      Deno.execPath(),
      "run",
      "--no-prompt",
      "--allow-net",
      program,
      String(port),
      String(GREED_MS),
      dialect,
      JSON.stringify(request),
      ...names,
    ],
    cwd: THIS_CHECKOUT,
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`greedy clients failed: ${new TextDecoder().decode(stderr)}`);
  return Number(new TextDecoder().decode(stdout));
}
