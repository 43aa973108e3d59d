import { assertEquals, assertLess } from "@std/assert";
import { PASSWORD, runClient } from "../io/client_process.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { Person, type Size, terminalTest, Tmux } from "./tmux.ts";

const SIZE: Size = { columns: 100, rows: 24 };

/** Time limit of a client between the end of its node and the notice of the next one, ms: a second, and much for a busy machine. */
const FAILOVER_MS = 5_000;

const DRAFT = "a line that alice has not ended";

/**
 * The prompt, and news that come when they come: of copies, after three seconds without a peer, and of bob, who was at
 * another node a moment ago.
 */
const AT_ANY_TIME =
  /^bob( \[.*\])?> |^-- bob is (online|offline)$|^-- node\d( is alone)?: .*(disks?|reached)/;

/** Three nodes, alice at a terminal at the first one, and her chat with bob, an absent user. */
class Desk implements AsyncDisposable {
  private constructor(readonly cluster: ClusterProcesses, readonly tmux: Tmux, readonly alice: Person) {}

  static async set(): Promise<Desk> {
    const cluster = await ClusterProcesses.start();
    const tmux = new Tmux();
    const desk = new Desk(cluster, tmux, new Person(tmux, "alice"));
    try {
      for (const name of ["bob", "alice"]) {
        await (await cluster.node(3).login(name, PASSWORD))[Symbol.asyncDispose]();
      }
      await desk.#seat();
    } catch (error) {
      await desk[Symbol.asyncDispose]();
      throw error;
    }
    return desk;
  }

  async #seat(): Promise<void> {
    const { cluster, tmux, alice } = this;
    // The client is given one node only.
    const { port, server } = cluster.node(1);
    await Deno.writeTextFile(`${server.folder}/password`, PASSWORD, { mode: 0o600 });
    const flags = ["--server", `127.0.0.1:${port}`, "--password-file", `${server.folder}/password`];
    await tmux.client("alice", SIZE, "", "--user", "alice", ...flags);
    await alice.seesRow(/^-- you are alice on node1; /);
    await alice.enter("/chat bob");
    await alice.seesRow(/no messages yet$/);
  }

  /** Kills alice's node; returns the time until her client goes on with the node `next`, ms. */
  async killUnder(node: ClusterNode, next: string): Promise<number> {
    const killedMs = performance.now();
    await node.kill();
    await this.alice.seesRow(new RegExp(`^-- connected to ${next}$`));
    return performance.now() - killedMs;
  }

  /** Messages that bob finds when he comes back. */
  async bobReads(node: ClusterNode): Promise<string[]> {
    await using bob = await node.login("bob", PASSWORD);
    const { messages } = await bob.expect("listMessages", { with: "alice", limit: 500 }, "messages");
    return messages.map(({ content }) => content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tmux[Symbol.asyncDispose]();
    await this.cluster[Symbol.asyncDispose]();
  }
}

terminalTest("a client whose nodes die one after the other goes on with what it has begun", async () => {
  await using desk = await Desk.set();
  const { cluster, alice } = desk;
  const [node1, node2, node3] = [cluster.node(1), cluster.node(2), cluster.node(3)];

  // Only the dying node gets the first message, and does nothing with it.
  node1.pause();
  await alice.enter("first");
  await alice.type(DRAFT);
  await alice.seesRow(new RegExp(`^bob> ${DRAFT}$`));
  const firstMs = await desk.killUnder(node1, "node2");
  await alice.seesRow(/^HH:MM #a1 \+ {2}alice> first$/);
  assertEquals((await alice.screen()).filter((row) => !AT_ANY_TIME.test(row)), [
    "-- you are alice on node1; /help lists the commands",
    "-- chat with bob: no messages yet",
    "-- DATE",
    "HH:MM #a1 +  alice> first",
    "-- lost node1 (REASON); looking for a node",
    "-- connected to node2",
  ]);
  await alice.seesRow(new RegExp(`^bob( \\[.*\\])?> ${DRAFT}$`));

  // The second one is on both disks that are left, and the node dies before it has answered.
  node3.pause();
  await alice.press("Enter");
  await alice.type("again");
  await eventually("node2 has stored it", async () => (await node2.status())?.messages === 2);
  const failover = desk.killUnder(node2, "node3");
  node3.resume();
  const secondMs = await failover;
  await alice.seesRow(new RegExp(`^HH:MM #a2 \\+ {2}alice> ${DRAFT}$`));
  await alice.seesRow(/^bob( \[.*\])?> again$/);
  console.log(`on another node after ${Math.round(firstMs)} and ${Math.round(secondMs)} ms`);
  assertLess(firstMs, FAILOVER_MS);
  assertLess(secondMs, FAILOVER_MS);

  assertEquals(await desk.bobReads(node3), ["first", DRAFT]);
  await node1.start();
  await node2.start();
  await cluster.settled();
  for (const node of cluster.nodes) assertEquals(await desk.bobReads(node), ["first", DRAFT]);
});

terminalTest("/node and /status tell of the cluster, and /node NAME goes to another node", async () => {
  await using desk = await Desk.set();
  const { cluster, alice } = desk;
  const places = cluster.nodes.map(({ name, port }) => `${name} 127.0.0.1:${port}`);
  await alice.enter("/node");
  for (const [i, place] of places.entries()) {
    await alice.seesRow(new RegExp(`^${i === 0 ? "\\*" : " "} ${place}$`));
  }
  await alice.enter("/node node3");
  await alice.seesRow(/^-- connected to node3$/);
  await cluster.node(2).kill();
  await eventually("node3 knows", async () => !(await cluster.node(3).peers()).includes("node2 in sync"));
  await alice.enter("/status");
  await alice.seesRow(/^node: node3, .*, cluster test$/);
  await alice.seesRow(new RegExp(`^\\* ${places[2]}$`));
  await alice.seesRow(/^node1 +in sync$/);
  await alice.seesRow(/^node2 +unreachable/);
  await alice.seesRow(/^a message that is stored now is on 2 of 3 disks: any one node may be lost$/);
  await alice.enter("/node node2");
  await alice.seesRow(/^-- connected to node\d; node2 is not there$/);
  await alice.enter("hello");
  await alice.seesRow(/^HH:MM #a1 \+ {2}alice> hello$/);
});

terminalTest("a client leaves a node that cannot serve it for one that can", async () => {
  await using desk = await Desk.set();
  const { cluster, alice } = desk;
  const [node1, node2] = [cluster.node(1), cluster.node(2)];
  // Without its disk and without an answer from a peer, node2 waits for 2 s before it serves.
  await node2.kill();
  await node2.wipe();
  for (const wire of cluster.wiresOf(node2)) wire.blackhole();
  await node2.spawn();
  await eventually("node2 listens", () => isListening(node2));
  const ms = await desk.killUnder(node1, "node3");
  console.log(`past a node that is not ready after ${Math.round(ms)} ms`);
  await alice.enter("hello");
  await alice.seesRow(/^HH:MM #a1 \+ {2}alice> hello$/);
});

terminalTest("a script goes on with another node of its list", async () => {
  await using cluster = await ClusterProcesses.start();
  await cluster.node(1).kill();
  const { folder } = cluster.node(2).server;
  await Deno.writeTextFile(`${folder}/password`, PASSWORD, { mode: 0o600 });
  const servers = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`).join(",");
  const flags = ["--server", servers, "--user", "alice", "--password-file", `${folder}/password`];
  const sent = await runClient("hi", "send", "alice", "--register", ...flags);
  assertEquals(sent.code, 0, sent.stderr);
});

async function isListening({ port }: ClusterNode): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}
