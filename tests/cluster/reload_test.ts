import { assertEquals, assertMatch } from "@std/assert";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { nodesTold } from "../testing/nodes_told.ts";
import { processTest } from "../testing/permissions.ts";

processTest("SIGHUP lets a node join that was added to the configuration", async () => {
  await using cluster = await ClusterProcesses.make();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  const addresses = cluster.nodes.map(({ name, port }) => ({ name, host: "127.0.0.1", port }));
  cluster.configured = ["node1", "node2"];
  await Promise.all([one.start(), two.start()]);
  await cluster.settled();
  await using ada = await one.login("ada");
  await using bob = await two.login("bob");
  const before = await ada.expect("sendMessage", { to: "bob", content: "two of us" }, "sent");
  assertEquals([before.copies, before.nodes], [2, 2]);
  assertEquals(await nodesTold(one), addresses.slice(0, 2));

  cluster.configured = ["node1", "node2", "node3"];
  for (const node of [one, two]) {
    await node.reload();
    await node.server.waitFor(() => node.server.stderr.includes('"event":"reloaded"'));
  }
  await three.start();
  await three.served();
  await cluster.settled();
  const after = await bob.expect("sendMessage", { to: "ada", content: "three of us" }, "sent");
  assertEquals([after.copies, after.nodes], [3, 3]);
  for (const node of cluster.nodes) assertEquals(await nodesTold(node), addresses);
  await using elsewhere = await three.login("ada");
  const { messages } = await elsewhere.expect("listMessages", { with: "bob" }, "messages");
  assertEquals(messages.map(({ content }) => content), ["two of us", "three of us"]);
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
    const lines = one.server.stderr.split("\n").length;
    await one.reload(text);
    await one.server.waitFor(() => problem.test(one.server.stderr));
    assertEquals(one.server.stderr.split("\n").length, lines + 1);
    const sent = await ada.expect("sendMessage", { to: "ada", content: "as before" }, "sent");
    assertEquals([sent.copies, sent.nodes], [2, 2]);
  }
  assertMatch(one.server.stderr, /nothing was changed; mend the file and send SIGHUP again/);
});
