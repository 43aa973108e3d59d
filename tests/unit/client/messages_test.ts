import { assertEquals } from "@std/assert";
import { MESSAGES_KEPT } from "../../../client/core/messages.ts";
import { FakeClient, told, uuid } from "./fake_client.ts";

Deno.test("a line goes to the chat, and its mark follows its status", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.line("hello");
  assertEquals(client.said(), ["#a1 .  alice> hello"]);
  const request = client.reply("sendMessage", "sent", { id: uuid(102), timestamp: 1, copies: 1, nodes: 1 });
  assertEquals(request.payload, { to: "bob", content: "hello", id: uuid(102) });
  for (const status of ["delivered", "read", "delivered"] as const) {
    client.give({ kind: "push", push: { name: "status", payload: { ids: [uuid(102)], status, by: "bob" } } });
  }
  assertEquals(client.model.messages.get(uuid(102))?.status, "read");
  assertEquals(client.said(), ["refresh", "refresh", "refresh"]);
});

Deno.test("a slash twice sends one, and an unknown command sends nothing", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.line("//shrug");
  client.line("/shrug");
  client.line("/");
  assertEquals(client.asked.map((each) => each.payload), [{ to: "bob", content: "/shrug", id: uuid(102) }]);
  assertEquals(client.said(), [
    "#a1 .  alice> /shrug",
    "!! there is no command /shrug; /help lists the commands",
    "!! there is no command /; /help lists the commands",
  ]);
});

Deno.test("a line without a chat is not sent", () => {
  const client = new FakeClient();
  client.login();
  client.line("hello");
  assertEquals(client.asked, []);
  assertEquals(client.said(), ["!! no chat is chosen, so this was not sent; /chat USER chooses one"]);
});

Deno.test("only what is shown in the focused chat is read; everything shown is delivered", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.push(told(1, "bob", "alice"));
  client.push(told(2, "carol", "alice"));
  assertEquals(client.asked, [
    { name: "confirmDelivery", payload: { ids: [uuid(1)] } },
    { name: "readMessages", payload: { with: "bob", ids: [uuid(1)] } },
    { name: "confirmDelivery", payload: { ids: [uuid(2)] } },
  ]);
  assertEquals(client.said(), [
    "#a1 bob> text 1",
    "arrived from bob",
    "#a2 carol> text 2",
    "arrived from carol",
  ]);
  assertEquals(client.prompt, "bob [1 unread: carol 1]> ");
  assertEquals(client.model.focus?.name, "bob");
});

Deno.test("what comes while nobody looks is read with the next look", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.look(false);
  client.push(told(1, "bob", "alice"));
  client.push(told(2, "carol", "alice"));
  assertEquals(client.asked.map((each) => each.name), ["confirmDelivery", "confirmDelivery"]);
  client.look(true);
  client.look(true);
  assertEquals(client.asked.slice(2), [{ name: "readMessages", payload: { with: "bob", ids: [uuid(1)] } }]);
});

Deno.test("choosing a chat shows it and reads it", () => {
  const client = new FakeClient();
  client.login();
  client.push(told(1, "carol", "alice"));
  client.reply("confirmDelivery", "ok", { count: 1 });
  client.said();
  client.line("/c carol");
  client.reply("listMessages", "messages", {
    messages: [told(1, "carol", "alice", { status: "delivered" })],
    more: false,
  });
  assertEquals(client.said(), ["refresh", "-- chat with carol", "#a1 carol> text 1"]);
  assertEquals(client.reply("readMessages", "ok", { count: 1 }).payload, { with: "carol", ids: [uuid(1)] });
  assertEquals(client.prompt, "carol> ");
});

Deno.test("a chat with nobody is no chat, and nothing typed meanwhile goes to the one before", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.line("/chat nobdoy");
  client.line("hello");
  client.refuse("listMessages", "unknown-user");
  client.refuse("sendMessage", "unknown-user");
  assertEquals(client.prompt, "bob> ");
  assertEquals(client.model.messages.get(uuid(103))?.recipient, "nobdoy");
  assertEquals(client.model.messages.get(uuid(103))?.status, "failed");
});

Deno.test("a message is shown once, however often it comes", () => {
  const client = new FakeClient();
  client.login();
  client.push(told(1, "bob", "alice"));
  client.push(told(1, "bob", "alice"));
  client.disconnect();
  client.connect();
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 1 });
  const bob = { with: "bob", unread: 2, last: told(2, "bob", "alice") };
  client.reply("confirmDelivery", "ok", { count: 1 });
  client.reply("listChats", "chats", { chats: [bob], more: false });
  client.reply("listMessages", "messages", {
    messages: [told(1, "bob", "alice"), told(2, "bob", "alice")],
    more: false,
  });
  assertEquals(client.said().filter((line) => line.includes("bob>")), ["#a1 bob> text 1", "#a2 bob> text 2"]);
  assertEquals(client.prompt, "(no chat) [2 unread: bob 2]> ");
});

Deno.test("undelivered messages are fetched page by page", () => {
  const client = new FakeClient();
  client.connect();
  client.give({ kind: "start", user: "alice" });
  client.reply("startLogin", "userExisting", null);
  client.give({ kind: "answer", text: "password" });
  client.reply("finishLogin", "loginSuccess", { name: "alice", token: "t", unread: 2 });
  client.reply("listChats", "chats", { chats: [], more: false });
  client.reply("listMessages", "messages", { messages: [told(1, "bob", "alice")], more: true });
  client.reply("listUsers", "users", { users: [], more: false });
  client.reply("confirmDelivery", "ok", { count: 1 });
  client.reply("listMessages", "messages", { messages: [told(2, "carol", "alice")], more: false });
  assertEquals(client.asked, [{ name: "confirmDelivery", payload: { ids: [uuid(2)] } }]);
});

