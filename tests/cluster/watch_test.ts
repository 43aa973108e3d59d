import { assertEquals } from "@std/assert";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import type { TestClient } from "../testing/test_client.ts";

async function watcher(node: ClusterNode, name: string): Promise<TestClient> {
  const client = await node.login(name);
  await client.expect("useFeatures", { use: ["account-ids", "watch"] }, "ok");
  return client;
}

/** What clients were told of one person, in order; the newest are taken from their pushes. */
class Told {
  readonly #texts: string[][];

  constructor(readonly clients: readonly TestClient[]) {
    this.#texts = clients.map(() => []);
  }

  /** Waits until each client has been told a change; returns the longest time, ms. */
  async until(change: string): Promise<number> {
    const sinceMs = performance.now();
    await eventually(change, () => {
      for (const [i, client] of this.clients.entries()) this.#texts[i]?.push(...texts(client));
      return this.#texts.every((each) => each.includes(change));
    });
    for (const each of this.#texts) each.splice(0);
    return performance.now() - sinceMs;
  }
}

function texts(client: TestClient): string[] {
  return client.pushes.items.splice(0).flatMap((push) => {
    if (push.name !== "person") return [];
    const { name, change, to } = push.payload;
    return [to === undefined ? `${name} ${change}` : `${name} ${change} ${to}`];
  });
}

processTest("who watches at any node hears of people at every node", async () => {
  await using cluster = await ClusterProcesses.start();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  const clients = await Promise.all([watcher(one, "eve"), watcher(two, "eva"), watcher(three, "evi")]);
  const [eve, eva, evi] = clients;
  await eve.expect("watchPeople", { people: { limit: 500 } }, "ok");
  await eva.expect("watchPeople", { names: ["bob"] }, "ok");
  await evi.expect("watchPeople", { people: { match: "b*", limit: 1 } }, "ok");
  const told = new Told(clients);
  const times: Record<string, number> = {};
  // He comes and goes as fast as he can: nobody waits for the end of an interval.
  const bob = await three.login("bob");
  times["created"] = await told.until("bob created");
  await bob[Symbol.asyncDispose]();
  times["offline"] = await told.until("bob offline");
  await using again = await two.login("bob");
  times["online"] = await told.until("bob online");
  await again.expect("deleteAccount", { password: "password of bob" }, "ok");
  times["deleted"] = await told.until("bob deleted");
  const shown = Object.entries(times).map(([change, ms]) => `${change} ${ms.toFixed()} ms`);
  console.log(`told at ${clients.length} nodes, after the reply to whom it is about: ${shown.join(", ")}`);
  for (const client of clients) await client[Symbol.asyncDispose]();
});

processTest(
  "who watches learns the new name of a person after a split, and who has the old one",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    await using eve = await watcher(three, "eve");
    await eve.expect("watchPeople", { people: { match: "bob*", limit: 10 } }, "ok");
    for (const wire of cluster.wiresOf(three)) wire.cut();
    const cut = async (): Promise<boolean> => {
      const { peers } = await eve.expect("nodeStatus", null, "clusterStatus");
      return peers.every(({ state }) => state === "unreachable");
    };
    await eventually("the third node is alone", cut);
    await using first = await one.login("bob");
    await using second = await three.login("bob", "another password");
    const told = new Told([eve]);
    await told.until("bob created");
    cluster.heal();
    const sinceMs = performance.now();
    const all: string[] = [];
    const heard = (...changes: readonly string[]): Promise<void> =>
      eventually(`eve hears ${changes.join(" and ")}`, () => {
        all.push(...texts(eve));
        return changes.every((change) => all.includes(change));
      });
    await heard("bob renamed bob~node3");
    const ms = performance.now() - sinceMs;
    all.splice(0, all.indexOf("bob renamed bob~node3"));
    await heard("bob online", "bob~node3 online");
    await eventually("the list is as it is told", async () => {
      const { users } = await eve.expect("listUsers", { match: "bob*" }, "users");
      return users.map(({ name, online }) => `${name} ${online}`).join() === "bob true,bob~node3 true";
    });
    console.log(`renamed ${ms.toFixed()} ms after the split had ended`);
    // The watch follows: both are told when they go.
    await first[Symbol.asyncDispose]();
    await second[Symbol.asyncDispose]();
    await heard("bob offline", "bob~node3 offline");
    assertEquals(all.filter((each) => each.endsWith("offline")).length, 2);
    await using _two = await two.login("carl");
    assertEquals(texts(eve), [], "carl is not watched");
  },
);
