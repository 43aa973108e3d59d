/**
 * Delay of the server's event loop while 50 people log in at once.
 *
 * @module
 */

import { Client } from "./client.ts";
import { INSPECT_FLAG, Inspector } from "./inspector.ts";
import type { Report } from "./report.ts";
import { median, percentiles } from "./statistics.ts";
import { LIMITS_OFF, startServer, type Subject } from "./subject.ts";

const PEOPLE = 50;
const ROUNDS = 3;
const EVERY_MS = 2;
const TARGET_MS = 20;

/** The default cost of a hash. */
const SETTINGS = { limits: LIMITS_OFF, hashCost: 10 };

/** Starts a timer in the server's own event loop that records the gaps between its calls. */
const START_PROBE = `globalThis.gapsMs = [];
  { let lastMs = performance.now();
    setInterval(() => { const nowMs = performance.now(); gapsMs.push(nowMs - lastMs); lastMs = nowMs; }, ${EVERY_MS}); }`;

/** Takes the gaps recorded so far. */
const TAKE_GAPS = "gapsMs.splice(0)";

/** Measures logins. @param folder for the server's data */
export async function measureLogin(folder: string): Promise<Report> {
  const data = `${folder}/login`;
  const server = await startServer({ data, settings: SETTINGS, runtimeFlags: [INSPECT_FLAG] });
  const inspector = await Inspector.open(server);
  const watcher = await Client.loggedIn(server.port, "watcher");
  const names = Array.from({ length: PEOPLE }, (_, i) => `user${i}`);
  await logAllIn(server, names);
  await inspector.evaluate(START_PROBE);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const calm = delays(await inspector.evaluate(TAKE_GAPS) as number[]);
  const busy: number[] = [];
  const pongs: number[] = [];
  const wallTimes: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const startMs = performance.now();
    pongs.push(...await pingWhile(watcher, () => logAllIn(server, names)));
    wallTimes.push(performance.now() - startMs);
    busy.push(...delays(await inspector.evaluate(TAKE_GAPS) as number[]));
  }
  watcher.close();
  inspector.close();
  await server.stop();
  const [p99 = NaN] = percentiles(busy, [0.99]);
  return {
    title: "Logins",
    notes: [
      `${PEOPLE} people with accounts log in at once by password (bcrypt cost ${SETTINGS.hashCost}), ` +
      `${ROUNDS} times, ${median(wallTimes).toFixed(0)} ms each.`,
      `A timer of ${EVERY_MS} ms in the server's own event loop, set through the inspector, records its delay ` +
      `(${busy.length} samples).`,
      `From outside, a logged-in client sends a PING every ${EVERY_MS} ms (${pongs.length}); a PONG also waits ` +
      `for the disk, as every reply does, and for a processor, for which the hashing competes.`,
    ],
    findings: [
      { what: "event loop held before, p50 / p99 / most", figure: shown(calm, [0.5, 0.99, 1]) },
      { what: "event loop held during, p50 / p99 / most", figure: shown(busy, [0.5, 0.99, 1]) },
      { what: "PING to PONG during, p50 / p99 / most", figure: shown(pongs, [0.5, 0.99, 1]) },
      {
        what: "event loop held while 50 log in, p99",
        figure: `${p99.toFixed(1)} ms`,
        target: `at most ${TARGET_MS} ms`,
        reached: p99 <= TARGET_MS,
      },
    ],
  };
}

/**
 * Delays of all calls that a timer owed, ms. In one long gap several calls are late, each less than the one
 * before it; counting the gap as one late call would hide it.
 */
function delays(gapsMs: readonly number[]): number[] {
  return gapsMs.flatMap((gapMs) => {
    const late = [Math.max(0, gapMs - EVERY_MS)];
    for (let ms = gapMs - 2 * EVERY_MS; ms > 0; ms -= EVERY_MS) late.push(ms);
    return late;
  });
}

/** Logs everybody in at once, and disconnects them once all are in. */
async function logAllIn({ port }: Subject, names: readonly string[]): Promise<void> {
  const clients = await Promise.all(names.map((name) => Client.loggedIn(port, name)));
  for (const client of clients) client.close();
}

/** Round-trip times of PINGs, ms. One leaves every few ms until the work is done, answered or not. */
async function pingWhile(client: Client, work: () => Promise<void>): Promise<number[]> {
  const pings: Promise<number>[] = [];
  const timer = setInterval(() => pings.push(pingMs(client)), EVERY_MS);
  await work();
  clearInterval(timer);
  return await Promise.all(pings);
}

async function pingMs(client: Client): Promise<number> {
  const startMs = performance.now();
  await client.ask({ name: "ping", payload: null }, "pong");
  return performance.now() - startMs;
}

function shown(times: readonly number[], shares: readonly number[]): string {
  return `${percentiles(times, shares).map((ms) => ms.toFixed(1)).join(" / ")} ms`;
}
