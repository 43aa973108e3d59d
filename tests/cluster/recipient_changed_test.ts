import { assert, assertEquals } from "@std/assert";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import type { TestClient } from "../testing/test_client.ts";

/** Id of a user's account, by LIST_USERS. */
async function accountOf(client: TestClient, name: string): Promise<string> {
  await client.expect("useFeatures", { use: ["account-ids"] }, "ok");
  const { users } = await client.expect("listUsers", { match: name }, "users");
  const account = users[0]?.account;
  assert(account !== undefined, `${name} is listed with an account`);
  return account;
}

processTest(
  "what was written for one person never reaches another who took the name, on any node",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    await using alice = await one.login("alice");
    await using bob = await two.login("bob");
    const account = await accountOf(alice, "bob");
    const queued = { to: "bob", content: "only for the old bob", account };
    const { id, account: reached } = await alice.expect("sendMessage", queued, "sent");
    assertEquals(reached, account);
    await bob.push();
    await bob.expect("deleteAccount", { password: "password of bob" }, "ok");
    // The peers keep the name for a while for the registration that they granted.
    let login: TestClient | undefined;
    await eventually("the name can be registered again", async () => {
      login = await three.login("bob").catch(() => undefined);
      return login !== undefined;
    });
    assert(login !== undefined);
    await using stranger = login;

    for (const node of [one, two, three]) {
      await using again = await node.login("alice");
      for (const payload of [queued, { ...queued, id }]) {
        const { code } = await again.expect("sendMessage", payload, "error");
        assertEquals(code, "recipient-changed", node.name);
      }
    }
    const { id: answered } = await alice.expect("sendMessage", { to: "bob", content: "hello?" }, "sent");
    const push = await stranger.push();
    assertEquals(push.name === "message" && push.payload.id, answered);
    assertEquals(stranger.pushes.items, []);
    const { messages } = await stranger.expect("listMessages", { with: "alice" }, "messages");
    assertEquals(messages.map(({ content }) => content), ["hello?"]);
  },
);

processTest(
  "a session that asked hears of the disks that an acknowledgement means, and of a node alone",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    await using alice = await one.login("alice");
    await alice.expect("useFeatures", { use: ["cluster-state"] }, "ok");
    const first = await alice.push();
    assertEquals(first, { name: "cluster", payload: { copies: 3, nodes: 3 } });
    await two.kill();
    await three.kill();
    const alone =
      "what this node stores is on its own disk only: node2 cannot be reached: see that it runs; " +
      "node3 cannot be reached: see that it runs";
    // Before that, it may say what it knows of one of them.
    let last = await alice.push();
    while (last.name === "cluster" && last.payload.alone !== alone) last = await alice.push();
    assertEquals(last, { name: "cluster", payload: { copies: 1, nodes: 3, alone } });
    const { copies } = await alice.expect("sendMessage", { to: "alice", content: "a note" }, "sent");
    assertEquals(copies, 1);
    await two.start();
    do last = await alice.push(); while (last.name === "cluster" && last.payload.copies < 2);
    assertEquals(last, { name: "cluster", payload: { copies: 2, nodes: 3 } });
  },
);
