/**
 * How long the event loop is held while 50 people log in at once.
 *
 * @module
 */

import { Client } from "./client.ts";
import type { Report } from "./report.ts";
import { percentile } from "./statistics.ts";
import { LIMITS_OFF, startServer, type Subject } from "./subject.ts";

const PEOPLE = 50;
const ROUNDS = 3;
const PING_EVERY_MS = 2;
const TARGET_MS = 20;

/** The cost that is the default. */
const SETTINGS = { limits: LIMITS_OFF, hashCost: 10 };

/** See the module. @param folder where the server may have its data */
export async function measureLogin(folder: string): Promise<Report> {
  const server = await startServer({ data: `${folder}/login`, settings: SETTINGS });
  const watcher = await Client.loggedIn(server.port, "watcher");
  const names = Array.from({ length: PEOPLE }, (_, i) => `user${i}`);
  await logAllIn(server, names);
  const calm = await pingWhile(watcher, () => new Promise((resolve) => setTimeout(resolve, 500)));
  const busy: number[] = [];
  const wallTimes: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const startMs = performance.now();
    busy.push(...await pingWhile(watcher, () => logAllIn(server, names)));
    wallTimes.push(performance.now() - startMs);
  }
  watcher.close();
  await server.stop();
  const p99 = percentile(busy, 0.99);
  return {
    title: "Logins",
    notes: [
      `${PEOPLE} people with accounts log in at once by password (bcrypt cost ${SETTINGS.hashCost}), ` +
      `${ROUNDS} times, ${percentile(wallTimes, 0.5).toFixed(0)} ms each.`,
      `Meanwhile one who is logged in sends a PING, waits for the PONG, waits ${PING_EVERY_MS} ms, and so on: ` +
      `${busy.length} times. How long a PONG takes is at least how long the loop was held, and more: the ` +
      `hashing and this program want the same processors.`,
    ],
    findings: [
      { what: "PING to PONG before, p50 / p99", figure: shown(calm, [0.5, 0.99]) },
      { what: "PING to PONG during, p50 / most", figure: shown(busy, [0.5, 1]) },
      {
        what: "event loop held while 50 log in, p99, at most",
        figure: `${p99.toFixed(1)} ms`,
        target: `at most ${TARGET_MS} ms`,
        reached: p99 <= TARGET_MS,
      },
    ],
  };
}

/** Everybody connects and logs in at once, and leaves once all are in. */
async function logAllIn({ port }: Subject, names: readonly string[]): Promise<void> {
  const clients = await Promise.all(names.map((name) => Client.loggedIn(port, name)));
  for (const client of clients) client.close();
}

/** How long each PING took, ms, until the work was done. */
async function pingWhile(client: Client, work: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  let done = false;
  const working = work().finally(() => done = true);
  while (!done) {
    const startMs = performance.now();
    await client.ask({ name: "ping", payload: null }, "pong");
    times.push(performance.now() - startMs);
    await new Promise((resolve) => setTimeout(resolve, PING_EVERY_MS));
  }
  await working;
  return times;
}

function shown(times: readonly number[], shares: readonly number[]): string {
  return `${shares.map((share) => percentile(times, share).toFixed(1)).join(" / ")} ms`;
}
