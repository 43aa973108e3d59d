import { assertEquals } from "@std/assert";
import { jsonLine } from "../../../client/terminal/display/json_line.ts";
import type { Push } from "../../../common/protocol/pushes.ts";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import { FakeClient, told, uuid } from "./fake_client.ts";

const BOB = "b0b1";
const STRANGER = "b0b2";
const ALICE = "a11ce";

const HELD = (id: string): string =>
  `!! #${id} to bob is held: the account bob that it is meant for is gone, and whoever is called bob now is ` +
  `somebody else; /anyway #${id} sends it to them, /delete #${id} drops it`;
const PASSED_ON =
  "-- whoever is called bob now is somebody else than before; messages meant for the former bob do not go there";

/** A message of an account called bob, that was read before. */
function fromBob(number: number, senderAccount: string): ChatMessage {
  return told(number, "bob", "alice", { status: "read", senderAccount, recipientAccount: ALICE });
}

/** alice in a chat with bob, whose account is known, at a node with account ids. */
function talking(script = false): FakeClient {
  const client = new FakeClient({ script });
  client.features = ["account-ids", "of-the-future"];
  client.login();
  client.open("bob", fromBob(1, BOB));
  client.said();
  return client;
}

/** Back at a node; messages that were queued are asked for right away. */
function resume(client: FakeClient, name = "alice"): void {
  client.connect("node2");
  client.reply("resume", "loginSuccess", {
    name,
    token: "t",
    unread: 0,
    ...(client.features === undefined ? {} : { account: ALICE }),
  });
}

function user(client: FakeClient, payload: Extract<Push, { name: "user" }>["payload"]): void {
  client.give({ kind: "push", push: { name: "user", payload } });
}

/** Payloads of the messages that are under way. */
function sending(client: FakeClient): readonly unknown[] {
  return client.asked.filter(({ name }) => name === "sendMessage").map(({ payload }) => payload);
}

/** alice is offline with a message for bob, whose name goes to a stranger meanwhile. */
function changed(script = false): FakeClient {
  const client = talking(script);
  client.disconnect();
  client.line("for bob's eyes");
  resume(client);
  client.said();
  client.refuse("sendMessage", "recipient-changed");
  return client;
}

Deno.test("the features that both know are asked for before the login, at every node that has some", () => {
  const client = new FakeClient();
  client.give({ kind: "start", user: "alice" });
  const nodes = [["cluster-state", "account-ids", "web"], undefined, ["web"]];
  const asked = nodes.map((features) => {
    const before = client.asked.length;
    const welcome = { version: 2, server: "s", node: "node1", cluster: "c", nodes: [], limits: new Map() };
    client.give({ kind: "connected", welcome: features === undefined ? welcome : { ...welcome, features } });
    const names = client.asked.slice(before);
    client.disconnect();
    return names.find(({ name }) => name === "useFeatures")?.payload;
  });
  assertEquals(asked, [{ use: ["account-ids", "cluster-state"] }, undefined, undefined]);
});

Deno.test("a message for an account that is known names it, at nodes that understand that", () => {
  const client = talking();
  client.line("one");
  const request = client.reply("sendMessage", "sent", {
    id: uuid(102),
    timestamp: 1,
    copies: 1,
    nodes: 1,
    account: BOB,
  });
  assertEquals(request.payload, { to: "bob", content: "one", id: uuid(102), account: BOB });
  client.disconnect();
  client.line("two");
  client.features = undefined;
  resume(client);
  assertEquals(sending(client), [{ to: "bob", content: "two", id: uuid(103) }]);
  client.disconnect();
  client.features = ["account-ids"];
  resume(client);
  assertEquals(sending(client), [{ to: "bob", content: "two", id: uuid(103), account: BOB }]);
});

Deno.test("lists, replies and pushes tell accounts", () => {
  const tell: readonly ((client: FakeClient) => void)[] = [
    (client) => {
      client.line("/users");
      const users = [{ name: "Bob", unread: 0, online: false, account: BOB }];
      client.reply("listUsers", "users", { users, more: false });
    },
    (client) => {
      client.line("/chats");
      const chats = [{ with: "bob", unread: 0, last: told(1, "bob", "alice"), account: BOB }];
      client.reply("listChats", "chats", { chats, more: false });
    },
    (client) => user(client, { name: "bob", change: "created", account: BOB }),
    (client) => client.push(told(1, "alice", "bob", { recipientAccount: BOB, status: "read" })),
    (client) => {
      client.line("/msg bob zero");
      const sent = { id: uuid(102), timestamp: 1, copies: 1, nodes: 1, account: BOB };
      client.reply("sendMessage", "sent", sent);
    },
  ];
  for (const each of tell) {
    const client = new FakeClient();
    client.features = ["account-ids"];
    client.login();
    each(client);
    client.line("/msg bob hello");
    const [payload] = sending(client) as { account?: string }[];
    assertEquals(payload?.account, BOB, `${each}`);
  }
});

