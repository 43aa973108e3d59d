import { assert, assertEquals } from "@std/assert";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { serverCommand } from "../testing/server_process.ts";
import type { TestClient } from "../testing/test_client.ts";
import { VersionBefore } from "../testing/version_before.ts";

/** The code of the refusal of a message, or `sent`. */
async function sent(client: TestClient, to: string): Promise<string> {
  const reply = await client.ask("sendMessage", { to, content: "hello" });
  return reply.name === "error" ? reply.payload.code : reply.name;
}

/** The outcome of a message of bob to ann at a node. */
async function sentAt(node: ClusterNode): Promise<string> {
  await using bob = await node.login("bob");
  return await sent(bob, "ann");
}

processTest("A block at one node holds at all, also at those that were away, until it ends", async () => {
  await using cluster = await ClusterProcesses.start();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  await using ann = await one.login("ann");
  await using bob = await two.login("bob");
  await eventually("node2 knows ann", async () => await sent(bob, "ann") === "sent");
  const isOnline = async (): Promise<boolean> => {
    const { users } = await bob.expect("listUsers", { match: "ann" }, "users");
    return users[0]?.online === true;
  };
  await eventually("bob sees that ann is online", isOnline);

  await three.end();
  await ann.expect("blockPerson", { user: "bob", blocked: true }, "ok");
  // The answer came once node2 had the block, too.
  assertEquals([await sent(bob, "ann"), await isOnline()], ["not-accepted", false]);
  await ann.expect("readMessages", { with: "bob" }, "ok");
  const { messages } = await bob.expect("listMessages", { with: "ann" }, "messages");
  assert(messages.length > 0 && messages.every(({ status }) => status === "unread"));
  await three.start();
  await cluster.settled();
  assertEquals(await sentAt(three), "not-accepted");

  await two.end();
  await two.start();
  await cluster.settled();
  assertEquals(await sentAt(two), "not-accepted", "after a start");
  assertEquals(await ann.expect("listBlocked", {}, "blocked"), { names: ["bob"], more: false });
  await ann.expect("blockPerson", { user: "bob", blocked: false }, "ok");
  for (const node of [two, three]) {
    await eventually(`${node.name} takes bob's messages again`, async () => await sentAt(node) === "sent");
  }
  const { state } = await cluster.sameLogs();
  const [annThere, bobThere] = ["ann", "bob"].map((name) => state.directory.find(name));
  assert(annThere !== undefined && bobThere !== undefined && !annThere.blocks(bobThere));
});

processTest("A node of the version before keeps and passes on a block, and takes the messages", async () => {
  await using before = await VersionBefore.unpack();
  await using cluster = await ClusterProcesses.start({ program: before.serverCommand() });
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  for (const node of [one, two]) {
    await node.end();
    node.program = serverCommand("--unproven-peers");
    await node.start();
    await cluster.settled();
  }
  await using ann = await one.login("ann");
  await (await three.login("bob"))[Symbol.asyncDispose]();
  await eventually("node1 knows bob", async () => {
    const reply = await ann.ask("blockPerson", { user: "bob", blocked: true });
    return reply.name === "ok";
  });
  assertEquals([await sentAt(two), await sentAt(three)], ["not-accepted", "sent"]);
  await eventually("ann has got it", async () => {
    const { messages } = await ann.expect("listMessages", { with: "bob" }, "messages");
    return messages.length === 1;
  });

  // Only the older node can fill it.
  await one.end();
  await two.end();
  await two.wipe();
  await two.start();
  const isRefused = async (): Promise<boolean> => await sentAt(two).catch(() => "filling") === "not-accepted";
  await eventually("node2 knows the block again", isRefused);

  await three.end();
  three.program = serverCommand("--unproven-peers");
  await three.start();
  assertEquals(await sentAt(three), "not-accepted");
});
