/**
 * Three nodes that keep each other complete, beside the relays, one node, and three that are no cluster.
 *
 * @module
 */

import { THIS_CHECKOUT } from "./checkout.ts";
import { startCluster } from "./cluster_subjects.ts";
import { compare, methodNote, openRelays, type Schedule } from "./comparison.ts";
import { FILLING_NOTE, measureFilling } from "./filling.ts";
import type { Finding, Report, Table } from "./report.ts";
import { allAt, type Load, openSide, PIPELINED, type Side, WAITING } from "./send_side.ts";
import { againstFindings, comparisonTable, rateFinding, ratioFinding, type Standing } from "./standings.ts";
import { median } from "./statistics.ts";
import { CHEAP_ACCOUNTS, startServer, type Subject } from "./subject.ts";

const NODES = 3;
const LOADS: readonly Load[] = [WAITING, PIPELINED];

/** A node that peers write to as well takes longer until the runtime has made its code fast. */
const SCHEDULE: Schedule = { warmUpMs: 3_000, rounds: 5, roundMs: 1_000 };

/** Least ratio of the messages per second of three nodes to those of one. */
const OF_ONE_MIN = 0.25;

/** Names of the sides. */
const SIDE = { one: "one node", together: "three nodes", apart: "three apart" } as const;

/** Measures a cluster. @param against folder of another checkout to measure as well */
export async function measureCluster(folder: string, against?: string): Promise<Report> {
  const [tables, findings]: [Table[], Finding[]] = [[], []];
  for (const load of LOADS) {
    const other = against && `${SIDE.together} of ${against}`;
    const standings = await standingsOf(load, `${folder}/${load.pairs}`, other, against);
    tables.push(comparisonTable(load.title, standings));
    findings.push(...findingsOf(load, standings, other));
  }
  findings.push(...await measureFilling(`${folder}/fill`, THIS_CHECKOUT));
  return {
    title: `A cluster of ${NODES} nodes on this machine`,
    notes: [
      "The loads of the measurements of one server: recipients are online and confirm each MESSAGE with a DELIVERED.",
      `"${SIDE.together}": sender and recipient at different ones; a message is answered once it is on ${NODES} ` +
      "disks, all of which are this machine's one. CPU is that of all threads of all nodes.",
      `"${SIDE.apart}": as many processes that are no cluster, each pair at one of them. A message is on one disk ` +
      "and is answered by it alone: the rest of the difference is the cost of replication, waiting included.",
      methodNote(SCHEDULE),
      FILLING_NOTE,
    ],
    tables,
    findings,
  };
}

async function standingsOf(
  load: Load,
  folder: string,
  other?: string,
  against?: string,
): Promise<Standing[]> {
  await Deno.mkdir(folder);
  const one = await startServer({ data: `${folder}/one`, settings: CHEAP_ACCOUNTS });
  const apart = await Promise.all(
    range(NODES).map((i) => startServer({ data: `${folder}/apart${i}`, settings: CHEAP_ACCOUNTS })),
  );
  const sides = [
    ...await openRelays(load, folder),
    await openSide(SIDE.one, [one], load, allAt(one)),
    await openSide(SIDE.apart, apart, load, (pair) => [portOf(apart, pair), portOf(apart, pair)]),
    await openCluster(SIDE.together, load, `${folder}/together`, THIS_CHECKOUT),
  ];
  if (other && against) sides.push(await openCluster(other, load, `${folder}/against`, against));
  return await compare(load, sides, SCHEDULE);
}

async function openCluster(name: string, load: Load, folder: string, checkout: string): Promise<Side> {
  const nodes = await startCluster(range(NODES).map((i) => `${folder}${i}`), checkout);
  const side = await openSide(name, nodes, load, (pair) => [portOf(nodes, pair), portOf(nodes, pair + 1)]);
  const copies = side.pairs.map((pair) => pair.copies);
  if (copies.some((each) => each !== NODES)) throw new Error(`${name} begin with ${copies} copies`);
  return side;
}

function findingsOf(load: Load, standings: readonly Standing[], other?: string): Finding[] {
  const rounds = standings.find(({ name }) => name === SIDE.together)?.rounds ?? [];
  const fewer = median(rounds.map(({ otherCopiesShare }) => otherCopiesShare));
  return [
    rateFinding(standings, load, SIDE.together, SIDE.one, OF_ONE_MIN),
    ratioFinding(standings, load, SIDE.together, SIDE.apart),
    {
      what: `${load.title}: answered with fewer than ${NODES} copies`,
      figure: `${(100 * fewer).toFixed(2)} %`,
    },
    ...againstFindings(standings, load, SIDE.together, other),
  ];
}

function portOf(subjects: readonly Subject[], index: number): number {
  return subjects[index % subjects.length]?.port ?? NaN;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
