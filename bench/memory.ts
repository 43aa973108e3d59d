/**
 * Memory of an idle connection and of a stored message.
 *
 * @module
 */

import { Client } from "./client.ts";
import { INSPECT_FLAG, Inspector } from "./inspector.ts";
import { Pair } from "./pair.ts";
import { residentBytes } from "./process_figures.ts";
import type { Finding, Report } from "./report.ts";
import { Round } from "./round.ts";
import { CHEAP_ACCOUNTS, startServer } from "./subject.ts";

const CONNECTIONS = 4_000;
const CONNECTIONS_BEFORE = 500;
const CONNECTION_BYTES_MAX = 16 * 1_024;
const MESSAGES = 200_000;
const MESSAGES_BEFORE = 20_000;
const MESSAGE_BYTES_MAX = 500;
const PAIRS = 10;
/** Connections that create accounts or log in at the same time. */
const AT_ONCE = 32;

/** Memory of a process after garbage collection, bytes. */
interface Memory {
  readonly resident: number;
  readonly heap: number;
}

/** Measures memory. @param folder for the servers' data */
export async function measureMemory(folder: string): Promise<Report> {
  return {
    title: "Memory",
    notes: [
      `Growth of resident memory (VmRSS) and of the heap in use, all garbage collected through the inspector ` +
      `before each look.`,
      `${CONNECTIONS} connections of the confirmed dialect, each of an account of its own created before, ` +
      `over the first ${CONNECTIONS_BEFORE}.`,
      `${MESSAGES} messages of 100 bytes, over the first ${MESSAGES_BEFORE}, to ${PAIRS} people offline.`,
    ],
    findings: [
      ...await connectionGrowth(`${folder}/memory-connections`),
      ...await messageGrowth(`${folder}/memory-messages`),
    ],
  };
}

/** A server with an open inspector. */
interface Watched {
  readonly port: number;
  /** Memory after garbage collection. */
  look(): Promise<Memory>;
  stop(): Promise<void>;
}

async function watch(data: string): Promise<Watched> {
  const server = await startServer({ data, settings: CHEAP_ACCOUNTS, runtimeFlags: [INSPECT_FLAG] });
  const inspector = await Inspector.open(server);
  return {
    port: server.port,
    look: async () => {
      // Finalizers run after the first collection; the second one frees their objects.
      await inspector.usedHeapBytes();
      await new Promise((resolve) => setTimeout(resolve, 500));
      return { heap: await inspector.usedHeapBytes(), resident: residentBytes(server.pid) };
    },
    stop: async () => {
      inspector.close();
      await server.stop();
    },
  };
}

async function connectionGrowth(data: string): Promise<Finding[]> {
  const names = Array.from({ length: CONNECTIONS_BEFORE + CONNECTIONS }, (_, i) => `user${i}`);
  const maker = await startServer({ data, settings: CHEAP_ACCOUNTS });
  const tokens = await makeAccounts(maker.port, names);
  // A new process: connections must not reuse memory freed after the accounts were created.
  await maker.stop();
  const server = await watch(data);
  const clients = await resumeAll(server.port, tokens.slice(0, CONNECTIONS_BEFORE));
  const before = await server.look();
  clients.push(...await resumeAll(server.port, tokens.slice(CONNECTIONS_BEFORE)));
  const after = await server.look();
  for (const client of clients) client.close();
  await server.stop();
  return growthFindings("an idle logged-in connection", before, after, CONNECTIONS, CONNECTION_BYTES_MAX);
}

async function messageGrowth(data: string): Promise<Finding[]> {
  const server = await watch(data);
  const clients: Client[] = [];
  for (let i = 0; i < PAIRS; i++) {
    (await Client.loggedIn(server.port, `recipient${i}`)).close();
    clients.push(await Client.loggedIn(server.port, `sender${i}`));
  }
  const pairs = clients.map((client, i) => new Pair(client, undefined, `recipient${i}`));
  for (const pair of pairs) await pair.prepare();
  await sendAll(pairs, MESSAGES_BEFORE);
  const before = await server.look();
  await sendAll(pairs, MESSAGES);
  const after = await server.look();
  for (const client of clients) client.close();
  await server.stop();
  return growthFindings("a stored message of 100 bytes", before, after, MESSAGES, MESSAGE_BYTES_MAX);
}

function growthFindings(what: string, before: Memory, after: Memory, count: number, max: number): Finding[] {
  const resident = (after.resident - before.resident) / count;
  const heap = (after.heap - before.heap) / count;
  return [
    {
      what: `${what}: resident`,
      figure: `${resident.toFixed(0)} bytes`,
      target: `at most ${max} bytes`,
      reached: resident <= max,
    },
    { what: `${what}: heap in use`, figure: `${heap.toFixed(0)} bytes` },
  ];
}

async function sendAll(pairs: readonly Pair[], messages: number): Promise<void> {
  const round = new Round(pairs.length, Infinity, messages / pairs.length);
  for (const pair of pairs) pair.begin(round, 100);
  await round.drained;
}

/** Creates accounts over a few connections; returns a token of each. */
async function makeAccounts(port: number, names: readonly string[]): Promise<string[]> {
  const tokens: string[] = [];
  await atOnce(names, async () => {
    const client = await Client.connect(port);
    return {
      each: async (name, i) => void (tokens[i] = await client.logIn(name)),
      end: () => client.close(),
    };
  });
  return tokens;
}

async function resumeAll(port: number, tokens: readonly string[]): Promise<Client[]> {
  const clients: Client[] = [];
  await atOnce(tokens, () =>
    Promise.resolve({
      each: async (token) => {
        const client = await Client.connect(port);
        await client.ask({ name: "resume", payload: { token } }, "loginSuccess");
        clients.push(client);
      },
      end: () => {},
    }));
  return clients;
}

interface Hand {
  each(item: string, index: number): Promise<void>;
  end(): void;
}

/** Treats every item, a few at a time. */
async function atOnce(items: readonly string[], makeHand: () => Promise<Hand>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    const hand = await makeHand();
    for (let i = next++; i < items.length; i = next++) await hand.each(items[i] ?? "", i);
    hand.end();
  }));
}
