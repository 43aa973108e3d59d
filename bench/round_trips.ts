/**
 * Round trips of people who send at their own pace, however slow the answers are.
 *
 * @module
 */

import type { Client } from "./client.ts";
import { CONTENT } from "./pair.ts";

/** Time between two messages of a pair, ms. */
export const EVERY_MS = 25;

/** Somebody who sends, and the name of the recipient. */
export interface SendingPair {
  readonly sender: Client;
  readonly to: string;
}

/** Round trips of SEND_MSG, ms: one of each pair leaves at its time, whether or not the last is answered. */
export async function roundTrips(pairs: readonly SendingPair[], forMs: number): Promise<number[]> {
  const sends: Promise<number>[] = [];
  const untilMs = performance.now() + forMs;
  for (let next = 0; performance.now() < untilMs; next++) {
    const pair = pairs[next % pairs.length];
    if (pair !== undefined) sends.push(sendMs(pair));
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS / pairs.length));
  }
  return await Promise.all(sends);
}

async function sendMs({ sender, to }: SendingPair): Promise<number> {
  const startMs = performance.now();
  await sender.ask({ name: "sendMessage", payload: { to, content: CONTENT } }, "sent");
  return performance.now() - startMs;
}