Deno.test("a message for a name is bound to the account that has become known before it is sent", () => {
  const client = new FakeClient();
  client.features = ["account-ids"];
  client.login();
  client.disconnect();
  client.line("/msg bob hello");
  client.connect("node2");
  client.push(told(1, "bob", "alice", { senderAccount: BOB }));
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  assertEquals(sending(client), [{ to: "bob", content: "hello", id: uuid(101), account: BOB }]);
});

Deno.test("a message whose recipient has changed is held, and the person is asked", () => {
  const client = changed();
  assertEquals(client.said(), ["refresh", HELD("a2")]);
  assertEquals(client.prompt, "bob (gone) [1 held]> ");
  assertEquals(client.model.messages.get(uuid(102))?.status, "held");
  client.line("/status");
  assertEquals(client.said().includes("held: 1 message; the mark ? is on their lines"), true);
});

Deno.test("a held message is not sent by itself: not after a break, a login, or at a node without accounts", () => {
  const client = changed();
  for (const features of [["account-ids"], undefined, ["account-ids"]]) {
    client.disconnect();
    assertEquals(client.prompt, "offline: bob (gone) (reconnecting, 1 held)> ");
    client.features = features;
    resume(client);
    client.push(told(7, "bob", "alice", features === undefined ? {} : { senderAccount: STRANGER }));
    client.give({ kind: "wakeUp" });
    assertEquals(sending(client), []);
  }
  client.disconnect();
  client.connect("node2");
  client.reply("resume", "loginFailed", null);
  client.reply("startLogin", "userExisting", null);
  client.give({ kind: "answer", text: "password" });
  client.reply("finishLogin", "loginSuccess", { name: "alice", token: "t", unread: 0, account: ALICE });
  assertEquals(sending(client), []);
  assertEquals(client.model.messages.get(uuid(102))?.content, "for bob's eyes");
});

Deno.test("/anyway sends a held message to whoever has the name now, once", () => {
  const client = changed();
  client.push(told(7, "bob", "alice", { senderAccount: STRANGER }));
  client.said();
  client.line("/anyway a2");
  assertEquals(sending(client), [
    { to: "bob", content: "for bob's eyes", id: uuid(103), account: STRANGER },
  ]);
  assertEquals(client.said(), ["refresh", "#a4 .  alice to bob> for bob's eyes"]);
  for (const line of ["/anyway a2", "/anyway a1", "/anyway z9", "/anyway", "/anyway a2 a1"]) {
    client.line(line);
  }
  assertEquals(client.said(), [
    "!! #a2 is not held, so there is nothing to send again",
    "!! #a1 is not held, so there is nothing to send again",
    "!! there is no message z9; its short id is on its line, such as #a1",
    "!! which message?; usage: /anyway #ID",
    "!! one message at a time; usage: /anyway #ID",
  ]);
  assertEquals([client.prompt, sending(client).length], ["bob (gone) [1 unread: bob 1]> ", 1]);
});

Deno.test("/delete drops a held message without asking a node", () => {
  const client = changed();
  const asked = client.asked.length;
  client.line("/delete #a2");
  assertEquals([client.prompt, client.asked.length], ["bob (gone)> ", asked]);
  assertEquals(client.model.messages.get(uuid(102))?.content, "");
});

Deno.test("held messages are counted where they are lost: at the end, and with the account", () => {
  const client = changed();
  client.said();
  client.line("/quit");
  assertEquals(client.said(), ["!! not sent: 1 held message", "leave 3"]);
  client.caughtUp();
  client.reply("listMessages", "messages", { messages: [], more: false });
  client.line("/login carol");
  client.reply("startLogin", "userExisting", null);
  client.give({ kind: "answer", text: "password" });
  client.reply("finishLogin", "loginSuccess", { name: "carol", token: "t", unread: 0, account: "ca201" });
  assertEquals(client.said().includes("!! not sent: 1 held message of alice"), true);
});

Deno.test("in a script a held message is data with that status, and an error", () => {
  const client = changed(true);
  const shown = client.effects.flatMap((each) => each.kind === "show" ? jsonLine(each.item) : []);
  assertEquals(shown.map((line) => JSON.parse(line)).map(({ event, to, status }) => [event, to, status]), [
    ["message", "bob", "held"],
  ]);
  assertEquals(client.said().at(-1), HELD("a2"));
});

