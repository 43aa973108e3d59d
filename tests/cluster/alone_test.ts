import { assertEquals, assertMatch } from "@std/assert";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { SmallDisk, whyNoSmallDisk } from "../testing/small_disk.ts";
import { TestClient } from "../testing/test_client.ts";

const DISK_BYTES = 32 * 1_048_576;

/** The file that fills the disk. */
const BALLAST = "ballast";

const REMOVED =
  /have taken this one out of their configuration, so it serves nobody: go on with another node/;

const reason = await whyNoSmallDisk();

Deno.test({
  name: `a node with a full disk is in sync nowhere, and says so${
    reason === undefined ? "" : ` (ignored: ${reason})`
  }`,
  ignore: reason !== undefined,
  fn: async () => {
    await using disk = await SmallDisk.mount(DISK_BYTES);
    await using cluster = await ClusterProcesses.make();
    const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    await Deno.mkdir(`${disk.folder}/data`);
    await Deno.symlink(`${disk.folder}/data`, three.data);
    await Promise.all(cluster.nodes.map((node) => node.start()));
    await cluster.settled();
    await using ada = await one.login("ada");
    await using there = await three.login("ada");
    await disk.fill(BALLAST);
    // What the node itself writes shows it that its disk is full.
    await eventually("node3 is read-only", async () => {
      await there.ask("sendMessage", { to: "ada", content: "x".repeat(16_000) });
      return (await three.status())?.readOnly === true;
    });
    for (const node of [one, two]) {
      await eventually(`${node.name} does not count node3`, async () => {
        return (await node.peers()).includes("node3 refused");
      });
    }
    assertEquals(await copiesOf(ada), [2, 3]);
    const full = await three.status();
    assertEquals([full?.copies, full?.filling], [1, null]);
    await eventually("both are behind for node3", async () => {
      return (await three.peers()).join() === "node1 behind,node2 behind";
    });
    assertMatch(full?.alone ?? "", /disk of this node is full: it stores nothing and takes nothing in/);
    assertEquals((await there.expect("listUsers", {}, "users")).users.length, 1, "it can be read");
    await disk.free(BALLAST);
    await cluster.settled();
    assertEquals(await copiesOf(ada), [3, 3]);
    assertEquals([(await three.status())?.copies, (await three.status())?.alone], [3, undefined]);
    assertEquals((await three.status())?.entries, (await one.status())?.entries);
  },
});

processTest("a node that was removed serves nobody, after a restart too, until a peer takes it", async () => {
  await using cluster = await ClusterProcesses.start();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  await using ada = await three.login("ada");
  await using _bob = await one.login("bob");
  cluster.configured = ["node1", "node2"];
  for (const node of [one, two]) await reload(node);
  const push = await ada.push();
  assertEquals(push.name, "closing");
  if (push.name === "closing") {
    assertMatch(push.payload.reason, REMOVED);
    assertEquals(push.payload.nodes.map(({ name }) => name), ["node1", "node2"]);
  }
  await ada.closed;
  await isUnavailable(three);
  const status = await three.status();
  assertMatch(status?.filling ?? "", REMOVED);
  assertMatch(status?.alone ?? "", REMOVED);
  await three.server.waitFor(() => three.server.stderr.includes('"event":"removed"'));

  await three.kill();
  cluster.configured = ["node1", "node2", "node3"];
  const server = await three.spawn();
  let replies = 0;
  // From before it listens until well after: it must not serve for a moment.
  await eventually("node3 refuses", async () => {
    await using client = await connected(three);
    if (client === undefined) return false;
    assertEquals((await client.ask("startLogin", { name: "bob" })).name, "error");
    return ++replies > 20;
  });
  assertEquals(server.isOver, false);

  for (const node of [one, two]) await reload(node);
  await cluster.settled();
  await using again = await three.login("bob");
  assertEquals(await copiesOf(again), [3, 3]);
});

processTest("a removed node goes on if it was started with --alone", async () => {
  await using cluster = await ClusterProcesses.start({ names: ["node1", "node2"] });
  const [one, two] = [cluster.node(1), cluster.node(2)];
  await using _ada = await two.login("ada");
  await cluster.settled();
  await two.end();
  cluster.configured = ["node1"];
  await reload(one);
  cluster.configured = ["node1", "node2"];
  await two.start({ flags: ["--alone"] });
  await using ada = await two.login("ada");
  await eventually("node1 refuses node2", async () => (await two.peers()).join() === "node1 refused");
  assertEquals(await copiesOf(ada), [1, 2]);
  const status = await two.status();
  assertEquals(status?.filling, null);
  assertMatch(status?.alone ?? "", /was started with --alone: what it stores stays on its own disk/);
});

async function reload(node: ClusterNode): Promise<void> {
  const count = () => node.diagnostics.filter((line) => line.includes('"event":"reloaded"')).length;
  const before = count();
  await node.reload();
  await node.server.waitFor(() => count() > before);
}

async function isUnavailable(node: ClusterNode): Promise<void> {
  await using client = await TestClient.connect(node.port);
  const reply = await client.ask("startLogin", { name: "bob" });
  assertEquals(reply.name, "error");
  if (reply.name !== "error") return;
  assertEquals(reply.payload.code, "unavailable");
  assertMatch(reply.payload.message, REMOVED);
}

async function connected(node: ClusterNode): Promise<TestClient | undefined> {
  try {
    return await TestClient.connect(node.port);
  } catch {
    return undefined;
  }
}

/** The copies and nodes with which a message is acknowledged now. */
async function copiesOf(client: TestClient): Promise<[number, number]> {
  const { copies, nodes } = await client.expect("sendMessage", { to: "ada", content: "how many?" }, "sent");
  return [copies, nodes];
}
