/**
 * Round trips of others while the page's port is flooded by connections that never become a session.
 *
 * @module
 */

import { Client } from "./client.ts";
import type { Flooded } from "./flooding_client.ts";
import { NicedClients } from "./niced_clients.ts";
import type { Finding } from "./report.ts";
import { roundTrips, type SendingPair } from "./round_trips.ts";
import { percentiles, spellsP99 } from "./statistics.ts";
import { CHEAP_ACCOUNTS } from "./subject.ts";
import { startWebServer } from "./web_server.ts";
import { connectWeb } from "./web_socket.ts";

const FLOODING_CLIENT = new URL("flooding_client.ts", import.meta.url).pathname;

/** Connections of a flood: as many as a node takes of strangers, all kinds together. */
const EACH = 500;

/** The bytes with which connections of a flood begin. */
const FLOODS: Readonly<Record<string, string>> = {
  "silent": "",
  "half requests": "GET / HTTP/1.1\r\nHost: local",
};

/** Pairs that send: half over TCP, half over a WebSocket of the same port. */
const PAIRS = 10;
const WARM_UP_MS = 2_000;
/** Spells of each kind, in turn, as in `fair_shares.ts`. A flood is opened within its spell. */
const SPELLS = 12;
const SPELL_MS = 500;
const SETTLING_MS = 200;
const RATIO_MAX = 2;

/** Limits of a node as it is, but for those that the pairs would run into. */
const LIMITS = { ...CHEAP_ACCOUNTS.limits, unauthenticatedConnections: 1_024 };

/** The method, for the report. */
export const WEB_FLOODS_NOTE =
  `Floods: ${EACH} connections to the page's port that are silent, ${EACH} with half a request, and both; all are opened ` +
  `within a spell and stay. ${PAIRS} pairs send, half over TCP and half over WebSockets. ${SPELLS} calm and ${SPELLS} ` +
  `flooded spells of ${SPELL_MS} ms, in turn; p99 is the median of the spells' own.`;

/** Measures floods. @param folder for the server's data */
export async function measureWebFloods(folder: string): Promise<Finding[]> {
  const settings = { ...CHEAP_ACCOUNTS, limits: LIMITS };
  const { server, webPort } = await startWebServer({ data: folder, settings });
  const clients: Client[] = [];
  for (let i = 0; i < 2 * PAIRS; i++) {
    const client = i % 2 === 0
      ? await Client.connect(server.port)
      : await Client.over(await connectWeb(webPort));
    await client.logIn(`user${i}`);
    clients.push(client);
  }
  const pairs = clients.slice(0, PAIRS).map((sender, i) => ({ sender, to: `user${PAIRS + i}` }));
  await roundTrips(pairs, WARM_UP_MS);
  const findings: Finding[] = [];
  for (const [name, floods] of casesOf()) findings.push(...await flooded(name, floods, webPort, pairs));
  for (const client of clients) client.close();
  await server.stop();
  return findings;
}

/** Each flood by itself, and both. */
function casesOf(): readonly (readonly [name: string, floods: readonly string[]])[] {
  const each = Object.entries(FLOODS).map(([name, bytes]) => [`${EACH} ${name}`, [bytes]] as const);
  return [...each, [each.map(([name]) => name).join(" and "), Object.values(FLOODS)]];
}

async function flooded(
  name: string,
  floods: readonly string[],
  port: number,
  pairs: readonly SendingPair[],
): Promise<Finding[]> {
  const names = Array.from({ length: EACH }, (_, i) => String(i));
  const processes = floods.map((bytes) => new NicedClients<Flooded>(FLOODING_CLIENT, port, bytes, names));
  const [calm, busy]: [number[][], number[][]] = [[], []];
  let open = 0;
  for (let spell = 0; spell < SPELLS; spell++) {
    await pause(SETTLING_MS);
    calm.push(await roundTrips(pairs, SPELL_MS));
    for (const each of processes) await each.begin();
    busy.push(await roundTrips(pairs, SPELL_MS));
    for (const each of processes) open += (await each.rest()).open;
  }
  for (const each of processes) await each[Symbol.asyncDispose]();
  const ratio = spellsP99(busy) / spellsP99(calm);
  return [
    {
      what: `${name}: p50 / p99 / most`,
      figure: `${timesOf(busy)} ms, calm ${timesOf(calm)} ms; ${open} open in all`,
    },
    {
      what: `${name}: p99 over calm`,
      figure: ratio.toFixed(2),
      target: `at most ${RATIO_MAX}`,
      reached: ratio <= RATIO_MAX,
    },
  ];
}

function timesOf(spells: readonly number[][]): string {
  const [p50, most] = percentiles(spells.flat(), [0.5, 1]);
  return [p50, spellsP99(spells), most].map((ms) => ms?.toFixed(1)).join(" / ");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
