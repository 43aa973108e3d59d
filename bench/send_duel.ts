/**
 * Relay and server in turn, under the same load: the measurements that are ratios.
 *
 * @module
 */

import { Client } from "./client.ts";
import { Pair, Round } from "./pair.ts";
import { processorMs } from "./process_figures.ts";
import type { Report } from "./report.ts";
import { median, spreadOf } from "./statistics.ts";
import { CHEAP_ACCOUNTS, startRelay, startServer, type Subject } from "./subject.ts";

/** A load, and what is wanted of the server under it. */
export interface Duel {
  readonly title: string;
  readonly pairs: number;
  /** Messages of each pair that are under way at a time. */
  readonly outstanding: number;
  /** The share of the relay's messages per second that is wanted. */
  readonly ratioMin: number;
}

const ROUND_MS = 1_500;
const WARM_UP_MS = 2_000;
const PAIRS_OF_ROUNDS = 7;

/** One of the two, with everybody logged in. */
interface Side {
  readonly subject: Subject;
  readonly pairs: readonly Pair[];
  readonly clients: readonly Client[];
}

/** What one round showed. */
interface Figures {
  readonly messagesPerSecond: number;
  readonly answeredP50Ms: number;
  readonly answeredP99Ms: number;
  readonly deliveredP50Ms: number;
  readonly deliveredP99Ms: number;
  /** Of the measured process, all threads, for each message. */
  readonly processorMicroseconds: number;
  /** Processor time over wall time: 1 is one processor busy all the time. */
  readonly processorShare: number;
  readonly generatorShare: number;
}

/** Runs the duel. @param folder where the server may have its data */
export async function runDuel(duel: Duel, folder: string): Promise<Report> {
  const relay = await openSide(await startRelay(), duel);
  const server = await openSide(
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

async function openSide(subject: Subject, duel: Duel): Promise<Side> {
  const pairs: Pair[] = [];
  const clients: Client[] = [];
  for (let i = 10; i < duel.pairs + 10; i++) {
    const recipient = await Client.loggedIn(subject.port, `recipient${i}`);
    const sender = await Client.loggedIn(subject.port, `sender${i}`);
    const pair = new Pair(sender, recipient, `recipient${i}`);
    await pair.prepare();
    pairs.push(pair);
    clients.push(sender, recipient);
  }
  return { subject, pairs, clients };
}

async function closeSide({ subject, clients }: Side): Promise<void> {
  for (const client of clients) client.close();
  await subject.stop();
}

async function runRound({ subject, pairs }: Side, duel: Duel, durationMs: number): Promise<Figures> {
  const before = { subject: processorMs(subject.pid), generator: processorMs(Deno.pid) };
  const round = new Round(pairs.length, durationMs);
  for (const pair of pairs) pair.begin(round, duel.outstanding);
  await round.drained;
  const wallMs = performance.now() - round.startMs;
  const subjectMs = processorMs(subject.pid) - before.subject;
  const generatorMs = processorMs(Deno.pid) - before.generator;
  const [answeredP50Ms = NaN, answeredP99Ms = NaN] = round.answered.percentiles(0.5, 0.99);
  const [deliveredP50Ms = NaN, deliveredP99Ms = NaN] = round.delivered.percentiles(0.5, 0.99);
  return {
    messagesPerSecond: round.answeredInTime / durationMs * 1_000,
    answeredP50Ms,
    answeredP99Ms,
    deliveredP50Ms,
    deliveredP99Ms,
    processorMicroseconds: subjectMs * 1_000 / round.answered.count,
    processorShare: subjectMs / wallMs,
    generatorShare: generatorMs / wallMs,
  };
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
        figure: shown(ratio),
        target: `at least ${ratioMin}`,
        reached: ratio.median >= ratioMin,
      },
      { what: "processor time a message, server / relay", figure: shown(effort) },
    ],
  };
}

function ratios(
  relay: readonly Figures[],
  server: readonly Figures[],
  figure: (figures: Figures) => number,
): ReturnType<typeof spreadOf> {
  return spreadOf(server.map((figures, i) => {
    const other = relay[i];
    return other === undefined ? NaN : figure(figures) / figure(other);
  }));
}

function shown({ median, min, max }: ReturnType<typeof spreadOf>): string {
  return `${median.toFixed(3)} (${min.toFixed(3)} to ${max.toFixed(3)})`;
}

function sideFindings(side: string, rounds: readonly Figures[]): { what: string; figure: string }[] {
  const middle = (figure: (figures: Figures) => number, digits: number): string =>
    median(rounds.map(figure)).toFixed(digits);
  const answered = `${middle((of) => of.answeredP50Ms, 2)} / ${middle((of) => of.answeredP99Ms, 2)} ms`;
  const delivered = `${middle((of) => of.deliveredP50Ms, 2)} / ${middle((of) => of.deliveredP99Ms, 2)} ms`;
  return [
    { what: `${side}: messages/s`, figure: middle((of) => of.messagesPerSecond, 0) },
    { what: `${side}: send to SENT, p50 / p99`, figure: answered },
    { what: `${side}: send to MESSAGE, p50 / p99`, figure: delivered },
    {
      what: `${side}: processor time a message`,
      figure: `${middle((of) => of.processorMicroseconds, 2)} us`,
    },
    {
      what: `${side}: processors busy, it / load generator`,
      figure: `${middle((of) => of.processorShare, 2)} / ${middle((of) => of.generatorShare, 2)}`,
    },
  ];
}
