import { assert, assertEquals } from "@std/assert";
import type { Push } from "../../common/protocol/pushes.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import type { TestClient } from "../testing/test_client.ts";

processTest("Node pushes to its sessions what happens at other nodes", async () => {
  await using cluster = await ClusterProcesses.start();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  await using ada = await one.login("ada");
  await using bob = await two.login("bob");
  const { id, timestamp, copies } = await ada.expect("sendMessage", { to: "bob", content: "hello" }, "sent");
  assertEquals(copies, 3);
  const message = {
    id,
    sender: "ada",
    recipient: "bob",
    content: "hello",
    timestamp,
    status: "unread",
  } as const;
  assertEquals(await bob.push(), { name: "message", payload: message });

  await bob.expect("confirmDelivery", { ids: [id] }, "ok");
  assertEquals(await ada.push(), { name: "status", payload: { ids: [id], status: "delivered", by: "bob" } });
  await bob.expect("readMessages", { with: "ada", ids: [id] }, "ok");
  assertEquals(await ada.push(), { name: "status", payload: { ids: [id], status: "read", by: "bob" } });

  await using elsewhere = await three.login("ada");
  await ada.expect("deleteMessages", { ids: [id] }, "ok");
  const deleted: Push = { name: "deleted", payload: { ids: [id], by: "ada" } };
  assertEquals(await bob.push(), deleted);
  assertEquals(await elsewhere.push(), deleted);
  assertEquals([ada, bob, elsewhere].map(({ pushes }) => pushes.items), [[], [], []]);
});

processTest("Presence counts the whole cluster", async () => {
  await using cluster = await ClusterProcesses.start();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  await using ada = await one.login("ada");
  const bob = await two.login("bob");
  await ada.expect("sendMessage", { to: "bob", content: "are you there?" }, "sent");
  await bob.push();
  const again = await three.login("bob");
  await bob[Symbol.asyncDispose]();
  await eventually("two sessions became one", async () => (await two.status())?.sessions === 0);
  assertEquals(await isOnline(ada, "bob"), true);
  await again[Symbol.asyncDispose]();
  assertEquals(await ada.push(), { name: "user", payload: { name: "bob", change: "offline" } });
  assertEquals(await isOnline(ada, "bob"), false);

  await using _back = await three.login("bob");
  assertEquals(await ada.push(), { name: "user", payload: { name: "bob", change: "online" } });
  for (const wire of cluster.wiresOf(three)) wire.cut();
  assertEquals(await ada.push(), { name: "user", payload: { name: "bob", change: "offline" } });
  cluster.heal();
  assertEquals(await ada.push(), { name: "user", payload: { name: "bob", change: "online" } });
  await three.kill();
  assertEquals(await ada.push(), { name: "user", payload: { name: "bob", change: "offline" } });
  assertEquals(ada.pushes.items, []);
});

processTest(
  "Node ends the sessions of an account that was deleted, or got another password, at another node",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    await using ada = await one.login("ada");
    await using elsewhere = await two.login("ada");
    await using bob = await three.login("bob");
    await ada.expect("sendMessage", { to: "bob", content: "good bye" }, "sent");
    await bob.push();
    await ada.expect("changePassword", { old: "password of ada", new: "another password" }, "ok");
    await elsewhere.closed;
    await using third = await three.login("ada", "another password");
    await third.expect("deleteAccount", { password: "another password" }, "ok");
    await ada.closed;
    await third.closed;
    assertEquals(await bob.push(), { name: "user", payload: { name: "ada", change: "deleted" } });
    for (const node of cluster.nodes) {
      await eventually("the account is gone", async () => (await node.status())?.accounts === 1);
    }
  },
);

async function isOnline(client: TestClient, name: string): Promise<boolean> {
  const { users } = await client.expect("listUsers", { match: name }, "users");
  const [user] = users;
  assert(user !== undefined, `there is no user ${name}`);
  return user.online;
}
