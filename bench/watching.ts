/**
 * Round trips of others while a thousand sessions watch people who come and go.
 *
 * @module
 */

import { Client } from "./client.ts";
import { userName, writePeopleLog } from "./crowd_log.ts";
import { NicedClients } from "./niced_clients.ts";
import { processorMs } from "./process_figures.ts";
import type { Finding, Report } from "./report.ts";
import { EVERY_MS, roundTrips, type SendingPair } from "./round_trips.ts";
import { median, percentiles } from "./statistics.ts";
import { CHEAP_ACCOUNTS, startServer } from "./subject.ts";
import type { Crowd, WatchedChanges } from "./watching_client.ts";

const WATCHING_CLIENT = new URL("watching_client.ts", import.meta.url).pathname;

/** People of whom some come and go; the others sort after them. */
const COMING = 400;
/** Connections that log in to them in turn: half of them are online. */
const DOORS = 200;
/** Logins a second: each takes one person online and another offline. */
const LOGINS_PER_SECOND = 100;
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

/** Measures watching. @param folder for the server's data */
export async function measureWatching(folder: string): Promise<Report> {
  const data = `${folder}/watching`;
  await writePeopleLog(data, USERS);
  const server = await startServer({ data, settings: CHEAP_ACCOUNTS });
  const pairs = await pairsOf(server.port);
  const crowd = await Crowds.open(server.port);
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
  return reportOf(calm, busy, { pushes, bytes }, crowd.logins);
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

/** People who come and go all the time. */
class Crowds {
  logins = 0;
  #isOver = false;
  readonly #doors: readonly Client[];
  readonly #tokens: readonly string[];
  readonly #work: Promise<void>;

  private constructor(doors: readonly Client[], tokens: readonly string[]) {
    this.#doors = doors;
    this.#tokens = tokens;
    this.#work = this.#comeAndGo();
  }

  static async open(port: number): Promise<Crowds> {
    const tokens: string[] = [];
    const doors: Client[] = [];
    for (const name of namesOf(FIRST_COMING, COMING)) {
      const door = doors[tokens.length % DOORS] ?? await Client.connect(port);
      if (doors.length < DOORS) doors.push(door);
      tokens.push(await door.logIn(name));
    }
    return new Crowds(doors, tokens);
  }

  async #comeAndGo(): Promise<void> {
    for (let next = 0; !this.#isOver; next++) {
      const token = this.#tokens[next % COMING] ?? "";
      await this.#doors[next % DOORS]?.ask({ name: "resume", payload: { token } }, "loginSuccess");
      this.logins++;
      await pause(1_000 / LOGINS_PER_SECOND);
    }
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.#work;
    for (const door of this.#doors) door.close();
  }
}

function reportOf(calm: Spells, busy: Spells, { pushes, bytes }: WatchedChanges, logins: number): Report {
  const ratio = p99(busy.trips) / p99(calm.trips);
  return {
    title: "Watching",
    notes: [
      `${COMING} people come and go all the time, ${
        2 * LOGINS_PER_SECOND
      } changes a second or a little less; ${PAIRS} pairs, ` +
      `one SEND_MSG of each every ${EVERY_MS} ms. ${WATCHERS} sessions are online: in a busy spell each of them ` +
      `watches ${WATCHED_EACH} people, all who come and go among them, half of the sessions as a range of their own, and ` +
      `half by name. In a calm spell nobody watches. Their process has the lowest priority.`,
      `${SPELLS} calm and ${SPELLS} busy spells of ${SPELL_MS} ms, in turn. p99 is the median of the spells' own.`,
    ],
    findings: [
      { what: "changes in all", figure: `${2 * logins}` },
      { what: "PERSON pushes in all", figure: `${pushes}, ${(bytes / 1e6).toFixed(0)} MB` },
      timesOf("calm", calm),
      timesOf("busy", busy),
      {
        what: "p99 over calm",
        figure: ratio.toFixed(2),
        target: `at most ${RATIO_MAX}`,
        reached: ratio <= RATIO_MAX,
      },
    ],
  };
}

function timesOf(name: string, { trips, processorMs }: Spells): Finding {
  const [p50, most] = percentiles(trips.flat(), [0.5, 1]);
  const times = [p50, p99(trips), most].map((ms) => ms?.toFixed(1)).join(" / ");
  const share = (processorMs / (SPELLS * SPELL_MS) * 100).toFixed(0);
  return {
    what: `${name}: p50 / p99 / most`,
    figure: `${times} ms; ${share} % of a processor at the server`,
  };
}

/** Median of the 99th percentiles of the spells, ms. */
function p99(spells: readonly (readonly number[])[]): number {
  return median(spells.map((times) => percentiles(times, [0.99])[0] ?? NaN));
}

function namesOf(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => userName(first + i));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
