import { assertEquals } from "@std/assert";
import type { ErrorCode } from "../../common/protocol/error_codes.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { awayFromMidnight } from "../testing/midnight.ts";
import { processTest } from "../testing/permissions.ts";
import { QUICK } from "../testing/server_process.ts";
import type { TestClient } from "../testing/test_client.ts";

const INBOX = 30;

/** Sends until a message is refused with this code; returns the number of those that were taken. */
async function sendUntil(client: TestClient, to: string, code: ErrorCode): Promise<number> {
  for (let sent = 0;; sent++) {
    const reply = await client.ask("sendMessage", { to, content: "hey" });
    if (reply.name === "sent") continue;
    assertEquals(reply.name === "error" && reply.payload.code, code);
    return sent;
  }
}

processTest("a bound holds on all nodes, and two sides of a cut pass it by what is on its way", async () => {
  const limits = { ...QUICK.limits, inboxMessages: INBOX };
  await using cluster = await ClusterProcesses.start({ configuration: { limits } });
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  await using alice = await one.login("alice");
  await using bob = await three.login("bob");
  await using other = await two.login("alice");
  assertEquals(await sendUntil(alice, "bob", "inbox-full"), INBOX);
  await cluster.settled();
  assertEquals(await sendUntil(other, "bob", "inbox-full"), 0);
  assertEquals(await bob.expect("readMessages", { with: "alice" }, "ok"), { count: INBOX });
  await cluster.settled();

  for (const wire of cluster.wiresOf(one)) wire.cut();
  await eventually("the cut is noticed", async () => {
    const [here, there] = await Promise.all([one.peers(), two.peers()]);
    return here.includes("node2 unreachable") && there.includes("node1 unreachable");
  });
  const sides = [await sendUntil(alice, "bob", "inbox-full"), await sendUntil(other, "bob", "inbox-full")];
  assertEquals(sides, [INBOX, INBOX]);
  cluster.heal();
  await cluster.settled();
  const { largestInbox } = await two.status() ?? {};
  assertEquals(largestInbox, { name: "bob", messages: 2 * INBOX, bytes: 6 * INBOX });
  assertEquals([await sendUntil(alice, "bob", "inbox-full"), await sendUntil(other, "bob", "inbox-full")], [
    0,
    0,
  ]);
  assertEquals(await bob.expect("readMessages", { with: "alice" }, "ok"), { count: 2 * INBOX });
  await cluster.settled();
  assertEquals(await sendUntil(alice, "bob", "inbox-full"), INBOX);
  const { state } = await cluster.sameLogs();
  console.log(`${state.messages.size} messages, ${2 * INBOX} unread at a bound of ${INBOX} after a cut`);
});

processTest("a quota counts what every node has accepted, and holds after a start of all", async () => {
  await awayFromMidnight();
  const limits = { ...QUICK.limits, storedBytes: 50_000 };
  await using cluster = await ClusterProcesses.start({ configuration: { limits } });
  const nodes = cluster.nodes;
  let total = 0;
  {
    await using first = await cluster.node(1).login("alice");
    for (; total < 20; total++) await first.expect("sendMessage", { to: "alice", content: "hey" }, "sent");
    await using second = await cluster.node(2).login("alice");
    await cluster.settled();
    total += await sendUntil(second, "alice", "quota");
    await cluster.settled();
    assertEquals(await sendUntil(first, "alice", "quota"), 0);
  }
  // Two logins have stored two tokens and an address.
  assertEquals(total, Math.floor((50_000 - 3 * 1_024) / 1_027));
  await cluster.settled();
  for (const node of nodes) await node.kill();
  await Promise.all(nodes.map((node) => node.start()));
  await cluster.settled();
  for (const node of nodes) {
    await using again = await node.login("alice");
    assertEquals(await sendUntil(again, "alice", "quota"), 0, node.name);
  }
});
