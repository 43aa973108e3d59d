import { assertEquals, assertGreater, assertLess } from "@std/assert";
import type { RequestName, RequestPayload } from "../../common/protocol/requests.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { processTest } from "../testing/permissions.ts";
import { TestClient } from "../testing/test_client.ts";

/** Shortest latency of a reply that has waited for a peer, ms; disk and hash alone take some milliseconds. */
const WAITED_MS_MIN = 600;

/** Most attempts to see a reply that does not wait: one may meet a busy machine. */
const ATTEMPTS = 10;

type Asked = { readonly [Name in RequestName]: readonly [Name, RequestPayload<Name>] }[RequestName];

processTest(
  "Node answers what must not vanish with it once every peer in sync has it, or after a second",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const one = cluster.node(1);
    await using ada = await one.login("ada");
    const { id } = await ada.expect("sendMessage", { to: "ada", content: "hello" }, "sent");
    const asked: readonly (readonly [boolean, Asked])[] = [
      [true, ["sendMessage", { to: "ada", content: "swallowed" }]],
      [false, ["confirmDelivery", { ids: [id] }]],
      [false, ["readMessages", { with: "ada" }]],
      [true, ["deleteMessages", { ids: [id] }]],
      [true, ["finishLogin", { password: "password of ada" }]],
      [true, ["changePassword", { old: "password of ada", new: "another password" }]],
      [true, ["logout", null]],
    ];
    const answeredMs = async ([name, payload]: Asked): Promise<number> => {
      await cluster.settled();
      if (name === "finishLogin") await ada.ask("startLogin", { name: "ada" });
      for (const wire of cluster.wiresFrom(one)) wire.blackhole();
      const sinceMs = performance.now();
      const reply = await ada.ask(name, payload);
      const ms = Math.round(performance.now() - sinceMs);
      cluster.heal();
      console.log(`${name} was answered ${reply.name} after ${ms} ms while nothing reached the others`);
      assertEquals(reply.name === "error", false, JSON.stringify(reply));
      return ms;
    };
    for (const [waits, request] of asked) {
      const [name] = request;
      if (waits) {
        assertGreater(await answeredMs(request), WAITED_MS_MIN, name);
        continue;
      }
      let fastestMs = Infinity;
      for (let attempt = 0; attempt < ATTEMPTS && fastestMs >= WAITED_MS_MIN; attempt++) {
        fastestMs = Math.min(fastestMs, await answeredMs(request));
      }
      assertLess(fastestMs, WAITED_MS_MIN, name);
    }
  },
);

processTest("Node has a message that was acknowledged with three copies, whichever node it is", async () => {
  await using cluster = await ClusterProcesses.start();
  const [one, two] = [cluster.node(1), cluster.node(2)];
  await using ada = await one.login("ada");
  await using bob = await two.login("bob");
  for (let number = 0; number < 100; number++) {
    const { id, copies } = await ada.expect("sendMessage", { to: "bob", content: `${number}` }, "sent");
    assertEquals(copies, 3);
    // Acknowledged with three copies, it is available at every node at once.
    const { messages } = await bob.expect("listMessages", { with: "ada", limit: 1 }, "messages");
    assertEquals(messages.map((message) => message.id), [id]);
  }
  await using third = await TestClient.login(cluster.node(3).port, "bob");
  assertEquals((await third.expect("listChats", {}, "chats")).chats.map(({ unread }) => unread), [100]);
});
