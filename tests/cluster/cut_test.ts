import { assert, assertEquals, assertGreater } from "@std/assert";
import { ClusterLoad } from "../testing/cluster_load.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import { TestClient } from "../testing/test_client.ts";

/** Number of cuts between nodes. */
const CUTS = scale(10, 100);
/** Longest cut, and longest time between two, ms. */
const CUT_MS = 1_500;
/** Number of cuts between two in which one name is given on both sides. */
const CUTS_PER_SPLIT_NAME = 4;
/** Fate of a node's wires. */
const KINDS = ["cut off", "cut in one direction", "cut from one other", "swallowed"] as const;

processTest("ClusterProcesses converges after every cut, whatever was done on both sides", async () => {
  await using cluster = await ClusterProcesses.start();
  const load = new ClusterLoad(2);
  await load.register(cluster.node(1));
  load.start(cluster.nodes);
  const cuts = new Map<string, number>();
  let renamed = 0;
  for (let number = 0; number < CUTS; number++) {
    const splitsName = number % CUTS_PER_SPLIT_NAME === 0;
    const kind = splitsName ? "cut off" : load.random.pick(KINDS);
    cuts.set(kind, (cuts.get(kind) ?? 0) + 1);
    const node = load.random.pick(cluster.nodes);
    const other = load.random.pick(cluster.nodes.filter((each) => each !== node));
    cut(cluster, kind, node, other);
    if (splitsName) renamed += await splitName(cluster, `ada${number}`, node, other);
    else await new Promise((resolve) => setTimeout(resolve, load.random.below(CUT_MS)));
    cluster.heal();
    await new Promise((resolve) => setTimeout(resolve, load.random.below(CUT_MS)));
  }
  await load.stop();
  await cluster.settled();
  const compared = await load.verify(cluster.nodes);
  const { entries } = await cluster.sameLogs();
  console.log(
    `${CUTS} cuts (${[...cuts].map(([kind, count]) => `${count} ${kind}`).join(", ")}): ${load.summary()}`,
  );
  console.log(`${renamed} accounts renamed; ${compared} comparisons, ${entries} entries in each log`);
  assertEquals(renamed, Math.ceil(CUTS / CUTS_PER_SPLIT_NAME));
  assertEquals(load.messages.atRisk, 0);
  assertGreater(load.messages.acknowledged, CUTS * 50);
  assert([1, 2, 3].every((copies) => load.messages.copies.has(copies)), "all numbers of copies were seen");
});

processTest("Mesh passes on what a cut wire does not carry, in both directions", async () => {
  await using cluster = await ClusterProcesses.start();
  const [one, two] = [cluster.node(1), cluster.node(2)];
  await using ada = await one.login("ada");
  await using bob = await two.login("bob");
  cluster.wire(one, two).cut();
  cluster.wire(two, one).cut();
  for (const [client, to] of [[ada, "bob"], [bob, "ada"]] as const) {
    const sentMs = performance.now();
    await client.expect("sendMessage", { to, content: "round the cut" }, "sent");
    const other = client === ada ? bob : ada;
    await eventually("the message arrives", () => other.pushes.items.some(({ name }) => name === "message"));
    console.log(
      `a message to ${to} came round the cut wire after ${Math.round(performance.now() - sentMs)} ms`,
    );
  }
  await eventually("the two are apart, and node3 is in sync with both", async () => {
    const states = await Promise.all([one.peers(), two.peers()]);
    return states.join() === "node2 unreachable,node3 in sync,node1 unreachable,node3 in sync";
  });
});

function cut(
  cluster: ClusterProcesses,
  kind: typeof KINDS[number],
  node: ClusterNode,
  other: ClusterNode,
): void {
  if (kind === "cut off") { for (const wire of cluster.wiresOf(node)) wire.cut(); }
  else if (kind === "swallowed") { for (const wire of cluster.wiresOf(node)) wire.blackhole(); }
  else {
    cluster.wire(node, other).cut();
    if (kind === "cut from one other") cluster.wire(other, node).cut();
  }
}

/** Gives one name on both sides of a cut, heals it, and looks up the holder of the name. */
async function splitName(
  cluster: ClusterProcesses,
  name: string,
  first: ClusterNode,
  second: ClusterNode,
): Promise<number> {
  await eventually(
    "the cut is noticed",
    async () => (await second.peers()).includes(`${first.name} unreachable`),
  );
  await using holder = await first.login(name, "password of the first");
  await using namesake = await second.login(name, "password of the second");
  cluster.heal();
  const to = `${name}~${second.name}`;
  assertEquals(await namesake.push(), { name: "user", payload: { name, change: "renamed", to } });
  for (const node of cluster.nodes) await eventually(`${node.name} knows ${to}`, () => isKnown(node, to));
  assertEquals(holder.pushes.items, []);
  for (const node of cluster.nodes) {
    assertEquals(await nameAfterLogin(node, name, "password of the first"), name);
    assertEquals(await nameAfterLogin(node, name, "password of the second"), to);
    assertEquals(await nameAfterLogin(node, to, "password of the second"), to);
  }
  return 1;
}

async function isKnown(node: ClusterNode, name: string): Promise<boolean> {
  await using client = await TestClient.connect(node.port);
  return (await client.ask("startLogin", { name })).name === "userExisting";
}

async function nameAfterLogin(node: ClusterNode, name: string, password: string): Promise<string> {
  await using client = await TestClient.connect(node.port);
  await client.expect("startLogin", { name }, "userExisting");
  return (await client.expect("finishLogin", { password }, "loginSuccess")).name;
}
