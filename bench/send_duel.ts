/**
 * Relay and server in turn, under the same load: the measurements that are ratios.
 *
 * @module
 */

import type { Report } from "./report.ts";
import {
  closeSide,
  type Figures,
  type Load,
  openSide,
  ratios,
  runRound,
  shownRatio,
  type Side,
  sideFindings,
} from "./send_side.ts";
import { CHEAP_ACCOUNTS, startRelay, startServer, type Subject } from "./subject.ts";

/** A load, and what is wanted of the server under it. */
export interface Duel extends Load {
  /** The share of the relay's messages per second that is wanted. */
  readonly ratioMin: number;
}

const ROUND_MS = 1_500;
const WARM_UP_MS = 2_000;
const PAIRS_OF_ROUNDS = 7;

/** Runs the duel. @param folder where the server may have its data */
export async function runDuel(duel: Duel, folder: string): Promise<Report> {
  const relay = await sideOf(await startRelay(), duel);
  const server = await sideOf(
    await startServer({ data: `${folder}/duel-${duel.pairs}`, settings: CHEAP_ACCOUNTS }),
    duel,
  );
  await runRound(relay, duel, WARM_UP_MS);
  await runRound(server, duel, WARM_UP_MS);
  const ofRelay: Figures[] = [];
  const ofServer: Figures[] = [];
  for (let i = 0; i < PAIRS_OF_ROUNDS; i++) {
    // Each goes first as often as the other: what else the machine does rises and falls.
    if (i % 2 === 0) ofRelay.push(await runRound(relay, duel, ROUND_MS));
    ofServer.push(await runRound(server, duel, ROUND_MS));
    if (i % 2 === 1) ofRelay.push(await runRound(relay, duel, ROUND_MS));
  }
  await closeSide(relay);
  await closeSide(server);
  return report(duel, ofRelay, ofServer);
}

function sideOf(subject: Subject, duel: Duel): Promise<Side> {
  return openSide([subject], duel, () => [subject.port, subject.port]);
}

function report(duel: Duel, relay: readonly Figures[], server: readonly Figures[]): Report {
  const ratio = ratios(relay, server, ({ messagesPerSecond }) => messagesPerSecond);
  const effort = ratios(relay, server, ({ processorMicroseconds }) => processorMicroseconds);
  const { pairs, outstanding, ratioMin } = duel;
  return {
    title: duel.title,
    notes: [
      `${pairs} pairs, ${outstanding} outstanding each, recipients online, 100 bytes of content; ` +
      `everything is on the disk before it is answered.`,
      `${PAIRS_OF_ROUNDS} pairs of rounds of ${ROUND_MS} ms after a warm-up; medians over the rounds, ratios ` +
      `of each pair of rounds, with least and most. Processor time is that of all threads.`,
    ],
    findings: [
      ...sideFindings("relay", relay),
      ...sideFindings("server", server),
      {
        what: `${duel.title}: messages/s, server / relay`,
        figure: shownRatio(ratio),
        target: `at least ${ratioMin}`,
        reached: ratio.median >= ratioMin,
      },
      { what: "processor time a message, server / relay", figure: shownRatio(effort) },
    ],
  };
}
