import { assertGreater, assertGreaterOrEqual } from "@std/assert";
import { ClusterLoad } from "../testing/cluster_load.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";

/** Number of kills. */
const KILLS = scale(10, 100);
/** Longest work before a kill, and without the killed node, ms. */
const WORK_MS = 500;
/**
 * Longest time for which a node's output is swallowed before the kill, ms: longer than any wait for the
 * output.
 */
const SWALLOWED_MS = 1_600;

processTest(
  "ClusterProcesses loses nothing acknowledged when nodes are killed and disks destroyed",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const load = new ClusterLoad(1);
    await load.register(cluster.node(1));
    let kills = 0;
    let wipes = 0;
    while (kills < KILLS) {
      await cluster.settled();
      load.messages.allReplicated(cluster.nodes.length);
      load.start(cluster.nodes);
      await pause(load, WORK_MS);
      const victims = someOf(cluster, load, KILLS - kills);
      const wiped = victims.slice(0, load.random.below(3));
      await kill(cluster, load, victims, wiped);
      kills += victims.length;
      wipes += wiped.length;
      await pause(load, WORK_MS);
      await startAgain(victims, wiped);
      await pause(load, WORK_MS);
      await load.stop();
    }
    await cluster.settled();
    const compared = await load.verify(cluster.nodes);
    const { entries, state } = await cluster.sameLogs();
    console.log(`${kills} kills, ${wipes} disks destroyed: ${load.summary()}`);
    console.log(
      `${compared} comparisons, ${entries} entries and ${state.messages.size} messages in each log`,
    );
    assertGreater(wipes, 0, "no disk was destroyed: the test proves nothing of that");
    assertGreater(load.repeated, 0, "no kill hit a message under way: the test proves nothing");
    assertGreater(load.messages.acknowledged, kills * 20);
    assertGreater(load.messages.copies.get(3) ?? 0, kills * 5);
    assertGreaterOrEqual(compared, 3 * load.messages.acknowledged);
  },
);

/** One node, or two, seldom all three. */
function someOf({ nodes }: ClusterProcesses, { random }: ClusterLoad, max: number): readonly ClusterNode[] {
  const shuffled = nodes.map((node) => ({ node, place: random.next() })).sort((a, b) => a.place - b.place);
  const count = random.pick([1, 1, 1, 2, 2, 2, 3]);
  return shuffled.slice(0, Math.min(count, max)).map(({ node }) => node);
}

/**
 * Kills nodes under load, some together with their disks, and half of these with their last output swallowed:
 * an entry on no other disk must not be acknowledged as if it were there.
 */
async function kill(
  cluster: ClusterProcesses,
  load: ClusterLoad,
  victims: readonly ClusterNode[],
  wiped: readonly ClusterNode[],
): Promise<void> {
  const swallows = wiped.length > 0 && load.random.below(2) === 0;
  const wires = swallows ? victims.flatMap((node) => cluster.wiresFrom(node)) : [];
  for (const wire of wires) wire.blackhole();
  if (swallows) await pause(load, SWALLOWED_MS);
  await Promise.all(victims.map((node) => node.kill()));
  for (const wire of wires) wire.cut();
  cluster.heal();
  for (const node of wiped) await node.wipe();
  load.messages.wiped(wiped.map(({ name }) => name));
}

/**
 * Starts the nodes again, those with an empty disk after the others: a node that finds no peer serves at
 * once.
 */
async function startAgain(victims: readonly ClusterNode[], wiped: readonly ClusterNode[]): Promise<void> {
  for (const nodes of [victims.filter((node) => !wiped.includes(node)), wiped]) {
    await Promise.all(nodes.map((node) => node.start()));
    await Promise.all(nodes.map((node) => node.served()));
  }
}

async function pause({ random }: ClusterLoad, msMax: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, random.below(msMax)));
}
