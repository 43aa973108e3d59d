import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { processTest } from "../testing/permissions.ts";
import { askPage } from "../testing/scraped.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { wholeView } from "../testing/load.ts";
import { runProgram } from "../io/commands_harness.ts";

const NAMES = ["node1", "node2"];

processTest("drain: not ready, nobody new, clients told, entries at the peer, then the end", async () => {
  const port = freePort();
  await using cluster = await ClusterProcesses.start({
    names: NAMES,
    members: { node1: { metrics: { port } } },
  });
  const [one, two] = [cluster.node(1), cluster.node(2)];
  await using ann = await one.login("ann");
  await using bob = await TestClient.connect(one.port);
  const { id } = await ann.expect("sendMessage", { to: "ann", content: "kept" }, "sent");
  assertEquals((await askPage(port, "/ready")).status, 200);
  // A peer that does not acknowledge holds the drain up until all of it was looked at.
  two.pause();
  await ann.expect("sendMessage", { to: "ann", content: "the last one" }, "sent");
  const draining = one.drain("55s");
  await eventually("it drains", async () => (await one.status())?.draining !== undefined);
  const answer = { status: 503, text: "the node is draining: its clients move to other nodes\n" };
  assertEquals(await askPage(port, "/ready"), answer);
  const refused = await bob.expect("startLogin", { name: "ann" }, "error");
  assertEquals([refused.code, refused.message], [
    "unavailable",
    "this node is taken out of service; go on with another",
  ]);
  await eventually("ann is told", () => ann.pushes.items.some(({ name }) => name === "closing"));
  await ann.closed;
  await eventually("it waits for its peer", async () => (await one.status())?.draining?.lacking.length === 1);
  const { stdout } = await runProgram("status", `--data=${one.data}`);
  assertMatch(
    stdout,
    /^draining +1 session told to move to another node, 0 here; node2 lacks \d+ of the entries; the/m,
  );
  two.resume();
  assertEquals(await draining, {
    status: 0,
    stdout:
      "node1 drains, and ends within 55 s\nnode1 has ended: no client is left, and every node in reach has " +
      "its entries\n",
    stderr: "",
  });
  assertEquals(await one.ended(), 0);
  await using there = await two.login("ann");
  const view = await wholeView(there);
  assertEquals([view.size, view.get(id)?.content], [2, "kept"]);
});

processTest("drain says what is missing when its time is over, and a second one shortens that", async () => {
  await using cluster = await ClusterProcesses.start({ names: NAMES });
  const [one, two] = [cluster.node(1), cluster.node(2)];
  await using ann = await one.login("ann");
  two.pause();
  await ann.expect("sendMessage", { to: "ann", content: "only here" }, "sent");
  const first = one.drain("1h");
  await eventually("it drains", async () => (await one.status())?.draining !== undefined);
  const [long, short] = await Promise.all([first, one.drain("1s")]);
  for (const { status, stderr } of [long, short]) {
    assertEquals(status, 1);
    assertMatch(
      stderr,
      /^chat-server: node1 has ended, as its time was over: node2 lacks \d+ of the entries\./,
    );
  }
  assertEquals(await one.ended(), 0);
  two.resume();
});

processTest("drain ends sooner at SIGTERM", async () => {
  await using cluster = await ClusterProcesses.start({ names: NAMES });
  const [one, two] = [cluster.node(1), cluster.node(2)];
  await using ann = await one.login("ann");
  two.pause();
  await ann.expect("sendMessage", { to: "ann", content: "only here" }, "sent");
  const draining = one.drain("1h");
  await eventually("it drains", async () => (await one.status())?.draining !== undefined);
  assertEquals((await one.end("SIGTERM")).code, 0);
  const { status, stderr } = await draining;
  assertEquals(status, 1);
  assertStringIncludes(stderr, "node1 has ended before all of it was done: by a signal or a fault");
  two.resume();
});

processTest("drain changes nothing where clients have nowhere to go, or no node runs", async () => {
  await using server = await ServerProcess.start();
  const alone = await runProgram("drain", `--data=${server.data}`);
  assertEquals(alone, {
    status: 1,
    stdout: "",
    stderr:
      "chat-server: node1 is the only node for clients: its clients have nowhere to go. To stop it all the " +
      "same, send SIGTERM, as systemctl stop does\n",
  });
  await using client = await TestClient.login(server.port, "ann");
  await client.expect("ping", null, "pong");
  await server.kill();
  const killed = await runProgram("drain", `--data=${server.data}`);
  assertEquals([killed.status, killed.stdout], [1, ""]);
  assertStringIncludes(killed.stderr, "node1 is not running (nothing answers on");
});
