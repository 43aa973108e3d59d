/**
 * Three nodes that keep each other complete, beside one node, and beside three that do not know each other.
 *
 * @module
 */

import { stateHash } from "../server/commands/state_hash.ts";
import { evolve } from "../server/core/evolve.ts";
import { State } from "../server/core/state.ts";
import { DenoFiles } from "../server/log/deno_files.ts";
import { verifyLog } from "../server/log/verify_log.ts";
import { Client } from "./client.ts";
import { writeLog } from "./replay.ts";
import type { Finding, Report } from "./report.ts";
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
import { median } from "./statistics.ts";
import { CHEAP_ACCOUNTS, startServer, type Subject } from "./subject.ts";

const NODES = 3;
const LOADS: readonly Load[] = [
  { title: "50 waiting pairs", pairs: 50, outstanding: 1 },
  { title: "10 pipelined pairs", pairs: 10, outstanding: 100 },
];

const ROUND_MS = 1_500;
/** A node that others write to as well takes longer until the runtime has made its code fast. */
const WARM_UP_MS = 5_000;
const ROUNDS = 5;
/** The share of the messages per second of one node that is wanted. */
const RATIO_MIN = 0.25;

const FILL_ENTRIES = 200_000;
const FILL_PER_SECOND_MIN = 30_000;

/** How long nodes have to find each other, and one to be filled, ms. */
const PATIENCE_MS = 60_000;
/** How often it is looked at whether they have, ms. */
const LOOK_MS = 5;

/** The sides of a comparison, in the order of the report. */
const SIDES = ["one node", "three nodes", "three apart"] as const;

/** A node, and where its peers reach it. */
interface Place {
  readonly name: string;
  readonly grpcPort: number;
}

/** See the module. @param folder where the servers may have their data */
export async function measureCluster(folder: string): Promise<Report> {
  const findings: Finding[] = [];
  for (const load of LOADS) findings.push(...await compare(load, `${folder}/cluster-${load.pairs}`));
  findings.push(...await fill(`${folder}/cluster-fill`));
  return {
    title: `A cluster of ${NODES} nodes on this machine`,
    notes: [
      `${
        LOADS.map(({ pairs, outstanding }) => `${pairs} pairs with ${outstanding} outstanding each`).join(
          "; ",
        )
      }, ` +
      "recipients online, 100 bytes of content.",
      `"three nodes": sender and recipient at different ones; a message is answered once it is on ${NODES} disks, ` +
      "all of which are this machine's one.",
      `"three apart": as many processes that are no cluster, each pair at one of them. A message is on one disk ` +
      "and is answered by it alone: what is left of the difference is all that replication costs, waiting included.",
      `${ROUNDS} rounds of ${ROUND_MS} ms of each side after a warm-up, by turns; medians over the rounds, ratios ` +
      "of each round, with least and most. Processor time is that of all threads of all nodes.",
      `Filling: a log of ${FILL_ENTRIES} entries on one node, as in the measurement of replay; from the start of the ` +
      "process of an empty node until it has all of them on its disk and serves.",
    ],
    findings,
  };
}

async function compare(load: Load, folder: string): Promise<Finding[]> {
  const sides = await openSides(load, folder);
  const figures: Figures[][] = sides.map(() => []);
  for (const side of sides) await runRound(side, load, WARM_UP_MS);
  for (let round = 0; round < ROUNDS; round++) {
    // Each is first, second and third as often as the others.
    for (let i = 0; i < sides.length; i++) {
      const which = (round + i) % sides.length;
      figures[which]?.push(await runRound(sides[which] as Side, load, ROUND_MS));
    }
  }
  for (const side of sides) await closeSide(side);
  return report(load, figures);
}

async function openSides(load: Load, folder: string): Promise<Side[]> {
  const one = await startServer({ data: `${folder}-one`, settings: CHEAP_ACCOUNTS });
  const together = await startCluster(`${folder}-together`);
  const apart = await Promise.all(
    range(NODES).map((i) => startServer({ data: `${folder}-apart${i}`, settings: CHEAP_ACCOUNTS })),
  );
  const sides = [
    await openSide([one], load, () => [one.port, one.port]),
    await openSide(together, load, (pair) => [portOf(together, pair), portOf(together, pair + 1)]),
    await openSide(apart, load, (pair) => [portOf(apart, pair), portOf(apart, pair)]),
  ];
  const copies = sides.map(({ pairs }) => Math.min(...pairs.map((pair) => pair.copies)));
  if (copies.join() !== `1,${NODES},1`) throw new Error(`the sides begin with ${copies} copies`);
  return sides;
}