Deno.test("the chat of a deleted bob stays his: a new bob is outside, and a line for the old one is held", () => {
  const client = talking();
  user(client, { name: "bob", change: "deleted", account: BOB });
  assertEquals(client.prompt, "bob (gone)> ");
  client.push(told(7, "bob", "alice", { senderAccount: STRANGER }));
  client.said();
  assertEquals(client.asked.map(({ name }) => name), ["confirmDelivery"]);
  assertEquals(client.prompt, "bob (gone) [1 unread: bob 1]> ");
  client.line("are you there?");
  client.line("/r hi");
  assertEquals(client.said(), [
    "#a3 .  alice> are you there?",
    "refresh",
    HELD("a3"),
    "-- to bob",
    "#a4 .  alice to bob> hi",
  ]);
  assertEquals(sending(client), [{ to: "bob", content: "hi", id: uuid(103), account: STRANGER }]);
  for (const line of ["/history", "/more", "/read"]) client.line(line);
  const gone = "!! the account bob of this chat is gone; /chat USER chooses another chat";
  assertEquals(client.said(), [gone, gone, gone]);
  client.line("/chat bob");
  assertEquals(client.prompt, "bob [1 held] [1 unread: bob 1]> ".replace(" [1 unread: bob 1]", ""));
});

Deno.test("a bob who is deleted while messages wait for him: they are held, at any node", () => {
  for (const features of [["account-ids"], undefined]) {
    const client = new FakeClient();
    client.features = features;
    client.login();
    client.open("bob", fromBob(1, BOB));
    client.line("under way");
    client.refuse("sendMessage", "busy");
    client.line("under way, too");
    user(client, { name: "bob", change: "deleted", ...(features && { account: BOB }) });
    client.said();
    client.refuse("sendMessage", "unknown-user");
    client.give({ kind: "wakeUp" });
    assertEquals(client.said(), ["refresh", HELD("a3"), "refresh", HELD("a2")]);
    assertEquals(sending(client), []);
  }
});

Deno.test("a name that has passed on is told of once, whoever tells it first", () => {
  const client = talking();
  client.disconnect();
  client.line("for bob's eyes");
  client.connect("node2");
  client.push(told(7, "bob", "alice", { senderAccount: STRANGER }));
  assertEquals(client.said().filter((line) => line === PASSED_ON), [PASSED_ON]);
  client.push(told(8, "bob", "alice", { senderAccount: STRANGER }));
  assertEquals(client.said().includes(PASSED_ON), false);
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0, account: ALICE });
  assertEquals(sending(client), []);
  assertEquals(client.model.messages.get(uuid(102))?.status, "held");
});

Deno.test("queue, chat and unread count follow an account to its new name", () => {
  const client = talking();
  client.push(told(3, "dan", "alice", { senderAccount: "dan1" }));
  client.disconnect();
  client.line("for the first bob");
  client.connect("node2");
  user(client, { name: "bob", change: "renamed", to: "bob~node2", account: BOB });
  user(client, { name: "dan", change: "renamed", to: "dan~node2", account: "dan1" });
  client.push(told(7, "bob", "alice", { senderAccount: STRANGER }));
  assertEquals(client.said().includes(PASSED_ON), false);
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0, account: ALICE });
  assertEquals(sending(client), [
    { to: "bob~node2", content: "for the first bob", id: uuid(102), account: BOB },
  ]);
  assertEquals(client.prompt, "bob~node2 [2 unread: dan~node2 1, bob 1]> ");
});

Deno.test("an account that turns up under another name takes its chat along, though nobody told of it", () => {
  const client = talking();
  client.push(told(7, "bob", "alice", { senderAccount: STRANGER }));
  assertEquals(client.prompt, "bob (gone) [1 unread: bob 1]> ");
  client.said();
  client.push(told(8, "bob~node2", "alice", { senderAccount: BOB }));
  assertEquals(client.said(), ["-- bob is called bob~node2 now", "#a3 bob~node2> text 8"]);
  assertEquals(client.prompt, "bob~node2 [1 unread: bob 1]> ");
});

