/**
 * Pushes that follow from accounts that come and go all the time.
 *
 * @module
 */

import { THIS_CHECKOUT } from "./checkout.ts";
import { Client } from "./client.ts";
import { processorMs } from "./process_figures.ts";
import type { Finding, Report } from "./report.ts";
import { CHEAP_ACCOUNTS, startServer } from "./subject.ts";

const PARTNERS = 300;
const FLAPPING = ["flapper0", "flapper1"] as const;
const DURATION_MS = 10_000;
/** Requests of the connection that flaps under way at once. */
const OUTSTANDING = 50;
/** Time after the last change in which the last state must have come, ms. */
const SETTLED_MS = 3_000;
/** Changes of one account that may leave within the duration: one in 2 s, the first, and the last. */
const CHANGES_MAX = DURATION_MS / 2_000 + 2;

/** Figures of one server. */
interface Flapping {
  /** Changes of presence at the node. */
  readonly changes: number;
  /** USER pushes to one partner, and the bytes to all of them. */
  readonly pushes: number;
  readonly bytes: number;
  readonly processorMs: number;
}

/** Measures presence. @param folder for the servers' data @param against folder of another checkout */
export async function measureFlapping(folder: string, against?: string): Promise<Report> {
  const here = await flap(`${folder}/flapping`, THIS_CHECKOUT);
  const before = against === undefined ? undefined : await flap(`${folder}/flapping-before`, against);
  const figures = { "this checkout": here, ...(before && { "the other checkout": before }) };
  const pushesMax = FLAPPING.length * CHANGES_MAX;
  return {
    title: "Flapping",
    notes: [
      `One connection resumes the logins of ${FLAPPING.length} accounts in turn, ${OUTSTANDING} requests under ` +
      `way, for ${DURATION_MS / 1_000} s: each time one account comes online and the other goes.`,
      `${PARTNERS} people who have conversations with both are online, and read.`,
    ],
    findings: [
      ...Object.entries(figures).flatMap(([name, each]) => findings(name, each)),
      {
        what: "USER to each partner",
        figure: `${here.pushes.toFixed(0)}`,
        target: `at most ${pushesMax}`,
        reached: here.pushes <= pushesMax,
      },
    ],
  };
}

function findings(name: string, { changes, pushes, bytes, processorMs }: Flapping): Finding[] {
  return [
    { what: `${name}: changes of presence`, figure: `${changes}` },
    { what: `${name}: USER to each partner`, figure: pushes.toFixed(0) },
    { what: `${name}: bytes to all partners`, figure: `${(bytes / 1e6).toFixed(3)} MB` },
    { what: `${name}: processor time`, figure: `${(processorMs / 1_000).toFixed(1)} s` },
  ];
}

async function flap(data: string, checkout: string): Promise<Flapping> {
  const server = await startServer({ data, settings: CHEAP_ACCOUNTS, checkout });
  const flapper = await Client.connect(server.port);
  const tokens: string[] = [];
  const partners: Client[] = [];
  for (const name of FLAPPING) tokens.push(await flapper.logIn(name));
  for (let i = 0; i < PARTNERS; i++) {
    const partner = await Client.loggedIn(server.port, `partner${i}`);
    for (const to of FLAPPING) {
      await partner.ask({ name: "sendMessage", payload: { to, content: "hey" } }, "sent");
    }
    partners.push(partner);
  }
  let [frames, bytes] = [0, 0];
  for (const { connection } of partners) {
    connection.onFrame = (_, start, end) => {
      frames++;
      bytes += end - start;
    };
  }
  const beforeMs = processorMs(server.pid);
  const changes = await changeFor(flapper, tokens);
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  const spentMs = processorMs(server.pid) - beforeMs;
  for (const client of [flapper, ...partners]) client.close();
  await server.stop();
  return { changes, pushes: frames / PARTNERS, bytes, processorMs: spentMs };
}

/** Resumes the logins in turn; returns the number of changes. */
async function changeFor(client: Client, tokens: readonly string[]): Promise<number> {
  let resumed = 0;
  const untilMs = performance.now() + DURATION_MS;
  const work = Array.from({ length: OUTSTANDING }, async () => {
    while (performance.now() < untilMs) {
      const token = tokens[resumed++ % tokens.length] ?? "";
      await client.ask({ name: "resume", payload: { token } }, "loginSuccess");
    }
  });
  await Promise.all(work);
  return resumed * FLAPPING.length;
}
