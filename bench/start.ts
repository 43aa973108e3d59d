/**
 * From the start of the process to the first connection that is accepted and answered.
 *
 * @module
 */

import { Client } from "./client.ts";
import type { Report } from "./report.ts";
import { spreadOf } from "./statistics.ts";
import { CHEAP_ACCOUNTS, startServer } from "./subject.ts";

const STARTS = 9;
const TARGET_MS = 300;

/** Starts a server on a data folder, connects, says HELLO and is answered; returns how long that took, ms. */
export async function startAndConnectMs(data: string): Promise<number> {
  const server = await startServer({ data, settings: CHEAP_ACCOUNTS });
  const listeningMs = performance.now();
  const client = await Client.connect(server.port);
  const answeredMs = performance.now() - listeningMs;
  client.close();
  await server.stop();
  return server.startMs + answeredMs;
}

/** Starts with an empty log, ms, once Deno is warm. @param folder where the server may have its data */
export async function emptyStarts(folder: string, count: number): Promise<number[]> {
  await startAndConnectMs(`${folder}/start-warm`);
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await startAndConnectMs(`${folder}/start-${i}`));
  return times;
}

/** See the module. @param folder where the server may have its data */
export async function measureStart(folder: string): Promise<Report> {
  const { median, min, max } = spreadOf(await emptyStarts(folder, STARTS));
  return {
    title: "Start with an empty log",
    notes: [
      `${STARTS} starts in folders that did not exist, after one to warm Deno up; from starting the process ` +
      `until HELLO was answered.`,
    ],
    findings: [{
      what: "start to first connection, median (least to most)",
      figure: `${median.toFixed(0)} ms (${min.toFixed(0)} to ${max.toFixed(0)})`,
      target: `at most ${TARGET_MS} ms`,
      reached: median <= TARGET_MS,
    }],
  };
}
