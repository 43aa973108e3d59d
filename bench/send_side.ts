/**
 * One side of a comparison: processes under a load of people who send, and what a round of it shows.
 *
 * @module
 */

import { Client } from "./client.ts";
import { Pair, Round } from "./pair.ts";
import { processorMs } from "./process_figures.ts";
import type { Finding } from "./report.ts";
import { median, type Spread, spreadOf } from "./statistics.ts";
import type { Subject } from "./subject.ts";

/** A load. */
export interface Load {
  readonly title: string;
  readonly pairs: number;
  /** Messages of each pair that are under way at a time. */
  readonly outstanding: number;
}

/** Processes, with everybody logged in. */
export interface Side {
  readonly subjects: readonly Subject[];
  readonly pairs: readonly Pair[];
  readonly clients: readonly Client[];
}

/** What one round showed. */
export interface Figures {
  readonly messagesPerSecond: number;
  readonly answeredP50Ms: number;
  readonly answeredP99Ms: number;
  readonly deliveredP50Ms: number;
  readonly deliveredP99Ms: number;
  /** Of the measured processes, all threads, for each message. */
  readonly processorMicroseconds: number;
  /** Processor time over wall time: 1 is one processor busy all the time. */
  readonly processorShare: number;
  readonly generatorShare: number;
  /** The share of the messages that were not on as many disks as the first one when they were answered. */
  readonly otherCopiesShare: number;
}

/** Ports for the sender and the recipient of a pair, by its number from 0 on. */
export type Placement = (pair: number) => readonly [sender: number, recipient: number];

/** Logs everybody in. */
export async function openSide(
  subjects: readonly Subject[],
  { pairs: count }: Load,
  placement: Placement,
): Promise<Side> {
  const pairs: Pair[] = [];
  const clients: Client[] = [];
  for (let i = 0; i < count; i++) {
    const [senderPort, recipientPort] = placement(i);
    // Names of one length, so that all frames have one too.
    const to = `recipient${i + 10}`;
    const recipient = await Client.loggedIn(recipientPort, to);
    const sender = await Client.loggedIn(senderPort, `sender${i + 10}`);
    const pair = new Pair(sender, recipient, to);
    await pair.prepare();
    pairs.push(pair);
    clients.push(sender, recipient);
  }
  return { subjects, pairs, clients };
}

/** Lets everybody go and ends the processes. */
export async function closeSide({ subjects, clients }: Side): Promise<void> {
  for (const client of clients) client.close();
  await Promise.all(subjects.map((subject) => subject.stop()));
}

/** Lets everybody send for a while. */
export async function runRound({ subjects, pairs }: Side, load: Load, durationMs: number): Promise<Figures> {
  const spentMs = (): number => subjects.reduce((sum, { pid }) => sum + processorMs(pid), 0);
  const before = { subjects: spentMs(), generator: processorMs(Deno.pid) };
  const round = new Round(pairs.length, durationMs);
  for (const pair of pairs) pair.begin(round, load.outstanding);
  await round.drained;
  const wallMs = performance.now() - round.startMs;
  const subjectsMs = spentMs() - before.subjects;
  const generatorMs = processorMs(Deno.pid) - before.generator;
  const [answeredP50Ms = NaN, answeredP99Ms = NaN] = round.answered.percentiles(0.5, 0.99);
  const [deliveredP50Ms = NaN, deliveredP99Ms = NaN] = round.delivered.percentiles(0.5, 0.99);
  return {
    messagesPerSecond: round.answeredInTime / durationMs * 1_000,
    answeredP50Ms,
    answeredP99Ms,
    deliveredP50Ms,
    deliveredP99Ms,
    processorMicroseconds: subjectsMs * 1_000 / round.answered.count,
    processorShare: subjectsMs / wallMs,
    generatorShare: generatorMs / wallMs,
    otherCopiesShare: round.otherCopies / round.answered.count,
  };
}

/** A figure of each round of one side over that of the same round of the other. */
export function ratios(
  below: readonly Figures[],
  above: readonly Figures[],
  figure: (figures: Figures) => number,
): Spread {
  return spreadOf(above.map((figures, i) => {
    const other = below[i];
    return other === undefined ? NaN : figure(figures) / figure(other);
  }));
}

/** A ratio for people: the median, the least and the most. */
export function shownRatio({ median, min, max }: Spread): string {
  return `${median.toFixed(3)} (${min.toFixed(3)} to ${max.toFixed(3)})`;
}

/** What the rounds of one side showed, medians. */
export function sideFindings(side: string, rounds: readonly Figures[]): Finding[] {
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
