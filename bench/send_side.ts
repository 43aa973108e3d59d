/**
 * One side of a comparison: processes under the load of many senders, and the figures of a round of it.
 *
 * @module
 */

import { Client } from "./client.ts";
import { type FrameLengths, Pair } from "./pair.ts";
import { processorMs } from "./process_figures.ts";
import { Round } from "./round.ts";
import type { Subject } from "./subject.ts";

/** A load. */
export interface Load {
  readonly title: string;
  readonly pairs: number;
  /** Messages of each pair that are under way at a time. */
  readonly outstanding: number;
}

/** 50 pairs, each sender waits for SENT before it sends again. */
export const WAITING: Load = { title: "50 waiting pairs", pairs: 50, outstanding: 1 };

/** 10 pairs with 100 outstanding messages each. */
export const PIPELINED: Load = { title: "10 pipelined pairs", pairs: 10, outstanding: 100 };

/** Processes, with everybody logged in. */
export interface Side {
  readonly name: string;
  readonly subjects: readonly Subject[];
  readonly pairs: readonly Pair[];
  readonly clients: readonly Client[];
}

/** Figures of one round. */
export interface Figures {
  /** Messages answered, those after the end of the round included. */
  readonly messages: number;
  readonly messagesPerSecond: number;
  readonly answeredP50Ms: number;
  readonly answeredP99Ms: number;
  readonly deliveredP50Ms: number;
  readonly deliveredP99Ms: number;
  /** Processor time of all threads of all subjects, for each message. */
  readonly processorMicroseconds: number;
  /** Processor time over wall time: 1 is one processor busy all the time. */
  readonly processorShare: number;
  readonly generatorShare: number;
  /** Share of the messages answered with another count of copies than the first one. */
  readonly otherCopiesShare: number;
}

/** Ports for the sender and the recipient of a pair, by its number from 0 on. */
type Placement = (pair: number) => readonly [sender: number, recipient: number];

/** Places everybody at the only subject. */
export function allAt({ port }: Subject): Placement {
  return () => [port, port];
}

/** Logs everybody in. */
export async function openSide(
  name: string,
  subjects: readonly Subject[],
  { pairs: count }: Load,
  placement: Placement,
): Promise<Side> {
  const pairs: Pair[] = [];
  const clients: Client[] = [];
  for (let i = 0; i < count; i++) {
    const [senderPort, recipientPort] = placement(i);
    // Names of one length give all frames of a type one length.
    const to = `recipient${i + 10}`;
    const recipient = await Client.loggedIn(recipientPort, to);
    const sender = await Client.loggedIn(senderPort, `sender${i + 10}`);
    const pair = new Pair(sender, recipient, to);
    await pair.prepare();
    pairs.push(pair);
    clients.push(sender, recipient);
  }
  return { name, subjects, pairs, clients };
}

/** Disconnects everybody and ends the processes. */
export async function closeSide({ subjects, clients }: Side): Promise<void> {
  for (const client of clients) client.close();
  await Promise.all(subjects.map((subject) => subject.stop()));
}

/** Checks that frames of one type have one length on all sides. @throws {Error} naming those that differ */
export function checkSameFrames(sides: readonly Side[]): void {
  const shown = ({ sent, message, ok, status }: FrameLengths): string =>
    `SENT ${sent}, MESSAGE ${message}, OK ${ok}, STATUS ${status} bytes`;
  const lengths = new Map(
    sides.flatMap(({ name, pairs }) => pairs.map((pair) => [shown(pair.lengths), name])),
  );
  if (lengths.size === 1) return;
  const each = [...lengths].map(([length, name]) => `${name}: ${length}`);
  throw new Error(`the sides exchange frames of different lengths: ${each.join("; ")}`);
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
  const messages = round.answered.count;
  return {
    messages,
    messagesPerSecond: round.answeredInTime / durationMs * 1_000,
    answeredP50Ms,
    answeredP99Ms,
    deliveredP50Ms,
    deliveredP99Ms,
    processorMicroseconds: subjectsMs * 1_000 / messages,
    processorShare: subjectsMs / wallMs,
    generatorShare: generatorMs / wallMs,
    otherCopiesShare: round.otherCopies / messages,
  };
}
