/**
 * Storing messages for people who are offline, then delivering them.
 *
 * @module
 */

import { Client } from "./client.ts";
import { Pair } from "./pair.ts";
import { processorMs } from "./process_figures.ts";
import type { Report } from "./report.ts";
import { Round } from "./round.ts";
import { CHEAP_ACCOUNTS, startServer, type Subject } from "./subject.ts";

const RECIPIENTS = 10;
const MESSAGES_EACH = 10_000;
const MESSAGES = RECIPIENTS * MESSAGES_EACH;
const OUTSTANDING = 100;
const PAGE = 500;

/** Duration and processor time of a stretch of work. */
interface Stretch {
  readonly wallMs: number;
  readonly processorMs: number;
}

/** Measures storing and delivering. @param folder for the server's data */
export async function measureOffline(folder: string): Promise<Report> {
  const server = await startServer({ data: `${folder}/offline`, settings: CHEAP_ACCOUNTS });
  const names = Array.from({ length: RECIPIENTS }, (_, i) => `recipient${i}`);
  const clients = [...await makeAccounts(server, names)];
  const pairs = names.map((name, i) => new Pair(clients[i] as Client, undefined, name));
  for (const pair of pairs) await pair.prepare();
  const stored = await timed(server, async () => {
    const round = new Round(pairs.length, Infinity, MESSAGES_EACH);
    for (const pair of pairs) pair.begin(round, OUTSTANDING);
    await round.drained;
  });
  let delivered = 0;
  const recipients = await Promise.all(names.map((name) => Client.loggedIn(server.port, name)));
  const fetched = await timed(server, async () => {
    const counts = await Promise.all(recipients.map(fetchAll));
    delivered = counts.reduce((sum, count) => sum + count);
  });
  for (const client of [...clients, ...recipients]) client.close();
  await server.stop();
  // Each pair sent one message before, to learn the lengths of the frames.
  const expected = MESSAGES + RECIPIENTS;
  if (delivered !== expected) throw new Error(`${delivered} of ${expected} messages were delivered`);
  return {
    title: "Offline",
    notes: [
      `${MESSAGES} messages of 100 bytes from ${RECIPIENTS} senders, ${OUTSTANDING} outstanding each, to as ` +
      `many people who are offline.`,
      `Then these log in and fetch their undelivered messages, pages of ${PAGE}, each confirmed before the ` +
      `next; the senders are online and get STATUS.`,
    ],
    findings: [
      { what: "storing", figure: shown(MESSAGES, stored) },
      { what: "delivering", figure: shown(delivered, fetched) },
    ],
  };
}

/** Creates the accounts of the recipients, who disconnect again, and logs the senders in. */
async function makeAccounts({ port }: Subject, names: readonly string[]): Promise<Client[]> {
  const senders: Client[] = [];
  for (const [i, name] of names.entries()) {
    (await Client.loggedIn(port, name)).close();
    senders.push(await Client.loggedIn(port, `sender${i}`));
  }
  return senders;
}

/** Fetches and confirms all undelivered messages; returns their number. */
async function fetchAll(client: Client): Promise<number> {
  let count = 0;
  for (;;) {
    const { payload } = await client.ask(
      { name: "listMessages", payload: { undelivered: true, limit: PAGE } },
      "messages",
    );
    const ids = payload.messages.map(({ id }) => id);
    await client.ask({ name: "confirmDelivery", payload: { ids } }, "ok");
    count += ids.length;
    if (!payload.more) return count;
  }
}

async function timed(server: Subject, work: () => Promise<void>): Promise<Stretch> {
  const beforeMs = processorMs(server.pid);
  const startMs = performance.now();
  await work();
  return { wallMs: performance.now() - startMs, processorMs: processorMs(server.pid) - beforeMs };
}

function shown(messages: number, stretch: Stretch): string {
  const rate = (messages / stretch.wallMs * 1_000).toFixed(0);
  const effort = (stretch.processorMs * 1_000 / messages).toFixed(1);
  return `${rate} messages/s, ${effort} us of processor time each`;
}
