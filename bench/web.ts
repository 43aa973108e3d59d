/**
 * Sessions over a WebSocket beside sessions over TCP: memory of an idle one, and processor time for a message. And the
 * page that speaks over them.
 *
 * @module
 */

import { Client, PASSWORD } from "./client.ts";
import { INSPECT_FLAG, Inspector } from "./inspector.ts";
import { measurePage } from "./page.ts";
import { processorMs, residentBytes } from "./process_figures.ts";
import type { Report } from "./report.ts";
import { median } from "./statistics.ts";
import { CHEAP_ACCOUNTS } from "./subject.ts";
import { measureWebFloods, WEB_FLOODS_NOTE } from "./web_floods.ts";
import { startWebServer, type WebServer } from "./web_server.ts";
import { connectWeb } from "./web_socket.ts";

/** Idle sessions of each kind, and those before the first look. */
const SESSIONS = 3_000;
const SESSIONS_BEFORE = 1_000;
const SESSION_BYTES_MAX = 28 * 1_024;

/** Pairs of each kind that send one message after the other, in turns. */
const PAIRS = 10;
const TURN_MS = 500;
const TURNS = 30;
const PROCESSOR_MAX = 1.15;

/** Connections that log in at the same time. */
const AT_ONCE = 32;

const KINDS = ["TCP", "WebSocket"] as const;
type Kind = typeof KINDS[number];

/** Measures all of it. @param folder for the servers' data */
export async function measureWeb(folder: string): Promise<Report> {
  const bytes = await sessionBytes(`${folder}/memory`);
  const processor = await messageMicroseconds(`${folder}/processor`);
  const floods = await measureWebFloods(`${folder}/floods`);
  const page = await measurePage(`${folder}/page`);
  const ratio = median(processor.WebSocket.map((us, turn) => us / (processor.TCP[turn] ?? NaN)));
  return {
    title: "WebSocket beside TCP, and the page",
    notes: [
      `${SESSIONS} idle sessions of each kind over the first ${SESSIONS_BEFORE}, each of an account of its own that was there before; resident memory ` +
      `(VmRSS), all garbage collected before each look.`,
      `${PAIRS} pairs of each kind, one SEND_MSG of each after the other, pushed to its recipient over the same kind; ` +
      `${TURNS} turns of ${TURN_MS} ms each. The ratio is the median of those of the turns.`,
      WEB_FLOODS_NOTE,
      ...page.notes,
    ],
    tables: [{
      columns: ["", "memory of an idle session, bytes", "processor time of the server, us a message"],
      rows: KINDS.map((kind) => [kind, bytes[kind].toFixed(0), median(processor[kind]).toFixed(1)]),
    }, ...page.tables],
    findings: [
      {
        what: "an idle session over a WebSocket",
        figure: `${(bytes.WebSocket / 1_024).toFixed(1)} KiB`,
        target: `at most ${SESSION_BYTES_MAX / 1_024} KiB`,
        reached: bytes.WebSocket <= SESSION_BYTES_MAX,
      },
      {
        what: "processor time for a message, over TCP's",
        figure: ratio.toFixed(2),
        target: `at most ${PROCESSOR_MAX}`,
        reached: ratio <= PROCESSOR_MAX,
      },
      ...floods,
      ...page.findings,
    ],
  };
}

function open(data: string, runtimeFlags: readonly string[] = []): Promise<WebServer> {
  return startWebServer({ data, settings: CHEAP_ACCOUNTS, runtimeFlags });
}

async function connected(kind: Kind, { server, webPort }: WebServer): Promise<Client> {
  return kind === "TCP" ? await Client.connect(server.port) : await Client.over(await connectWeb(webPort));
}

/** Growth of memory for each idle session of an account that was there before, bytes. */
async function sessionBytes(data: string): Promise<Record<Kind, number>> {
  const bytes = { TCP: NaN, WebSocket: NaN };
  const maker = await open(data);
  for (const client of await sessions("TCP", maker, 0, SESSIONS_BEFORE + SESSIONS)) client.close();
  await maker.server.stop();
  for (const kind of KINDS) {
    const stage = await open(data, [INSPECT_FLAG]);
    const inspector = await Inspector.open(stage.server);
    const look = async (): Promise<number> => {
      await inspector.usedHeapBytes();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await inspector.usedHeapBytes();
      return residentBytes(stage.server.pid);
    };
    const clients = await sessions(kind, stage, 0, SESSIONS_BEFORE);
    const before = await look();
    clients.push(...await sessions(kind, stage, SESSIONS_BEFORE, SESSIONS));
    bytes[kind] = (await look() - before) / SESSIONS;
    for (const client of clients) client.close();
    inspector.close();
    await stage.server.stop();
  }
  return bytes;
}

async function sessions(kind: Kind, stage: WebServer, first: number, count: number): Promise<Client[]> {
  const clients: Client[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let i = next++; i < count; i = next++) {
      const client = await connected(kind, stage);
      await client.logIn(`user${first + i}`);
      clients.push(client);
    }
  }));
  return clients;
}

/** Processor time of the server for a message in each turn, microseconds. */
async function messageMicroseconds(data: string): Promise<Record<Kind, number[]>> {
  const stage = await open(data);
  const senders: Record<Kind, Client[]> = { TCP: [], WebSocket: [] };
  const others: Client[] = [];
  for (const kind of KINDS) {
    for (let i = 0; i < PAIRS; i++) {
      const [sender, recipient] = [await connected(kind, stage), await connected(kind, stage)];
      await sender.logIn(`${kind}-sender${i}`);
      await recipient.logIn(`${kind}-recipient${i}`);
      senders[kind].push(sender);
      others.push(recipient);
    }
  }
  const times: Record<Kind, number[]> = { TCP: [], WebSocket: [] };
  for (let turn = -4; turn < TURNS; turn++) {
    for (const kind of KINDS) {
      const beforeMs = processorMs(stage.server.pid);
      const sent = await sendFor(kind, senders[kind]);
      if (turn >= 0) times[kind].push((processorMs(stage.server.pid) - beforeMs) / sent * 1_000);
    }
  }
  for (const client of [...senders.TCP, ...senders.WebSocket, ...others]) client.close();
  await stage.server.stop();
  return times;
}

/** Lets every sender send for a turn; returns the number of messages. */
async function sendFor(kind: Kind, senders: readonly Client[]): Promise<number> {
  const untilMs = performance.now() + TURN_MS;
  const counts = await Promise.all(senders.map(async (sender, i) => {
    const payload = { to: `${kind}-recipient${i}`, content: PASSWORD.repeat(5) };
    let count = 0;
    for (; performance.now() < untilMs; count++) await sender.ask({ name: "sendMessage", payload }, "sent");
    return count;
  }));
  return counts.reduce((sum, count) => sum + count, 0);
}