function report({ title }: Load, figures: readonly (readonly Figures[])[]): Finding[] {
  const [one = [], together = [], apart = []] = figures;
  const rate = ({ messagesPerSecond }: Figures): number => messagesPerSecond;
  const ofOne = ratios(one, together, rate);
  const fewer = median(together.map(({ otherCopiesShare }) => otherCopiesShare));
  return [
    ...SIDES.flatMap((side, i) => sideFindings(`${title}, ${side}`, figures[i] ?? [])),
    {
      what: `${title}: messages/s, three nodes / one node`,
      figure: shownRatio(ofOne),
      target: `at least ${RATIO_MIN}`,
      reached: ofOne.median >= RATIO_MIN,
    },
    {
      what: `${title}: messages/s, three nodes / three apart`,
      figure: shownRatio(ratios(apart, together, rate)),
    },
    {
      what: `${title}: answered with fewer than ${NODES} copies`,
      figure: `${(100 * fewer).toFixed(2)} %`,
    },
  ];
}

/** Starts nodes that replicate, and waits until all are in sync. */
async function startCluster(folder: string): Promise<Subject[]> {
  const names = range(NODES).map((i) => `node${i + 1}`);
  const nodes = names.map((name) => ({ name, grpcPort: freePort() }));
  const subjects = await Promise.all(nodes.map(({ name, grpcPort }, i) => {
    const peers = nodes.filter((node) => node.name !== name).map(peerEntry);
    return startServer({ data: `${folder}${i}`, settings: CHEAP_ACCOUNTS, name, grpcPort, peers });
  }));
  await Promise.all(subjects.map(untilInSync));
  return subjects;
}

function peerEntry({ name, grpcPort }: Place): Readonly<Record<string, unknown>> {
  // Nobody is sent there: the clients know the real ports.
  return { name, tcp: { host: "127.0.0.1", port: freePort() }, grpc: { port: grpcPort } };
}

async function untilInSync({ port }: Subject, index: number): Promise<void> {
  await until(`node ${index + 1} serves`, async () => {
    const client = await Client.connect(port);
    const { name } = await client.ask({ name: "startLogin", payload: { name: `watcher${index}` } });
    client.close();
    return name !== "error";
  });
  const client = await Client.loggedIn(port, `watcher${index}`);
  await until(`node ${index + 1} has all peers in sync`, async () => {
    const { payload } = await client.ask({ name: "nodeStatus", payload: null }, "clusterStatus");
    return payload.copies === NODES;
  });
  client.close();
}

/** Fills an empty node from one that has a log. */
async function fill(folder: string): Promise<Finding[]> {
  const [full, empty] = [`${folder}-full`, `${folder}-empty`];
  await writeLog(full, FILL_ENTRIES);
  const nodes = ["node1", "node2"].map((name) => ({ name, grpcPort: freePort() }));
  const [first, second] = nodes.map(({ name, grpcPort }, i) => ({
    data: i === 0 ? full : empty,
    settings: CHEAP_ACCOUNTS,
    name,
    grpcPort,
    peers: nodes.filter((node) => node.name !== name).map(peerEntry),
  }));
  if (first === undefined || second === undefined) throw new RangeError("there are two nodes");
  const source = await startServer(first);
  const startMs = performance.now();
  const target = await startServer(second);
  await until(
    "the empty node is filled",
    () => Promise.resolve(target.errors().includes('"event":"filled"')),
  );
  const ms = performance.now() - startMs;
  await Promise.all([source.stop(), target.stop()]);
  const perSecond = FILL_ENTRIES / ms * 1_000;
  const [before, after] = [stateIn(full), stateIn(empty)];
  if (before !== after) throw new Error(`the state of the node that was filled is ${after}, not ${before}`);
  return [{
    what: `Filling: entries/s into an empty node (${FILL_ENTRIES} in ${(ms / 1_000).toFixed(1)} s)`,
    figure: `${perSecond.toFixed(0)} entries/s`,
    target: `at least ${FILL_PER_SECOND_MIN} entries/s`,
    reached: perSecond >= FILL_PER_SECOND_MIN,
  }];
}

function stateIn(data: string): string {
  const state = new State();
  verifyLog(new DenoFiles(data), (entry) => void evolve(state, entry));
  return stateHash(state);
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!await isSo()) {
    if (performance.now() > endMs) throw new Error(`not within ${PATIENCE_MS / 1_000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function portOf(subjects: readonly Subject[], index: number): number {
  return subjects[index % subjects.length]?.port ?? NaN;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
