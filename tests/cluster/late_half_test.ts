import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runProgram } from "../io/commands_harness.ts";
import { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { heldBy } from "../testing/held_entries.ts";
import { processTest } from "../testing/permissions.ts";

processTest(
  "a half that comes back while the holder of the other branch is away is told, and stops",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    const copy = await branches(cluster);
    await Promise.all([one, copy].map((node) => node.kill()));
    cluster.heal();
    await eventually(
      "node2 has found the fork",
      async () => typeof (await two.status())?.forks?.[0]?.after === "number",
    );
    await three.kill();
    for (const isRestarted of [false, true]) {
      if (isRestarted) {
        await two.end();
      }
      if (isRestarted) await two.start();
      // A node whose fork is not in its folder yet, as the half was before it was told.
      if (isRestarted) await Deno.remove(`${one.data}/fork`);
      await one.start();
      assertEquals(await one.server.ended(), 1);
      assertStringIncludes(one.server.stderr, "The branches part after entry");
      await one.end();
    }
    const verified = await runProgram("log", "verify", `--data=${one.data}`);
    assertEquals(verified.status, 1);
    assertMatch(verified.stdout, /state [0-9a-f]+/);
    assertMatch(verified.stderr, /A start is refused.*\(1\) stop all nodes/);
    assertEquals((await runProgram("log", "verify", `--data=${two.data}`)).status, 0, "a third node starts");
  },
);

processTest(
  "a half that keeps its branch goes on, and says that a node takes none of its entries",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    const copy = await branches(cluster);
    for (const [from, to] of [[two, three], [three, two]] as const) cluster.wire(from, to).pass();
    assertEquals(await Promise.all([one, copy].map(({ server }) => server.ended())), [1, 1]);
    for (const node of [one, copy, two, three]) await node.end();
    const kept = await runProgram("log", "repair", `--data=${one.data}`, "--keep-origin");
    assertEquals([kept.status, kept.stderr], [0, ""]);
    cluster.heal();
    await two.start();
    await one.start();
    await eventually("node2 is in sync", async () => (await one.peers()).includes("node2 in sync"));
    await three.start();
    await eventually(
      "node3 takes nothing",
      async () => (await one.peers()).includes("node3 refused"),
    );
    await eventually("node2 takes nothing", async () => {
      await send(one, "late", 1);
      return (await one.peers()).includes("node2 refused");
    });
    await eventually("the status says both", async () => {
      return /node2 takes none of its entries.*node3 takes none/.test((await one.status())?.alone ?? "");
    });
    assertEquals([await send(one, "alone", 1), one.server.isOver], [1, false]);
  },
);

processTest("a third node with a gap in its log hides no fork", async () => {
  await using cluster = await ClusterProcesses.start();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  const copy = await branches(cluster);
  await two.kill();
  const path = `${two.data}/log/00000001.jsonl`;
  const log = await Deno.readTextFile(path);
  assert(log.includes("before the copy 2"));
  await Deno.writeTextFile(path, log.replace("before the copy 2", "before the cOpy 2"));
  assertEquals((await runProgram("log", "repair", `--data=${two.data}`, "--accept-loss")).status, 0);
  await two.start();
  await eventually("node2 is in sync", async () => (await one.peers()).includes("node2 in sync"));
  for (const [from, to] of [[two, three], [three, two]] as const) cluster.wire(from, to).pass();
  assertEquals(await Promise.all([one, copy].map(({ server }) => server.ended())), [1, 1]);
  const places = [one, copy].map(({ server }) => /branches part after entry (\d+)/.exec(server.stderr)?.[1]);
  assert(places[0] !== undefined);
  assertEquals(places[0], places[1]);
  for (const node of [two, three]) {
    await eventually(`${node.name} knows where they part`, async () => {
      return (await node.status())?.forks?.[0]?.after === Number(places[0]);
    });
  }
  await copy.end();
});

/** Runs node1 at node2 alone and a copy of it at node3 alone, and lets both write; returns the copy. */
async function branches(cluster: ClusterProcesses): Promise<ClusterNode> {
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  await send(one, "before the copy", 5);
  await heldBy(one, "node2", "node3");
  await one.end();
  const { success } = await new Deno.Command("cp", { args: ["-r", one.data, `${one.data}.copy`] }).output();
  assert(success);
  for (const [from, to] of [[one, three], [three, one], [two, three], [three, two]] as const) {
    cluster.wire(from, to).cut();
  }
  await one.start();
  const copy: ClusterNode = new ClusterNode("node1", `${one.data}.copy`, () => {
    const configured = cluster.configurationOf("node1", copy);
    const others = configured.others.map((other) => ({
      ...other,
      grpc: { port: other["name"] === "node3" ? three.grpcPort : freePort() },
    }));
    return { ...configured, others };
  });
  await copy.start();
  await sendInSync(one, "node2");
  await sendInSync(copy, "node3");
  return copy;
}

async function sendInSync(node: ClusterNode, peer: string): Promise<void> {
  await eventually(
    `${peer} is in sync`,
    async () => (await node.peers()).includes(`${peer} in sync`),
  );
  await send(node, `at ${peer}`, 10);
  await heldBy(node, peer);
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
