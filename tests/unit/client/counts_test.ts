import { assertEquals } from "@std/assert";
import { FakeClient, told, uuid } from "./fake_client.ts";

/** alice at a node that lags behind: it counts a message as unread that she has read at another one. */
function lagging(): FakeClient {
  const client = new FakeClient();
  client.login();
  client.open("bob", told(1, "bob", "alice", { status: "read" }));
  client.disconnect();
  client.connect("node2");
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 1 });
  chats(client, 1);
  client.reply("listMessages", "messages", { messages: [], more: false });
  client.reply("listMessages", "messages", { messages: [told(1, "bob", "alice")], more: false });
  return client;
}

function chats(client: FakeClient, unread: number): void {
  const last = told(1, "bob", "alice", { status: unread > 0 ? "unread" : "read" });
  client.reply("listChats", "chats", { chats: [{ with: "bob", unread, last }], more: false });
}

function read(client: FakeClient, ...ids: readonly number[]): void {
  const payload = { ids: ids.map(uuid), status: "read", by: "alice" } as const;
  client.give({ kind: "push", push: { name: "status", payload } });
}

Deno.test("a count of unread messages follows when the node learns that they are read", () => {
  const client = lagging();
  assertEquals(client.model.chats.with("bob").unread, 1);
  read(client, 1);
  chats(client, 0);
  assertEquals(client.model.chats.with("bob").unread, 0);
});

Deno.test("a count of unread messages follows when the node learns that they are deleted", () => {
  const client = lagging();
  client.give({ kind: "push", push: { name: "deleted", payload: { ids: [uuid(1)], by: "bob" } } });
  client.reply("listChats", "chats", { chats: [], more: false });
  assertEquals(client.model.chats.with("bob").unread, 0);
});

Deno.test("counts are asked for once more however many changes come meanwhile", () => {
  const client = lagging();
  for (let i = 0; i < 100; i++) read(client, 1, 50 + i);
  assertEquals(client.asked.map(({ name }) => name), ["listChats"]);
  chats(client, 1);
  assertEquals(client.asked.map(({ name }) => name), ["listChats"]);
  chats(client, 0);
  assertEquals(client.asked, []);
  assertEquals(client.model.chats.with("bob").unread, 0);
});