Deno.test("a page of undelivered messages without anything new is the last", () => {
  const client = new FakeClient();
  client.login();
  client.push(told(1, "bob", "alice"));
  client.reply("confirmDelivery", "ok", { count: 1 });
  client.disconnect();
  client.connect();
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 1 });
  client.reply("listChats", "chats", { chats: [], more: false });
  client.reply("listMessages", "messages", { messages: [told(1, "bob", "alice")], more: true });
  assertEquals(client.asked, []);
});

Deno.test("what was deleted stays deleted", () => {
  const client = new FakeClient();
  client.login();
  client.push(told(1, "bob", "alice"));
  const ids = [uuid(1), uuid(2)];
  client.give({ kind: "push", push: { name: "deleted", payload: { ids, by: "bob" } } });
  client.push(told(2, "bob", "alice"));
  client.push(told(1, "bob", "alice"));
  assertEquals(client.model.messages.get(uuid(1))?.content, "");
  assertEquals(client.said().filter((line) => line.includes("bob>")), ["#a1 bob> text 1"]);
  assertEquals(client.prompt, "(no chat)> ");
});

Deno.test("/delete takes short ids, and refuses what it does not know", () => {
  const client = new FakeClient();
  client.login();
  client.push(told(1, "bob", "alice"));
  client.push(told(2, "bob", "alice"));
  client.reply("confirmDelivery", "ok", { count: 1 });
  client.reply("confirmDelivery", "ok", { count: 1 });
  client.said();
  client.line("/delete #a1 a2 #a1");
  assertEquals(client.reply("deleteMessages", "ok", { count: 1 }).payload, { ids: [uuid(1), uuid(2)] });
  client.line("/delete #z9");
  assertEquals(client.said(), [
    "refresh",
    "!! deleted: 1 of 2 messages; the others are not there any more",
    "!! there is no message #z9; its short id is on its line, such as #a1",
  ]);
});

Deno.test("/reply goes to whoever wrote last and does not change the chat", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.line("/r nobody wrote");
  client.push(told(1, "carol", "alice"));
  client.reply("confirmDelivery", "ok", { count: 1 });
  client.said();
  client.line("/reply hi carol");
  assertEquals(client.said(), ["-- to carol", "#a2 .  alice to carol> hi carol"]);
  assertEquals(client.model.focus?.name, "bob");
});

Deno.test("/history and /more page backwards", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob", told(10, "bob", "alice", { status: "read" }));
  client.line("/more");
  const before = client.reply("listMessages", "messages", {
    messages: [told(9, "bob", "alice", { status: "read" })],
    more: false,
  });
  assertEquals(before.payload, { with: "bob", limit: 20, before: uuid(10) });
  client.line("/more");
  assertEquals(client.asked.at(-1)?.payload, { with: "bob", limit: 20, before: uuid(9) });
  client.reply("listMessages", "messages", { messages: [], more: false });
  client.line("/history 2 before #a1");
  assertEquals(client.asked.at(-1)?.payload, { with: "bob", limit: 2, before: uuid(10) });
});

Deno.test("/history asks for more pages than one", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.line("/history 600");
  const page = (from: number, count: number): ReturnType<typeof told>[] =>
    Array.from({ length: count }, (_, i) => told(from + i, "bob", "alice", { status: "read" }));
  client.reply("listMessages", "messages", { messages: page(200, 500), more: true });
  assertEquals(client.asked.at(-1)?.payload, { with: "bob", limit: 100, before: uuid(200) });
  client.reply("listMessages", "messages", { messages: page(100, 100), more: true });
  assertEquals(client.said().filter((line) => line.includes("bob>")).length, 600);
});

Deno.test("a deleted account takes its messages and the chat along", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob", told(1, "bob", "alice", { status: "read" }));
  client.give({ kind: "push", push: { name: "user", payload: { name: "bob", change: "deleted" } } });
  assertEquals(client.said(), [
    "refresh",
    "-- the account bob was deleted, with every message from and to it",
  ]);
  assertEquals([client.prompt, client.model.messages.get(uuid(1))?.content], ["bob (gone)> ", ""]);
});

Deno.test("a renamed user keeps the chat", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  const payload = { name: "bob", change: "renamed", to: "bob~node2" } as const;
  client.give({ kind: "push", push: { name: "user", payload } });
  assertEquals(client.prompt, "bob~node2> ");
});

Deno.test("a session that lasts remembers only so many messages", () => {
  const client = new FakeClient({ script: true });
  client.login();
  const more = 100;
  for (let i = 1; i <= MESSAGES_KEPT + more; i++) client.push(told(i, "bob", "alice"));
  assertEquals(client.model.messages.size, MESSAGES_KEPT);
  assertEquals([client.model.messages.has(uuid(more)), client.model.messages.has(uuid(more + 1))], [
    false,
    true,
  ]);
});

Deno.test("a long history is confirmed in parts that a request can take", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.line("/history 1500");
  for (const from of [1000, 500, 0]) {
    const messages = Array.from({ length: 500 }, (_, i) => told(from + i, "bob", "alice"));
    client.reply("listMessages", "messages", { messages, more: from > 0 });
  }
  const ids = client.asked.map((
    each,
  ) => [each.name, "ids" in (each.payload ?? {}) && (each.payload as Ids).ids.length]);
  assertEquals(ids, [
    ["confirmDelivery", 1_000],
    ["confirmDelivery", 500],
    ["readMessages", 1_000],
    ["readMessages", 500],
  ]);
});

interface Ids {
  readonly ids: readonly string[];
}
