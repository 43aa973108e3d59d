import { assertEquals } from "@std/assert";
import type { Chat } from "../../../client/core/chats.ts";
import { MESSAGES_KEPT } from "../../../client/core/messages.ts";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import { FakeClient, told, uuid } from "./fake_client.ts";

function readOne(number: number): ChatMessage {
  return told(number, "bob", "alice", { status: "read" });
}

function read(...numbers: readonly number[]): ChatMessage[] {
  return numbers.map(readOne);
}

function opened(more: boolean, ...numbers: readonly number[]): FakeClient {
  const client = new FakeClient();
  client.login();
  client.give({ kind: "openChat", with: "bob" });
  client.reply("listMessages", "messages", { messages: read(...numbers), more });
  client.said();
  return client;
}

function bob({ model }: FakeClient): Chat {
  return model.chats.with("bob");
}

/** Numbers of the messages without a gap before the newest. */
function shown(client: FakeClient): readonly number[] {
  return client.model.messages.history(bob(client)).map(({ id }) => Number(id.slice(-4)));
}

/** Asks for the page before the oldest of these messages. */
function older(client: FakeClient, more: boolean, ...numbers: readonly number[]): void {
  const before = client.model.messages.history(bob(client))[0]?.id;
  client.give({ kind: "history", with: "bob", count: 50, before });
  client.reply("listMessages", "messages", { messages: read(...numbers), more });
}

function backAgain(client: FakeClient): void {
  client.disconnect();
  client.connect();
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  client.reply("listChats", "chats", {
    chats: [{ with: "bob", unread: 0, last: readOne(99) }],
    more: false,
  });
  client.reply("listMessages", "messages", { messages: [], more: false });
}

Deno.test("older pages make a stretch longer, until the chat begins; what lies before it is not shown", () => {
  const client = opened(true, 10, 11);
  client.give({ kind: "history", with: "bob", count: 1, before: uuid(3) });
  client.reply("listMessages", "messages", { messages: read(2), more: true });
  assertEquals(shown(client), [10, 11]);
  older(client, true, 8, 9);
  client.push(told(12, "bob", "alice"));
  assertEquals(shown(client), [8, 9, 10, 11, 12]);
  assertEquals(bob(client).stretch?.from, told(8, "", "").timestamp);
  older(client, false, 1, 2);
  assertEquals(shown(client), [1, 2, 8, 9, 10, 11, 12]);
  assertEquals(bob(client).stretch?.from, -Infinity);
});

Deno.test("a page after a break that reaches back to the messages from before it joins them", () => {
  const client = opened(true, 10, 11);
  backAgain(client);
  client.reply("listMessages", "messages", { messages: read(11, 98, 99), more: true });
  assertEquals(shown(client), [10, 11, 98, 99]);
});

Deno.test("a page after a break that does not reach back leaves a gap, and begins a new stretch", () => {
  const client = opened(true, 10, 11);
  backAgain(client);
  client.reply("listMessages", "messages", { messages: read(98, 99), more: true });
  assertEquals(shown(client), [98, 99]);
  older(client, true, 11, 50);
  assertEquals(shown(client), [11, 50, 98, 99]);
});

Deno.test("a stretch that loses its oldest messages begins behind them", () => {
  const client = opened(false, 1, 2);
  for (let i = 3; i <= MESSAGES_KEPT + 2; i++) client.push(told(i, "bob", "alice", { status: "read" }));
  assertEquals([shown(client)[0], bob(client).stretch?.from], [3, told(3, "", "").timestamp]);
});

Deno.test("a message that was deleted while nobody was connected is hidden, and back if a node has it", () => {
  const client = opened(false, 10, 11, 12);
  const revision = bob(client).revision;
  backAgain(client);
  assertEquals(shown(client), [10, 11, 12, 99]);
  client.reply("listMessages", "messages", { messages: read(10, 12, 99), more: false });
  assertEquals(shown(client), [10, 12, 99]);
  assertEquals(bob(client).revision > revision, true);
  assertEquals(client.model.messages.get(uuid(11))?.content, "text 11");
  client.push(told(11, "bob", "alice", { status: "read" }));
  assertEquals(shown(client), [10, 11, 12, 99]);
  assertEquals(client.said().filter((line) => line.includes("text 11")), []);
});

