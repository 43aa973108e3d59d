import { assertGreater, assertGreaterOrEqual } from "@std/assert";
import { ClusterLoad } from "../testing/cluster_load.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";

/** How often a node is killed. */
const KILLS = scale(10, 100);
/** How long everybody works before a kill, and how long without the killed, at most, ms. */
const WORK_MS = 500;

processTest(
  "ClusterProcesses loses nothing acknowledged when nodes are killed, with or without their disks",
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
      await workFor(load);
      const victims = someOf(cluster, load, kills);
      await Promise.all(victims.map((node) => node.kill()));
      kills += victims.length;
      const wiped = victims.slice(0, load.random.below(3));
      for (const node of wiped) await node.wipe();
      load.messages.wiped(wiped.map(({ name }) => name));
      wipes += wiped.length;
      await workFor(load);
      // A node with an empty disk that finds nobody serves: not before those that have everything.
      for (const nodes of [victims.filter((node) => !wiped.includes(node)), wiped]) {
        await Promise.all(nodes.map((node) => node.start()));
        await Promise.all(nodes.map((node) => node.served()));
      }
      await workFor(load);
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
    assertGreater(load.messages.copies.get(3) ?? 0, load.messages.acknowledged / 10);
    assertGreaterOrEqual(compared, 3 * load.messages.acknowledged);
  },
);

/** One node, or two, seldom all three, but never more kills than are wanted. */
function someOf({ nodes }: ClusterProcesses, { random }: ClusterLoad, kills: number): readonly ClusterNode[] {
  const shuffled = nodes.map((node) => ({ node, place: random.next() })).sort((a, b) => a.place - b.place);
  const count = random.pick([1, 1, 1, 2, 2, 2, 3]);
  return shuffled.slice(0, Math.min(count, KILLS - kills)).map(({ node }) => node);
}

async function workFor({ random }: ClusterLoad): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, random.below(WORK_MS)));
}
