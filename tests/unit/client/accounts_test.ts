import { assertEquals } from "@std/assert";
import { FakeClient, told, uuid } from "./fake_client.ts";
import { ALICE, BOB, PASSED_ON, resume, sending, STRANGER, talking, user } from "./talking_client.ts";

Deno.test("the features that both know are asked for before the login, at every node that has some", () => {
  const client = new FakeClient();
  client.give({ kind: "start", user: "alice" });
  const nodes = [["cluster-state", "account-ids", "later"], undefined, ["later"]];
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
      const sent = { id: uuid(101), timestamp: 1, copies: 1, nodes: 1, account: BOB };
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
  assertEquals(client.said(), [
    "-- bob is called bob~node2 now",
    "#a3 bob~node2> text 8",
    "arrived from bob~node2",
  ]);
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

Deno.test("two chats that become one keep the drafts of both, and a text that is in both once", () => {
  for (const [bob, bobby, wanted] of [["a", "b", "a\nb"], ["a", "", "a"], ["", "b", "b"], ["a", "a", "a"]]) {
    const client = talking();
    const { chats } = client.model;
    client.line("/msg bobby hi");
    client.give({ kind: "draft", chat: chats.with("bob"), text: bob ?? "" });
    client.give({ kind: "draft", chat: chats.with("bobby"), text: bobby ?? "" });
    client.reply("sendMessage", "sent", { id: uuid(102), timestamp: 1, copies: 1, nodes: 1, account: BOB });
    assertEquals(chats.drafted.map(({ name, draft }) => [name, draft]), [["bobby", wanted]]);
  }
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

Deno.test("a chat that was opened by a name stays open when it turns out whose it is", () => {
  const client = talking();
  client.line("/chat bobby");
  client.reply("listMessages", "messages", { messages: [], more: false });
  const users = [{ name: "bobby", unread: 0, online: true, account: BOB }];
  client.reply("listUsers", "users", { users, more: false });
  assertEquals(client.prompt, "bobby> ");
  client.line("hello");
  assertEquals(sending(client), [{ to: "bobby", content: "hello", id: uuid(103), account: BOB }]);
  client.push(told(3, "bob", "alice", { senderAccount: STRANGER }));
  assertEquals(client.prompt, "bobby [1 unread: bob 1]> ");
});

Deno.test("two accounts that change their names in turn keep their chats", () => {
  const client = talking();
  client.push(told(3, "bob~node2", "alice", { senderAccount: STRANGER }));
  client.push(told(4, "bob", "alice", { senderAccount: STRANGER }));
  client.push(told(5, "bob~node2", "alice", { senderAccount: BOB }));
  assertEquals(client.said().filter((line) => line.startsWith("--")), [
    PASSED_ON,
    "-- bob~node2 is called bob now",
    "-- bob is called bob~node2 now",
  ]);
  assertEquals(client.prompt, "bob~node2 [2 unread: bob 2]> ");
});

Deno.test("a user without a chat is gone: the name is completed no more, unless it is somebody else's", () => {
  for (const account of [BOB, STRANGER]) {
    const client = new FakeClient();
    client.features = ["account-ids"];
    client.login();
    client.line("/users");
    const users = [{ name: "bob", unread: 0, online: false, account: BOB }];
    client.reply("listUsers", "users", { users, more: false });
    user(client, { name: "bob", change: "deleted", account });
    assertEquals([...client.model.names.values()], account === BOB ? ["alice"] : ["alice", "bob"]);
  }
});

Deno.test("the chat with oneself goes by the own name, also a new one", () => {
  const client = talking();
  client.push(told(7, "alice", "alice", { status: "read", senderAccount: ALICE, recipientAccount: ALICE }));
  client.disconnect();
  client.connect("node2");
  client.reply("resume", "loginSuccess", { name: "alice~node2", token: "t", unread: 0, account: ALICE });
  assertEquals(client.model.chats.of(ALICE)?.name, "alice~node2");
  assertEquals(client.model.chats.named("alice"), undefined);
});

Deno.test("the own account has its new name in what it has written", () => {
  const client = talking();
  client.line("hello");
  user(client, { name: "alice", change: "renamed", to: "alice~node2", account: ALICE });
  const renamed = "-- your account is called alice~node2 now: somebody else had the name alice before";
  assertEquals(client.said().at(-1), renamed);
  assertEquals(client.model.messages.get(uuid(102))?.sender, "alice~node2");
  assertEquals(client.prompt, "bob> ");
});
