import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DenoFiles } from "../../server/log/deno_files.ts";
import { readForks } from "../../server/log/fork_file.ts";
import { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { followWayOut } from "../testing/fork_way_out.ts";
import { foldLog } from "../testing/folded_log.ts";
import { freePort } from "../testing/free_port.ts";
import { heldBy } from "../testing/held_entries.ts";
import { processTest } from "../testing/permissions.ts";

processTest(
  "two copies of a data folder, each at another peer, are found, repaired, and lose nothing",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    await send(one, "before the copy", 5);
    await heldBy(one, "node2", "node3");
    await one.end();
    await copyFolder(one.data, `${one.data}.copy`);
    for (const [from, to] of [[one, three], [three, one], [two, three], [three, two]] as const) {
      cluster.wire(from, to).cut();
    }
    await one.start();
    const copy = copyAtNode3(cluster);
    await copy.start();
    try {
      await inSync(one, "node2");
      await inSync(copy, "node3");
      await send(one, "by the original", 30);
      await send(copy, "by the copy", 20);
      await Promise.all([heldBy(one, "node2"), heldBy(copy, "node3")]);
      assertEquals([one.server.isOver, copy.server.isOver], [false, false]);
      const healedMs = performance.now();
      for (const [from, to] of [[two, three], [three, two]] as const) cluster.wire(from, to).pass();
      assertEquals(await Promise.all([one, copy].map(({ server }) => server.ended())), [1, 1]);
      console.log(`both had ended ${Math.round(performance.now() - healedMs)} ms after node2 and node3 met`);
      for (const { server } of [one, copy]) {
        assertStringIncludes(
          server.stderr,
          "The branches part after entry",
        );
      }
    } finally {
      await copy.end();
      await one.end();
    }
    for (const [node, other] of [[two, three], [three, two]] as const) {
      const forks = (await node.status())?.forks ?? [];
      assertEquals(forks.map(({ origin }) => origin.split("#")[0]), ["node1"]);
      // Third nodes go on, in sync with each other.
      await send(node, "meanwhile", 2);
      await heldBy(node, other.name);
    }
    const refusal = await refusesToStart(one);
    await two.end();
    await two.start();
    cluster.heal();
    await followWayOut(refusal, cluster, [one.data, copy.data]);
    await holdAll(cluster, 5 + 30 + 20 + 2 * 2);
  },
);

processTest("what an old backup had acknowledged alone comes to the cluster", async () => {
  await using cluster = await ClusterProcesses.start();
  const one = cluster.node(1);
  await send(one, "before the backup", 5);
  await one.end();
  await copyFolder(one.data, `${one.data}.backup`);
  await one.start();
  await cluster.settled();
  await send(one, "after the backup", 40);
  await heldBy(one, "node2", "node3");
  await one.end();
  await one.wipe();
  await Deno.rename(`${one.data}.backup`, one.data);
  for (const wire of cluster.wiresOf(one)) wire.cut();
  await one.start();
  assertEquals(await send(one, "by the backup alone", 60), 1);
  cluster.heal();
  assertEquals(await one.server.ended(), 1);
  const message = one.server.stderr;
  await one.end();
  await refusesToStart(one);
  await followWayOut(message, cluster, [one.data]);
  await holdAll(cluster, 5 + 40 + 60);
});

/** The node on the copy: it reaches node3 alone. */
function copyAtNode3(cluster: ClusterProcesses): ClusterNode {
  const copy: ClusterNode = new ClusterNode("node1", `${cluster.node(1).data}.copy`, () => {
    const configured = cluster.configurationOf("node1", copy);
    const others = configured.others.map((other) => ({
      ...other,
      grpc: { port: other["name"] === "node3" ? cluster.node(3).grpcPort : freePort() },
    }));
    return { ...configured, others };
  });
  return copy;
}

async function copyFolder(from: string, to: string): Promise<void> {
  const { success } = await new Deno.Command("cp", { args: ["-r", from, to] }).output();
  assert(success, `${from} was not copied`);
}

async function inSync(node: ClusterNode, peer: string): Promise<void> {
  await eventually(
    `${peer} is in sync`,
    async () => (await node.peers()).includes(`${peer} in sync`),
  );
}

/** Sends messages; returns the fewest copies of one. */
async function send(node: ClusterNode, content: string, count: number): Promise<number> {
  await using client = await node.login("ada");
  let fewest = Infinity;
  for (let i = 0; i < count; i++) {
    const { copies } = await client.expect("sendMessage", { to: "ada", content: `${content} ${i}` }, "sent");
    fewest = Math.min(fewest, copies);
  }
  return fewest;
}

/** Checks that a node does not start; returns its message. */
async function refusesToStart(node: ClusterNode): Promise<string> {
  const server = await node.spawn();
  assertEquals([await server.ended(), server.stdout], [1, ""]);
  await node.end();
  return server.stderr;
}

/** Checks that all nodes are equal and have all messages. */
async function holdAll(cluster: ClusterProcesses, messages: number): Promise<void> {
  await cluster.settled();
  for (const node of cluster.nodes) {
    const status = await node.status();
    assertEquals([status?.messages, status?.forks], [messages, []], node.name);
    assertEquals(readForks(new DenoFiles(node.data)), [], node.name);
  }
  await Promise.all(cluster.nodes.map((node) => node.kill()));
  const digests = await Promise.all(cluster.nodes.map(async ({ data }) => (await foldLog(data)).digest));
  assertEquals(new Set(digests).size, 1);
}