Deno.test("a message that is told between a request and its page stays, though the page lacks it", () => {
  const client = opened(true, 10, 11);
  client.give({ kind: "openChat", with: "bob" });
  client.push(readOne(12));
  client.reply("listMessages", "messages", { messages: read(10, 11), more: true });
  assertEquals(shown(client), [10, 11, 12]);
  client.give({ kind: "openChat", with: "bob" });
  client.push(readOne(12));
  client.reply("listMessages", "messages", { messages: read(10, 11), more: true });
  assertEquals(shown(client), [10, 11, 12]);
  client.give({ kind: "openChat", with: "bob" });
  client.reply("listMessages", "messages", { messages: read(10, 11), more: true });
  assertEquals(shown(client), [10, 11]);
});

Deno.test("a message that is stored between a request and its page stays", () => {
  const client = opened(true, 10, 11);
  client.give({ kind: "send", to: "bob", text: "hi", id: uuid(12), timestamp: 5 });
  client.give({ kind: "history", with: "bob", count: 50 });
  client.reply("sendMessage", "sent", { id: uuid(12), timestamp: 1_700_000_012, copies: 1, nodes: 1 });
  client.reply("listMessages", "messages", { messages: read(10, 11), more: true });
  assertEquals(shown(client), [10, 11, 12]);
});

Deno.test("a message that is told between a request and its list of chats stays", () => {
  const client = opened(false, 10);
  client.give({ kind: "listChats", unreadOnly: false });
  client.push(readOne(11));
  client.push(told(1, "carol", "alice", { status: "read" }));
  const chats = [{ with: "bob", unread: 0, last: readOne(10) }];
  client.reply("listChats", "chats", { chats, more: false });
  assertEquals(shown(client), [10, 11]);
  assertEquals(client.model.messages.of(client.model.chats.with("carol")).length, 1);
});

Deno.test("a list of chats hides what a node does not have any more", () => {
  const client = opened(false, 10, 11);
  client.give({ kind: "listChats", unreadOnly: false });
  client.reply("listChats", "chats", {
    chats: [{ with: "bob", unread: 0, last: readOne(10) }],
    more: false,
  });
  assertEquals(shown(client), [10]);
  client.give({ kind: "listChats", unreadOnly: false });
  client.reply("listChats", "chats", { chats: [], more: false });
  assertEquals(shown(client), []);
});

Deno.test("a mark that a node could not set yet is set once it tells of the message, a few times", () => {
  const client = new FakeClient();
  client.login();
  client.push(told(1, "bob", "alice", { status: "delivered" }));
  client.give({ kind: "seen", ids: [uuid(1), uuid(1), uuid(2)] });
  client.give({ kind: "seen", ids: [uuid(1)] });
  const marks = client.asked.filter(({ name }) => name === "readMessages");
  assertEquals(marks, [{ name: "readMessages", payload: { with: "bob", ids: [uuid(1)] } }]);
  let asked = 0;
  while (client.asked[0]?.name === "readMessages") {
    asked++;
    client.reply("readMessages", "ok", { count: 0 });
    assertEquals(client.model.messages.get(uuid(1))?.status, "delivered");
    client.reply("listMessages", "messages", { messages: [told(1, "bob", "alice")], more: false });
  }
  assertEquals([asked, client.asked], [5, []]);
  client.give({
    kind: "push",
    push: { name: "status", payload: { ids: [uuid(1)], status: "read", by: "alice" } },
  });
  assertEquals(client.model.messages.get(uuid(1))?.status, "read");
});

Deno.test("a message that was deleted at a node which did not have it is deleted once it is there", () => {
  const client = new FakeClient();
  client.login();
  client.give({ kind: "deleteMessages", ids: [uuid(1)] });
  client.reply("deleteMessages", "ok", { count: 0 });
  client.said();
  client.push(told(1, "bob", "alice"));
  client.push(told(1, "bob", "alice"));
  assertEquals(client.asked, [{ name: "deleteMessages", payload: { ids: [uuid(1)] } }]);
  client.reply("deleteMessages", "ok", { count: 1 });
  assertEquals([client.said(), client.model.messages.size], [[], 0]);
});
