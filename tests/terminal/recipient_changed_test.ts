import { assertEquals } from "@std/assert";
import { PASSWORD } from "../io/client_process.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { type Person, type Size, terminalTest, Tmux } from "./tmux.ts";

const SIZE: Size = { columns: 120, rows: 30 };

/** Seats alice at a terminal at the first node of a cluster, in a chat with bob. */
async function seat(cluster: ClusterProcesses, tmux: Tmux): Promise<Person> {
  const { port, server } = cluster.node(1);
  await (await cluster.node(1).login("alice", PASSWORD))[Symbol.asyncDispose]();
  await Deno.writeTextFile(`${server.folder}/password`, PASSWORD, { mode: 0o600 });
  const flags = ["--server", `127.0.0.1:${port}`, "--password-file", `${server.folder}/password`];
  const alice = await tmux.client("alice", SIZE, "", "--user", "alice", ...flags);
  await alice.seesRow(/^-- you are alice on node1; /);
  await alice.enter("/chat bob");
  await alice.seesRow(/^bob> *$/);
  return alice;
}

/** bob deletes his account at a node. */
async function leave(node: ClusterNode): Promise<void> {
  await using bob = await node.login("bob", PASSWORD);
  await bob.expect("deleteAccount", { password: PASSWORD }, "ok");
}

/** Texts of the messages that whoever is called bob now has from alice. */
async function texts(node: ClusterNode): Promise<readonly string[]> {
  await using bob = await node.login("bob", PASSWORD);
  const { messages } = await bob.expect("listMessages", { with: "alice" }, "messages");
  return messages.map(({ content }) => content);
}

terminalTest("what was queued for bob is not sent to somebody else who has his name by now", async () => {
  await using cluster = await ClusterProcesses.start({ names: ["node1"] });
  const node = cluster.node(1);
  await (await node.login("bob", PASSWORD))[Symbol.asyncDispose]();
  await using tmux = new Tmux();
  const alice = await seat(cluster, tmux);
  await alice.enter("hello");
  await alice.seesRow(/^HH:MM #a1 \+ {2}alice> hello$/);

  await node.kill();
  await alice.seesRow(/^offline: bob \(reconnecting\)>$/);
  await alice.enter("for bob's eyes");
  await alice.seesRow(/^offline: bob \(reconnecting, 1 queued\)>$/);
  // She stays away until bob is somebody else.
  const pid = await alice.pid();
  Deno.kill(pid, "SIGSTOP");
  await node.start();
  await leave(node);
  assertEquals(await texts(node), []);
  Deno.kill(pid, "SIGCONT");

  await alice.seesRow(/^bob \(gone\) \[1 held\]>$/);
  await alice.seesRow(/^HH:MM #a2 \? {2}alice> for bob's eyes$/);
  await alice.seesRow(
    /^!! #a2 to bob is held: the account bob that it is meant for is gone, and whoever is called bob/,
  );
  assertEquals(await texts(node), []);

  // The new bob writes: that is another chat.
  {
    await using stranger = await node.login("bob", PASSWORD);
    await stranger.expect("sendMessage", { to: "alice", content: "who are you?" }, "sent");
  }
  await alice.seesRow(/^HH:MM #a3 bob \(new\)> who are you\?$/);
  await alice.seesRow(/^bob \(gone\) \[1 held\] \[1 unread: bob 1\]>$/);
  await alice.enter("secret");
  await alice.seesRow(/^bob \(gone\) \[2 held\] /);
  assertEquals(await texts(node), ["who are you?"]);

  await alice.enter("/delete #a4");
  await alice.seesRow(/^bob \(gone\) \[1 held\] /);
  await alice.enter("/anyway #a2");
  await alice.seesRow(/^HH:MM #a5 \+ {2}alice to bob \(new\)> for bob's eyes$/);
  await alice.enter("/chat bob");
  await alice.seesRow(/^bob>$/);
  assertEquals(await texts(node), ["who are you?", "for bob's eyes"]);
});

terminalTest("the prompt says that a node is left alone, and for how long it is", async () => {
  await using cluster = await ClusterProcesses.start();
  const [node2, node3] = [cluster.node(2), cluster.node(3)];
  await (await cluster.node(1).login("bob", PASSWORD))[Symbol.asyncDispose]();
  await using tmux = new Tmux();
  const alice = await seat(cluster, tmux);
  await node3.kill();
  await alice.seesRow(/^bob \[copies 2 of 3\]>$/);
  await alice.seesRow(
    /^-- node1: a message that is stored now is on 2 of 3 disks: any one node may be lost$/,
  );
  await node2.kill();
  await alice.seesRow(/^bob \[node1 alone: copies 1 of 3\]>$/);
  await alice.seesRow(
    /^-- node1 is alone: what this node stores is on its own disk only: node2 cannot be reached/,
  );
  await alice.enter("/status");
  await alice.seesRow(/^alone: what this node stores is on its own disk only: /);
  await node2.start();
  await node3.start();
  await cluster.settled();
  await alice.seesRow(/^bob>$/);
});
