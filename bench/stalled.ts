/**
 * Readers that read nothing: the memory that they cost, and the time that others wait.
 *
 * @module
 */

import { encodeRequest } from "../common/protocol/codec.ts";
import { PROTOCOL_VERSION } from "../common/protocol/requests.ts";
import { THIS_CHECKOUT } from "./checkout.ts";
import { Client } from "./client.ts";
import { residentBytes } from "./process_figures.ts";
import type { Finding, Report } from "./report.ts";
import { Samples } from "./samples.ts";
import { CHEAP_ACCOUNTS, startServer, type Subject } from "./subject.ts";

const ACCOUNTS = 10;
const SESSIONS_EACH = 50;
const MESSAGES = 50_000;
const CONTENT = "x".repeat(1_000);
/** Messages sent in each step, and the length of a step, ms: 1,000 a second. */
const STEP_MESSAGES = 10;
const STEP_MS = 10;
/** Interval of the messages of somebody else, ms. */
const OTHER_MS = 5;
/** Time in which the readers' logins are taken, ms. */
const LOGGED_IN_MS = 2_000;
const GROWTH_MAX = 256 * 1_048_576;
/** Limits that the load would run into. */
const LIMITS = { ...CHEAP_ACCOUNTS.limits, sessionsPerAccount: SESSIONS_EACH };

/** Figures of one load. */
interface Load {
  readonly grownBytes: number;
  /** The most that it had grown at any time. */
  readonly peakBytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
  readonly dropped: string;
}

/** Measures stalled readers. @param folder for the servers' data @param against folder of another checkout */
export async function measureStalled(folder: string, against?: string): Promise<Report> {
  const control = await load(`${folder}/offline`, THIS_CHECKOUT, false);
  const here = await load(`${folder}/stalled`, THIS_CHECKOUT, true);
  const before = against === undefined ? undefined : await load(`${folder}/stalled-before`, against, true);
  const more = here.peakBytes - control.peakBytes;
  const ratio = here.p99Ms / control.p99Ms;
  return {
    title: "Stalled readers",
    notes: [
      `${MESSAGES} messages of ${CONTENT.length} bytes, ${STEP_MESSAGES * 1_000 / STEP_MS} a second, to ` +
      `${ACCOUNTS} accounts, each with ${SESSIONS_EACH} sessions that read nothing.`,
      `The control sends the same messages to accounts that are offline. Somebody else sends a message every ` +
      `${OTHER_MS} ms, and waits for SENT.`,
    ],
    findings: [
      ...findings("offline, the control", control),
      ...findings("stalled", here),
      ...(before ? findings("stalled, the other checkout", before) : []),
      {
        what: "memory for stalled readers, at most",
        figure: mebibytes(more),
        target: `at most ${mebibytes(GROWTH_MAX)}`,
        reached: more <= GROWTH_MAX,
      },
      {
        what: "SENT of others, p99, over the control",
        figure: ratio.toFixed(2),
        target: "at most 2",
        reached: ratio <= 2,
      },
    ],
  };
}

function findings(name: string, { grownBytes, peakBytes, p50Ms, p99Ms, worstMs, dropped }: Load): Finding[] {
  const times = [p50Ms, p99Ms, worstMs].map((ms) => ms.toFixed(1)).join(" / ");
  return [
    {
      what: `${name}: memory, at the end / at most`,
      figure: `${mebibytes(grownBytes)} / ${mebibytes(peakBytes)}`,
    },
    { what: `${name}: SENT of others, p50 / p99 / most`, figure: `${times} ms` },
    { what: `${name}: readers dropped`, figure: dropped },
  ];
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MiB`;
}

async function load(data: string, checkout: string, withReaders: boolean): Promise<Load> {
  const server = await startServer({ data, settings: { ...CHEAP_ACCOUNTS, limits: LIMITS }, checkout });
  const sender = await Client.loggedIn(server.port, "sender");
  const other = await Client.loggedIn(server.port, "other");
  const readers = await makeReaders(server, withReaders);
  const before = residentBytes(server.pid);
  let peak = before;
  const watch = setInterval(() => peak = Math.max(peak, residentBytes(server.pid)), 100);
  const times = new Samples();
  const talk = setInterval(() => void timed(other, times), OTHER_MS);
  await sendAll(sender);
  clearInterval(talk);
  clearInterval(watch);
  const after = residentBytes(server.pid);
  const [p50Ms = NaN, p99Ms = NaN, worstMs = NaN] = times.percentiles(0.5, 0.99, 1);
  const dropped = droppedIn(server);
  for (const client of [sender, other]) client.close();
  for (const reader of readers) reader.close();
  await server.stop();
  return { grownBytes: after - before, peakBytes: peak - before, p50Ms, p99Ms, worstMs, dropped };
}

/** Makes the accounts, and logs their readers in, if there are to be any. They read nothing, not even WELCOME. */
async function makeReaders({ port }: Subject, withReaders: boolean): Promise<Deno.Conn[]> {
  const readers: Deno.Conn[] = [];
  for (let account = 0; account < ACCOUNTS; account++) {
    const client = await Client.connect(port);
    const token = await client.logIn(`reader${account}`);
    for (let i = 0; withReaders && i < SESSIONS_EACH; i++) {
      const reader = await Deno.connect({ hostname: "127.0.0.1", port });
      const hello = { name: "hello", payload: { version: PROTOCOL_VERSION, client: "bench" } } as const;
      await reader.write(encodeRequest(hello, "confirmed"));
      await reader.write(encodeRequest({ name: "resume", payload: { token } }, "confirmed"));
      readers.push(reader);
    }
    client.close();
  }
  await new Promise((resolve) => setTimeout(resolve, LOGGED_IN_MS));
  return readers;
}

async function sendAll(sender: Client): Promise<void> {
  const sent: Promise<unknown>[] = [];
  for (let i = 0; i < MESSAGES; i += STEP_MESSAGES) {
    for (let j = 0; j < STEP_MESSAGES; j++) {
      const to = `reader${(i + j) % ACCOUNTS}`;
      sent.push(sender.ask({ name: "sendMessage", payload: { to, content: CONTENT } }, "sent"));
    }
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  await Promise.all(sent);
}

async function timed(client: Client, times: Samples): Promise<void> {
  const startMs = performance.now();
  await client.ask({ name: "sendMessage", payload: { to: "sender", content: "hey" } }, "sent");
  times.add(performance.now() - startMs);
}

/** Number of dropped readers by the limit that they broke. */
function droppedIn(server: Subject): string {
  const counts = new Map<string, number>();
  for (const [, limit = ""] of server.errors().matchAll(/slowReaderDropped.*?"limit":"(\w+)"/g)) {
    counts.set(limit, (counts.get(limit) ?? 0) + 1);
  }
  return [...counts].map(([limit, count]) => `${count} by ${limit}`).join(", ") || "none";
}
