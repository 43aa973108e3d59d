import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { nodesTold } from "../testing/nodes_told.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import type { TestClient } from "../testing/test_client.ts";

/** Number of reloads during a start. */
const STARTS = scale(10, 100);

processTest("SIGHUP lets a node join that was added to the configuration", async () => {
  await using cluster = await ClusterProcesses.make();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  const addresses = cluster.nodes.map(({ name, port }) => ({ name, host: "127.0.0.1", port }));
  cluster.configured = ["node1", "node2"];
  await Promise.all([one.start(), two.start()]);
  await cluster.settled();
  await using ada = await one.login("ada");
  await using bob = await two.login("bob");
  await ada.expect("useFeatures", { use: ["nodes"] }, "ok");
  assertEquals(await copiesOf(ada, "bob", "two of us"), [2, 2]);
  assertEquals(await nodesTold(one), addresses.slice(0, 2));

  cluster.configured = ["node1", "node2", "node3"];
  for (const node of [one, two]) await reloaded(node);
  let push = await ada.push();
  while (push.name !== "nodes") push = await ada.push();
  assertEquals(push.payload.nodes, addresses);
  await three.start();
  await three.served();
  await cluster.settled();
  assertEquals(await copiesOf(bob, "ada", "three of us"), [3, 3]);
  for (const node of cluster.nodes) assertEquals(await nodesTold(node), addresses);
  await using elsewhere = await three.login("ada");
  const { messages } = await elsewhere.expect("listMessages", { with: "bob" }, "messages");
  assertEquals(messages.map(({ content }) => content), ["two of us", "three of us"]);
});

processTest("SIGHUP makes a cluster of a node that was alone, and the other way round", async () => {
  await using cluster = await ClusterProcesses.make({ names: ["node1", "node2"] });
  const [one, two] = [cluster.node(1), cluster.node(2)];
  cluster.configured = ["node1"];
  await one.start();
  await using ada = await one.login("ada");
  assertEquals(await copiesOf(ada), [1, 1]);

  cluster.configured = ["node1", "node2"];
  await reloaded(one);
  await two.start();
  await cluster.settled();
  assertEquals(await copiesOf(ada), [2, 2]);
  await using bob = await two.login("bob");
  assertEquals(await copiesOf(bob), [2, 2]);

  cluster.configured = ["node1"];
  await reloaded(one);
  assertEquals(await copiesOf(ada), [1, 1]);
  assertEquals(await one.peers(), []);
  await two.server.waitFor(() =>
    two.server.stderr.includes("node2 is no node in the configuration of node1")
  );
  // Before it, bob hears of the people at node1 who are not online any more.
  let push = await bob.push();
  while (push.name !== "closing") push = await bob.push();
  await bob.closed;
});

processTest("SIGHUP changes nothing where the file is broken", async () => {
  await using cluster = await ClusterProcesses.start({ names: ["node1", "node2"] });
  const one = cluster.node(1);
  await using ada = await one.login("ada");
  for (
    const [text, problem] of [
      ["{", /"event":"notReloaded".*line 1, column 2: a key in double quotation marks or } was expected/],
      [
        one.configurationText().replace('"cluster":"test"', '"cluster":"other"'),
        /"event":"notReloaded".*the cluster is test, and other in the file/,
      ],
      [
        one.configurationText().replace('"name":"node1"', '"name":"node9"'),
        /"event":"notReloaded".*node1 is not in the file any more/,
      ],
    ] as const
  ) {
    const said = (): number => one.server.stderr.split(/"event":"(?:notR|r)eloaded"/).length;
    const before = said();
    await one.reload(text);
    await one.server.waitFor(() => problem.test(one.server.stderr));
    assertEquals(said(), before + 1);
    assertEquals(await copiesOf(ada), [2, 2]);
  }
  assertMatch(one.server.stderr, /nothing was changed; mend the file and send SIGHUP again/);
});

processTest("SIGHUP during the start does not end the node, and is not forgotten", async () => {
  await using cluster = await ClusterProcesses.make({ names: ["node1"] });
  const one = cluster.node(1);
  let early = 0;
  for (let start = 0; start < STARTS; start++) {
    const server = await one.spawn();
    // Before its first output, a process may not listen to signals yet.
    await server.waitFor(() => server.stderr.includes('"event":"configuration"'));
    if (server.stdout === "") early++;
    server.child.kill("SIGHUP");
    await server.waitFor(() => server.stderr.includes('"event":"reloaded"'));
    assertEquals((await one.end()).code, 0);
  }
  console.log(`${STARTS} starts, ${early} of them not finished when the signal came`);
  assertGreater(early, 0);
});

/** Makes a node reload its configuration, and waits until it has. */
async function reloaded(node: ClusterNode): Promise<void> {
  const count = () => node.diagnostics.filter((line) => line.includes('"event":"reloaded"')).length;
  const before = count();
  await node.reload();
  await node.server.waitFor(() => count() > before);
}

/** The copies and nodes with which a message is acknowledged now. */
async function copiesOf(client: TestClient, to = "ada", content = "how many?"): Promise<[number, number]> {
  const { copies, nodes } = await client.expect("sendMessage", { to, content }, "sent");
  return [copies, nodes];
}
