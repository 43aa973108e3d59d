import { assertEquals, assertGreater, assertNotEquals, assertStringIncludes } from "@std/assert";
import { ClusterLoad } from "../testing/cluster_load.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { processTest } from "../testing/permissions.ts";
import { serverCommand } from "../testing/server_process.ts";

/** Time of each part of the work, ms. */
const WORK_MS = 500;

/** Runs a command with the configuration of a node; returns its output. */
async function command(node: ClusterNode, config: string, word: string, place: string): Promise<string> {
  const args = [word, `--config=${config}`, `--node=${node.name}`, `--data=${node.data}`, place];
  const [program = "", ...words] = serverCommand(...args);
  const { code, stdout, stderr } = await new Deno.Command(program, { args: words }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  return new TextDecoder().decode(stdout);
}

processTest("a restored node gets from its peers what it lacks, and nothing of it is a fork", async () => {
  const folder = await Deno.makeTempDir({ prefix: "chat-restore-test-" });
  try {
    await using cluster = await ClusterProcesses.start();
    const [one] = cluster.nodes;
    const node = cluster.node(1);
    assertEquals(one, node);
    const config = `${folder}/cluster_config.json`;
    await Deno.writeTextFile(config, node.configurationText());
    const load = new ClusterLoad(1);
    await load.register(node);
    load.start(cluster.nodes);
    await pause();
    const backup = await command(node, config, "backup", `${folder}/backup`);
    await pause();
    await load.stop();
    await cluster.settled();
    const origin = await originOf(node);
    await node.kill();
    await load.work(cluster.nodes.slice(1), WORK_MS);
    await node.wipe();
    const restored = await command(node, config, "restore", `${folder}/backup`);
    assertStringIncludes(restored, "Start node1: it asks node2, node3 for everything that it lacks");
    await node.start();
    await node.served();
    await cluster.settled();
    assertNotEquals(await originOf(node), origin);
    await load.work(cluster.nodes, WORK_MS);
    await cluster.settled();
    const compared = await load.verify(cluster.nodes);
    const { entries } = await cluster.sameLogs();
    console.log(`${backup.split("\n")[1]}; ${restored.split("\n")[0]?.replace(/^.*: restored/, "restored")}`);
    console.log(`${compared} comparisons, ${entries} entries in each log: ${load.summary()}`);
    assertEquals(
      cluster.nodes.flatMap(({ diagnostics }) => diagnostics).filter((line) => /fork/i.test(line)),
      [],
    );
    assertGreater(compared, 300);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, WORK_MS));
}

/** Origin of the entries that a node makes. */
async function originOf(node: ClusterNode): Promise<string> {
  const log = await Deno.readTextFile(`${node.data}/log/00000001.jsonl`);
  const marks = log.split("\n").filter((line) => line.includes('"type":"nodeStarted"'));
  return String(JSON.parse(marks.at(-1) ?? "{}").origin);
}