Deno.test("a chat that was begun by a name becomes one with the chat of the account", () => {
  const client = talking();
  client.line("/msg bobby hi");
  assertEquals(client.model.chats.all.map(({ name }) => name), ["bob", "bobby"]);
  client.reply("sendMessage", "sent", { id: uuid(102), timestamp: 1, copies: 1, nodes: 1, account: BOB });
  assertEquals(client.model.chats.all.map(({ name }) => name), ["bobby"]);
  assertEquals(client.model.messages.get(uuid(102))?.chat === client.model.focus, true);
  assertEquals(client.prompt, "bobby> ");
});

Deno.test("a chat without messages asks for the account that has the name", () => {
  const client = new FakeClient();
  client.features = ["account-ids"];
  client.login();
  client.line("/chat bob");
  client.reply("listMessages", "messages", { messages: [], more: false });
  const users = [{ name: "bob", unread: 0, online: true, account: BOB }];
  const request = client.reply("listUsers", "users", { users, more: false });
  assertEquals(request.payload, { match: "bob", limit: 1 });
  client.line("hello");
  assertEquals(sending(client), [{ to: "bob", content: "hello", id: uuid(102), account: BOB }]);
  client.line("/chat bob");
  client.line("/chat b*b");
  assertEquals(client.asked.filter(({ name }) => name === "listUsers"), []);
});

Deno.test("the end of an account that had the name before does not touch the one that has it now", () => {
  const client = talking();
  user(client, { name: "bob", change: "deleted", account: STRANGER });
  assertEquals(client.said(), ["-- the account bob was deleted, with every message from and to it"]);
  client.line("still there?");
  assertEquals(sending(client), [{ to: "bob", content: "still there?", id: uuid(102), account: BOB }]);
});

Deno.test("a renamed user whose account is told with the new name only keeps the chat", () => {
  const client = new FakeClient();
  client.features = ["account-ids"];
  client.login();
  client.open("bob");
  user(client, { name: "bob", change: "renamed", to: "bob~node2", account: BOB });
  client.line("hello");
  assertEquals(sending(client), [{ to: "bob~node2", content: "hello", id: uuid(102), account: BOB }]);
});

Deno.test("/chat with an account that is gone leaves what waits for it held", () => {
  const client = talking();
  client.line("/chat bob");
  client.refuse("listMessages", "unknown-user");
  assertEquals(client.prompt, "(no chat)> ");
  assertEquals(client.model.chats.all, []);
});

Deno.test("a node that lags behind does not bring a deleted account back", () => {
  const client = talking();
  user(client, { name: "bob", change: "deleted", account: BOB });
  client.line("/users");
  const users = [{ name: "bob", unread: 0, online: false, account: BOB }];
  client.reply("listUsers", "users", { users, more: false });
  client.line("still for the old one");
  assertEquals([client.prompt, sending(client)], ["bob (gone) [1 held]> ", []]);
});

Deno.test("/read waits after a break until it is told who has the name, and is dropped if it is another", () => {
  for (const account of [BOB, STRANGER]) {
    const client = talking();
    client.disconnect();
    client.line("/read");
    resume(client);
    assertEquals(client.asked.map(({ name }) => name), ["listChats", "listMessages", "listMessages"]);
    const chats = [{ with: "bob", unread: 1, last: told(7, "bob", "alice"), account }];
    client.reply("listChats", "chats", { chats, more: false });
    const reads = client.asked.filter(({ name }) => name === "readMessages");
    assertEquals(reads.map(({ payload }) => payload), account === BOB ? [{ with: "bob" }] : []);
  }
});

Deno.test("marks as read of an account follow it to its new name", () => {
  const client = talking();
  client.push(told(2, "bob", "alice", { senderAccount: BOB }));
  client.disconnect();
  client.connect("node2");
  user(client, { name: "bob", change: "renamed", to: "bob~node2", account: BOB });
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0, account: ALICE });
  assertEquals(client.asked.find(({ name }) => name === "readMessages")?.payload, {
    with: "bob~node2",
    ids: [uuid(2)],
  });
});

Deno.test("an own account of another id is another account, though it has the name", () => {
  const client = talking();
  client.disconnect();
  client.line("of the first alice");
  resume(client);
  client.reply("sendMessage", "error", { code: "not-logged-in", message: "who are you?" });
  client.reply("listChats", "chats", { chats: [], more: false });
  client.reply("listMessages", "messages", { messages: [], more: false });
  client.reply("listMessages", "messages", { messages: [], more: false });
  client.reply("startLogin", "userExisting", null);
  client.give({ kind: "answer", text: "password" });
  client.said();
  client.reply("finishLogin", "loginSuccess", { name: "alice", token: "t", unread: 0, account: "other" });
  assertEquals(client.said()[0], "!! not sent: 1 queued message of alice");
  assertEquals(sending(client), []);
});
