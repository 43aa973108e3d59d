import { assertEquals } from "@std/assert";
import { FakeClient, uuid } from "./fake_client.ts";
import { sending } from "./talking_client.ts";

/** Waits that the client has asked for, ms. */
function waits(client: FakeClient): readonly number[] {
  return client.effects.flatMap((each) => each.kind === "wakeUpAfter" ? [each.ms] : []);
}

/** Refuses a message as a node that has never heard of its account. */
function refuseUnheardOf(client: FakeClient): void {
  const payload = { code: "unavailable", message: "not known here", retryAfter: 1 } as const;
  client.reply("sendMessage", "error", payload);
  if (client.asked[0]?.name === "listChats") client.caughtUp();
}

/** Logs in again at a node. */
function backAt(client: FakeClient, node: string): void {
  client.disconnect("not known here");
  client.connect(node);
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
}

/** Moves of the client to another node. */
function moves(client: FakeClient): number {
  return client.effects.filter(({ kind }) => kind === "moveOn").length;
}

Deno.test("a message to an account that no node knows yet leaves each node once, then waits longer each time", () => {
  const client = new FakeClient();
  client.login();
  client.line("/msg carol one");
  for (const [node, left] of [["node1", 1], ["node2", 1], ["node1", 0]] as const) {
    if (node !== client.model.node?.name) backAt(client, node);
    client.effects.length = 0;
    refuseUnheardOf(client);
    assertEquals([node, moves(client), waits(client)], [node, left, left === 1 ? [] : [3_000]]);
  }
  for (const wait of [4_000, 5_000, 5_000]) {
    assertEquals(client.asked, []);
    client.give({ kind: "wakeUp" });
    client.effects.length = 0;
    refuseUnheardOf(client);
    assertEquals(waits(client), [wait]);
  }
  client.line("/msg carol two");
  client.effects.length = 0;
  refuseUnheardOf(client);
  assertEquals(moves(client), 0);
  client.give({ kind: "wakeUp" });
  for (const id of [uuid(101), uuid(102)]) {
    assertEquals(client.reply("sendMessage", "sent", { id, timestamp: 1, copies: 1, nodes: 2 }), {
      name: "sendMessage",
      payload: { to: "carol", content: id === uuid(101) ? "one" : "two", id },
    });
  }
  assertEquals([client.asked, client.model.pending.size], [[], 0]);
  client.line("/msg carol three");
  refuseUnheardOf(client);
  assertEquals(moves(client), 1);
});

Deno.test("a message that was refused on the connection before is sent once on the next", () => {
  const client = new FakeClient();
  client.login();
  client.line("/msg carol one");
  refuseUnheardOf(client);
  backAt(client, "node2");
  client.give({ kind: "wakeUp" });
  assertEquals(sending(client).length, 1);
});

Deno.test("a script gives a message up that no node can take for long", () => {
  const client = new FakeClient({ script: true, receives: false });
  client.login();
  client.give({ kind: "send", to: "carol", text: "hi", id: uuid(1), timestamp: 1 });
  refuseUnheardOf(client);
  backAt(client, "node2");
  refuseUnheardOf(client);
  backAt(client, "node1");
  for (let attempt = 3; attempt <= 10; attempt++) {
    refuseUnheardOf(client);
    client.give({ kind: "wakeUp" });
  }
  assertEquals([client.asked, client.model.messages.get(uuid(1))?.status], [[], "failed"]);
});
