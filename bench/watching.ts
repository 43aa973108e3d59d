/**
 * Round trips of others while a thousand sessions watch people who come and go.
 *
 * @module
 */

import { THIS_CHECKOUT } from "./checkout.ts";
import { Client } from "./client.ts";
import { userName, writePeopleLog } from "./crowd_log.ts";
import { Crowds, LOGINS_PER_SECOND } from "./crowds.ts";
import { NicedClients } from "./niced_clients.ts";
import { processorMs } from "./process_figures.ts";
import type { Finding, Report } from "./report.ts";
import { EVERY_MS, roundTrips, type SendingPair } from "./round_trips.ts";
import { percentiles, spellsP99 } from "./statistics.ts";
import { CHEAP_ACCOUNTS, startServer } from "./subject.ts";
import type { Crowd, WatchedChanges } from "./watching_client.ts";
import { measureWatchingNobody, WATCHING_NOBODY_NOTE } from "./watching_nobody.ts";

const WATCHING_CLIENT = new URL("watching_client.ts", import.meta.url).pathname;

/** People of whom some come and go; the others sort after them. */
const COMING = 400;
const WATCHERS = 1_000;
const WATCHED_EACH = 500;
const PAIRS = 10;
/** Numbers of the accounts: those who come and go, those who watch, senders, recipients. */
const FIRST_COMING = 1_000;
const FIRST_WATCHER = 2_000;
const FIRST_SENDER = 4_000;
const USERS = 5_000;
const WARM_UP_MS = 6_000;
/** Spells of each kind, in turn, as in `fair_shares.ts`. */
const SPELLS = 12;
const SPELL_MS = 1_000;
/** Time after the watching has begun or ended before a spell begins, ms: the watching itself is work. */
const SETTLING_MS = 700;
const RATIO_MAX = 2;

/** Spells of one kind. */
interface Spells {
  readonly trips: number[][];
  processorMs: number;
}

/** The measurement of one checkout. */
interface Watching {
  readonly calm: Spells;
  readonly busy: Spells;
  readonly pushed: WatchedChanges;
  readonly logins: number;
}

/**
 * Measures watching.
 *
 * @param folder for the servers' data
 * @param against folder of another checkout. If it lacks WATCH, only those who watch nobody are compared
 */
export async function measureWatching(folder: string, against?: string): Promise<Report> {
  const findings = findingsOf(await measureCheckout(`${folder}/watching`, THIS_CHECKOUT));
  if (against !== undefined) {
    findings.push(...await measureWatchingNobody(folder, against));
    if (canWatch(against)) {
      const other = await measureCheckout(`${folder}/watching-against`, against);
      const figures = [...timesOf(other), { what: "p99 over calm", figure: ratioOf(other).toFixed(2) }];
      findings.push(...figures.map(({ what, figure }) => ({ what: `the other checkout: ${what}`, figure })));
    }
  }
  return {
    title: "Watching",
    notes: [...NOTES, ...against === undefined ? [] : [WATCHING_NOBODY_NOTE]],
    findings,
  };
}

function canWatch(checkout: string): boolean {
  return Deno.readTextFileSync(`${checkout}/common/protocol/requests.ts`).includes("watchPeople");
}

async function measureCheckout(data: string, checkout: string): Promise<Watching> {
  await writePeopleLog(data, USERS);
  const server = await startServer({ data, checkout, settings: CHEAP_ACCOUNTS });
  const pairs = await pairsOf(server.port);
  const crowd = await Crowds.open(server.port, namesOf(FIRST_COMING, COMING));
  crowd.begin();
  const [calm, busy]: [Spells, Spells] = [{ trips: [], processorMs: 0 }, { trips: [], processorMs: 0 }];
  let [pushes, bytes] = [0, 0];
  {
    const watched: Crowd = {
      names: namesOf(FIRST_COMING, WATCHED_EACH),
      before: "user000999.",
      limit: WATCHED_EACH,
    };
    const watchers = namesOf(FIRST_WATCHER, WATCHERS);
    await using watching = new NicedClients<WatchedChanges>(
      WATCHING_CLIENT,
      server.port,
      watched,
      watchers,
    );
    // They have connected once they have watched for the first time.
    await watching.begin();
    await watching.rest();
    await roundTrips(pairs, WARM_UP_MS);
    for (let spell = 0; spell < SPELLS; spell++) {
      await measureSpell(calm, server.pid, pairs);
      await watching.begin();
      await measureSpell(busy, server.pid, pairs);
      const changes = await watching.rest();
      pushes += changes.pushes;
      bytes += changes.bytes;
    }
    await crowd.close();
  }
  await server.stop();
  return { calm, busy, pushed: { pushes, bytes }, logins: crowd.logins };
}

async function measureSpell(spells: Spells, pid: number, pairs: readonly SendingPair[]): Promise<void> {
  await pause(SETTLING_MS);
  const beforeMs = processorMs(pid);
  spells.trips.push(await roundTrips(pairs, SPELL_MS));
  spells.processorMs += processorMs(pid) - beforeMs;
}

async function pairsOf(port: number): Promise<SendingPair[]> {
  const names = namesOf(FIRST_SENDER, 2 * PAIRS);
  const clients = await Promise.all(names.map((name) => Client.loggedIn(port, name)));
  return clients.slice(0, PAIRS).map((sender, i) => ({ sender, to: names[PAIRS + i] ?? "" }));
}

const NOTES: readonly string[] = [
  `${COMING} people come and go all the time, ${
    2 * LOGINS_PER_SECOND
  } changes a second or a little less; ${PAIRS} pairs, ` +
  `one SEND_MSG of each every ${EVERY_MS} ms. ${WATCHERS} sessions are online: in a busy spell each of them ` +
  `watches ${WATCHED_EACH} people, all who come and go among them, half of the sessions as a range of their own, and ` +
  `half by name. In a calm spell nobody watches. Their process has the lowest priority.`,
  `${SPELLS} calm and ${SPELLS} busy spells of ${SPELL_MS} ms, in turn. p99 is the median of the spells' own.`,
];

function findingsOf(watching: Watching): Finding[] {
  const ratio = ratioOf(watching);
  return [
    { what: "changes in all", figure: `${2 * watching.logins}` },
    ...timesOf(watching),
    {
      what: "p99 over calm",
      figure: ratio.toFixed(2),
      target: `at most ${RATIO_MAX}`,
      reached: ratio <= RATIO_MAX,
    },
  ];
}

function timesOf(watching: Watching): Finding[] {
  const { calm, busy, pushed: { pushes, bytes } } = watching;
  return [
    { what: "PERSON pushes in all", figure: `${pushes}, ${(bytes / 1e6).toFixed(0)} MB` },
    spellsOf("calm", calm),
    spellsOf("busy", busy),
  ];
}

function ratioOf({ calm, busy }: Watching): number {
  return spellsP99(busy.trips) / spellsP99(calm.trips);
}

function spellsOf(name: string, { trips, processorMs }: Spells): Finding {
  const [p50, most] = percentiles(trips.flat(), [0.5, 1]);
  const times = [p50, spellsP99(trips), most].map((ms) => ms?.toFixed(1)).join(" / ");
  const share = (processorMs / (SPELLS * SPELL_MS) * 100).toFixed(0);
  return {
    what: `${name}: p50 / p99 / most`,
    figure: `${times} ms; ${share} % of a processor at the server`,
  };
}

function namesOf(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => userName(first + i));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
