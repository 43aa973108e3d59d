/**
 * The price of watching for those who watch nobody: a node with ten thousand idle sessions beside one of a checkout from
 * before there was WATCH.
 *
 * @module
 */

import { FEATURES } from "../common/protocol/features.ts";
import { THIS_CHECKOUT } from "./checkout.ts";
import { Client } from "./client.ts";
import { userName, writePeopleLog } from "./crowd_log.ts";
import { Crowds } from "./crowds.ts";
import { INSPECT_FLAG, Inspector } from "./inspector.ts";
import { NicedClients } from "./niced_clients.ts";
import { processorMs } from "./process_figures.ts";
import type { Finding } from "./report.ts";
import { roundTrips, type SendingPair } from "./round_trips.ts";
import { median, percentiles } from "./statistics.ts";
import { CHEAP_ACCOUNTS, startServer, type Subject } from "./subject.ts";

const IDLE_CLIENT = new URL("idle_client.ts", import.meta.url).pathname;

const IDLE = 10_000;
const PAIRS = 10;
const COMING = 400;
/** Numbers of the accounts: those who come and go, senders, recipients, those who are idle. */
const FIRST_COMING = 0;
const FIRST_SENDER = 1_000;
const FIRST_IDLE = 2_000;
const USERS = FIRST_IDLE + IDLE;
/** Spells of each side, in turn. */
const SPELLS = 24;
const SPELL_MS = 1_000;
const WARM_UP_MS = 3_000;
const SETTLING_MS = 200;
/** Limits of the ratios of this checkout to the other one: beyond what two runs of one checkout differ by. */
const PROCESSOR_MAX = 1.1;
const MEMORY_MAX = 1.05;
/** Limits that the sessions would run into. */
const LIMITS = { ...CHEAP_ACCOUNTS.limits, connections: IDLE + 2_000, idleMs: 3_600_000 };

/** A node with its load, and the figures of its spells. */
interface Side {
  readonly server: Subject;
  readonly pairs: readonly SendingPair[];
  readonly crowds: Crowds;
  readonly idle: NicedClients<unknown>;
  /** Heap in use for each idle session. */
  readonly sessionBytes: number;
  readonly p50: number[];
  readonly p99: number[];
  /** Processor time for each login. */
  readonly loginMs: number[];
}

/** Measures both sides. @param folder for the servers' data @param against folder of the other checkout */
export async function measureWatchingNobody(folder: string, against: string): Promise<Finding[]> {
  const sides = [
    await open(`${folder}/nobody`, THIS_CHECKOUT),
    await open(`${folder}/nobody-against`, against),
  ] as const;
  for (const side of sides) await spell(side, WARM_UP_MS);
  for (const { p50, p99, loginMs } of sides) for (const figures of [p50, p99, loginMs]) figures.length = 0;
  for (let turn = 0; turn < SPELLS; turn++) {
    // Each side is the first one as often as the other.
    for (const side of turn % 2 === 0 ? sides : sides.toReversed()) await spell(side, SPELL_MS);
  }
  for (const side of sides) await close(side);
  return findingsOf(...sides);
}

async function open(data: string, checkout: string): Promise<Side> {
  await writePeopleLog(data, USERS);
  const settings = { ...CHEAP_ACCOUNTS, limits: LIMITS };
  const server = await startServer({ data, checkout, settings, runtimeFlags: [INSPECT_FLAG] });
  const inspector = await Inspector.open(server);
  const names = namesOf(FIRST_SENDER, 2 * PAIRS);
  const clients = await Promise.all(names.map((name) => Client.loggedIn(server.port, name)));
  const pairs = clients.slice(0, PAIRS).map((sender, i) => ({ sender, to: names[PAIRS + i] ?? "" }));
  const crowds = await Crowds.open(server.port, namesOf(FIRST_COMING, COMING));
  const before = await inspector.usedHeapBytes();
  const idle = new NicedClients<unknown>(
    IDLE_CLIENT,
    server.port,
    featuresOf(checkout),
    namesOf(FIRST_IDLE, IDLE),
  );
  await idle.begin();
  const sessionBytes = (await inspector.usedHeapBytes() - before) / IDLE;
  inspector.close();
  return { server, pairs, crowds, idle, sessionBytes, p50: [], p99: [], loginMs: [] };
}

/** Features that a checkout has, but for those that this one lacks. */
function featuresOf(checkout: string): readonly string[] {
  const source = Deno.readTextFileSync(`${checkout}/common/protocol/features.ts`);
  return FEATURES.filter((feature) => source.includes(`"${feature}"`));
}

async function spell({ server, pairs, crowds, p50, p99, loginMs }: Side, ms: number): Promise<void> {
  crowds.begin();
  await pause(SETTLING_MS);
  const [beforeMs, logins] = [processorMs(server.pid), crowds.logins];
  const times = await roundTrips(pairs, ms);
  await crowds.rest();
  loginMs.push((processorMs(server.pid) - beforeMs) / (crowds.logins - logins));
  const [middle = NaN, high = NaN] = percentiles(times, [0.5, 0.99]);
  p50.push(middle);
  p99.push(high);
}

async function close({ server, pairs, crowds, idle }: Side): Promise<void> {
  await crowds.close();
  for (const { sender } of pairs) sender.close();
  await idle[Symbol.asyncDispose]();
  await server.stop();
}

function findingsOf(here: Side, before: Side): Finding[] {
  const processor = ratio(here.loginMs, before.loginMs);
  const memory = here.sessionBytes / before.sessionBytes;
  const times = ratio(here.p50, before.p50);
  return [
    sideOf("nobody watches, this checkout", here),
    sideOf("nobody watches, the other checkout", before),
    {
      what: "nobody watches: processor time, over the other's",
      figure: processor.toFixed(3),
      target: `at most ${PROCESSOR_MAX}`,
      reached: processor <= PROCESSOR_MAX,
    },
    {
      what: "nobody watches: memory of a session, over the other's",
      figure: memory.toFixed(3),
      target: `at most ${MEMORY_MAX}`,
      reached: memory <= MEMORY_MAX,
    },
    {
      what: "nobody watches: p50, over the other's",
      figure: times.toFixed(3),
    },
  ];
}

function sideOf(what: string, { p50, p99, loginMs, sessionBytes }: Side): Finding {
  const times = [p50, p99].map((figures) => median(figures).toFixed(2)).join(" / ");
  const perLogin = (median(loginMs) * 1_000).toFixed(0);
  return {
    what: `${what}: p50 / p99`,
    figure: `${times} ms; ${perLogin} us of processor a login; ${
      (sessionBytes / 1_024).toFixed(2)
    } KiB a session`,
  };
}

/** Median of the ratios of the spells of both sides. */
function ratio(here: readonly number[], before: readonly number[]): number {
  return median(here.map((figure, spell) => figure / (before[spell] ?? NaN)));
}

/** The method, for the report. */
export const WATCHING_NOBODY_NOTE =
  `Nobody watches: ${IDLE} idle sessions at each of two nodes, with all features that the node has, while the same people ` +
  `come and go; ${SPELLS} spells of ${SPELL_MS} ms of each, in turn. Ratios are medians of those of the spells. Memory is the ` +
  "heap in use once all garbage is collected.";

function namesOf(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => userName(first + i));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
