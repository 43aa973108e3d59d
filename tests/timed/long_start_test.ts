import { assert, assertEquals, assertLess } from "@std/assert";
import { writeLog } from "../../bench/replay.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { replaying } from "../testing/long_log.ts";
import { processTest } from "../testing/permissions.ts";
import { TestClient } from "../testing/test_client.ts";

/** Entries of each log: a replay of a second or more. */
const ENTRIES = 200_000;

/** Time limit of filling two nodes, ms. */
const FILL_MS = 120_000;

/** Time limit from the moment at which a node listens until all are in sync, ms; back-offs are two seconds at most. */
const JOIN_MS_MAX = 24_000;

/** Waits until a starting node listens; returns the time that passes from then until all nodes are in sync, ms. */
async function joinedMs(cluster: ClusterProcesses, ...nodes: readonly ClusterNode[]): Promise<number> {
  for (const { server } of nodes) await server.waitFor(() => server.stdout.split("\n").length > 2);
  const sinceMs = performance.now();
  await cluster.settled();
  return performance.now() - sinceMs;
}

async function accepts(port: number): Promise<boolean> {
  return await TestClient.connect(port).then(async (client) => {
    await client[Symbol.asyncDispose]();
    return true;
  }, () => false);
}

processTest(
  "ClusterNode with a long log is no node before its replay is over, and in sync soon after it",
  async () => {
    await using cluster = await ClusterProcesses.make();
    await writeLog(cluster.node(1).data, ENTRIES);
    for (const node of cluster.nodes) await node.start();
    await cluster.settled(FILL_MS);
    let slowestMs = 0;
    let sent = 0;
    for (const node of cluster.nodes) {
      const other = cluster.nodes.find((each) => each !== node);
      assert(other !== undefined);
      await node.kill();
      // The archive may have come so far that there is next to nothing to replay.
      await Deno.remove(`${node.data}/archive`, { recursive: true });
      await replaying(await node.spawn());
      node.pause();
      await eventually(
        `${node.name} is away`,
        async () => (await other.peers()).includes(`${node.name} unreachable`),
      );
      assertEquals(await accepts(node.port), false);
      await using client = await other.login(`person${sent}`);
      const { copies } = await client.expect("sendMessage", { to: "person0", content: "meanwhile" }, "sent");
      assertEquals(copies, 2);
      sent++;
      node.resume();
      slowestMs = Math.max(slowestMs, await joinedMs(cluster, node));
    }
    console.log(
      `${sent} starts one after the other: in sync ${slowestMs.toFixed(0)} ms after it listens at most`,
    );
    await Promise.all(cluster.nodes.map((node) => node.kill()));
    await Promise.all(cluster.nodes.map((node) => node.spawn()));
    const togetherMs = await joinedMs(cluster, ...cluster.nodes);
    console.log(`all at once: in sync ${togetherMs.toFixed(0)} ms after the last one listens`);
    await using client = await cluster.node(2).login("person0");
    assertEquals((await client.expect("sendMessage", { to: "person0", content: "all" }, "sent")).copies, 3);
    const { state } = await cluster.sameLogs();
    assertEquals(state.accounts.size, 100 + sent);
    assertLess(Math.max(slowestMs, togetherMs), JOIN_MS_MAX);
  },
);
