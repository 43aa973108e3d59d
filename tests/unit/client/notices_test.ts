import { assertEquals } from "@std/assert";
import type { Failure } from "../../../client/core/failures.ts";
import type { Notice } from "../../../client/core/notices.ts";
import { FakeClient, told, uuid } from "./fake_client.ts";

/** Notices and failures of the core since the last call. */
function toldOf(client: FakeClient): readonly (Notice | Failure)[] {
  return client.effects.splice(0).flatMap((effect) => {
    if (effect.kind === "notice") return effect.notice;
    return effect.kind === "failure" ? effect.failure : [];
  });
}

function loggedIn(): FakeClient {
  const client = new FakeClient();
  client.login();
  return client;
}

Deno.test("a login tells who is logged in where, and of the chats with unread messages", () => {
  const client = new FakeClient();
  client.connect();
  client.give({ kind: "start", user: "alice" });
  client.reply("startLogin", "userExisting", null);
  client.give({ kind: "answer", text: "wrong" });
  client.reply("finishLogin", "loginFailed", null);
  client.give({ kind: "answer", text: "password" });
  client.reply("finishLogin", "loginSuccess", { name: "alice~node2", token: "t", unread: 3 });
  const chat = { with: "bob", unread: 3, last: told(1, "bob", "alice") };
  client.reply("listChats", "chats", { chats: [chat], more: true });
  assertEquals(toldOf(client), [
    { kind: "passwordWrong", name: "alice", final: false },
    { kind: "accountRenamed", from: "alice", to: "alice~node2" },
    { kind: "loggedIn", name: "alice~node2", node: "node1" },
    { kind: "unreadChats", chats: [{ with: "bob", unread: 3 }] },
  ]);
});

Deno.test("a login that does not work tells why, and the client leaves for that", () => {
  const client = new FakeClient({ creates: false });
  client.connect();
  client.give({ kind: "start", user: "alice" });
  client.reply("startLogin", "userNotExisting", null);
  const failure = { kind: "nameUnknown", name: "alice", atStart: true } as const;
  assertEquals(client.effects, [
    { kind: "failure", failure, cause: undefined },
    { kind: "leave", reason: { kind: "failed", failure } },
  ]);
});

Deno.test("/login and /register tell of names that are taken, unknown, or no names", () => {
  const client = loggedIn();
  client.give({ kind: "register", name: "bob" });
  client.reply("startLogin", "userExisting", null);
  client.give({ kind: "login", name: "carol" });
  client.reply("startLogin", "userNotExisting", null);
  client.give({ kind: "login", name: "-x" });
  assertEquals(toldOf(client), [
    { kind: "nameTaken", name: "bob" },
    { kind: "nameUnknown", name: "carol", atStart: false },
    { kind: "nameInvalid", name: "-x" },
  ]);
});

Deno.test("a new password tells of its length, and of two that differ", () => {
  const client = loggedIn();
  client.give({ kind: "askToChangePassword" });
  for (const text of ["password", "short", "long enough", "long enouhg"]) {
    client.give({ kind: "answer", text });
  }
  client.give({ kind: "cancel" });
  assertEquals(toldOf(client), [
    { kind: "passwordLength", bytes: 5, bytesMin: 8, bytesMax: 72 },
    { kind: "passwordsDiffer" },
    { kind: "questionCancelled", loggedOut: false },
  ]);
});

Deno.test("a break tells which node was lost and why, whose reply is lost, and which node is missed", () => {
  const client = loggedIn();
  client.give({ kind: "nodeStatus" });
  client.give({ kind: "moveTo", node: "node2" });
  client.disconnect("connection reset");
  client.connect("node1");
  client.reply("resume", "loginFailed", null);
  client.reply("startLogin", "userNotExisting", null);
  assertEquals(toldOf(client), [
    { kind: "replyLost" },
    { kind: "connectionLost", node: "node1", reason: { kind: "movedTo", node: "node2" } },
    { kind: "connected", node: "node1", missed: "node2" },
    { kind: "sessionEnded", name: "alice" },
    { kind: "accountGone", name: "alice" },
  ]);
});

Deno.test("a node of another version is told of", () => {
  const client = new FakeClient();
  client.connect();
  const { node } = client.model;
  if (node === undefined) throw new Error("no node is connected");
  client.give({ kind: "connected", welcome: { ...node.welcome, version: 3 } });
  assertEquals(toldOf(client).slice(0, 1), [{ kind: "versionUnknown", node: "node1", version: 3 }]);
});

Deno.test("the account tells that its password was changed, and that it is logged out or gone", () => {
  const client = loggedIn();
  client.give({ kind: "askToChangePassword" });
  for (const text of ["password", "long enough", "long enough"]) client.give({ kind: "answer", text });
  client.reply("changePassword", "ok", null);
  client.give({ kind: "askToDeleteAccount" });
  client.give({ kind: "answer", text: "bob" });
  client.give({ kind: "askToDeleteAccount", name: "alice" });
  client.give({ kind: "answer", text: "password" });
  client.reply("deleteAccount", "ok", null);
  const other = loggedIn();
  other.give({ kind: "logout" });
  other.reply("logout", "ok", null);
  assertEquals([...toldOf(client), ...toldOf(other)], [
    { kind: "passwordChanged" },
    { kind: "accountKept" },
    { kind: "accountDeleted", name: "alice" },
    { kind: "loggedOut", name: "alice" },
  ]);
});

Deno.test("users are told of: new ones, those of the chat that come and go, renamed and deleted ones", () => {
  const client = loggedIn();
  client.open("bob");
  const users = [
    { name: "carol", change: "created" },
    { name: "bob", change: "online" },
    { name: "bob", change: "offline" },
    { name: "carol", change: "online" },
    { name: "bob", change: "renamed", to: "bob~node2" },
    { name: "bob~node2", change: "deleted" },
  ] as const;
  for (const payload of users) client.give({ kind: "push", push: { name: "user", payload } });
  assertEquals(toldOf(client), [
    { kind: "userRegistered", name: "carol" },
    { kind: "userOnline", name: "bob", online: true },
    { kind: "userOnline", name: "bob", online: false },
    { kind: "userRenamed", from: "bob", to: "bob~node2" },
    { kind: "userDeleted", name: "bob~node2" },
  ]);
});

Deno.test("lists tell that they are empty or cut", () => {
  const client = loggedIn();
  client.give({ kind: "listUsers", onlineOnly: false, match: "x*" });
  client.reply("listUsers", "users", { users: [], more: false });
  client.give({ kind: "listUsers", onlineOnly: false });
  client.reply("listUsers", "users", { users: [{ name: "bob", unread: 0, online: false }], more: true });
  client.give({ kind: "listChats", unreadOnly: true });
  client.reply("listChats", "chats", { chats: [], more: false });
  client.give({ kind: "listChats", unreadOnly: false });
  const chat = { with: "bob", unread: 0, last: told(1, "bob", "alice") };
  client.reply("listChats", "chats", { chats: [chat], more: true });
  assertEquals(toldOf(client), [
    { kind: "noUsers", onlineOnly: false, match: "x*" },
    { kind: "moreUsers", listed: 1, after: "bob" },
    { kind: "noChats", unreadOnly: true },
    { kind: "moreChats", listed: 1 },
  ]);
});

Deno.test("a chat tells that it was opened, has older messages, has none, and where it begins", () => {
  const client = loggedIn();
  client.give({ kind: "openChat", with: "bob" });
  const messages = [told(2, "bob", "alice", { status: "read" })];
  client.reply("listMessages", "messages", { messages, more: true });
  client.give({ kind: "olderMessages", with: "bob", count: 20 });
  const older = [told(1, "bob", "alice", { status: "read" })];
  client.reply("listMessages", "messages", { messages: older, more: false });
  client.give({ kind: "olderMessages", with: "bob", count: 20 });
  client.reply("listMessages", "messages", { messages: [], more: false });
  assertEquals(toldOf(client), [
    { kind: "chatOpened", with: "bob", empty: false },
    { kind: "olderMessages" },
    { kind: "chatBegins", with: "bob" },
    { kind: "noOlderMessages", with: "bob" },
  ]);
});

Deno.test("messages are told of: marked as read, deleted, in part, being sent, and never sent", () => {
  const client = loggedIn();
  client.give({ kind: "markRead", with: "bob" });
  client.reply("readMessages", "ok", { count: 2 });
  for (const count of [1, 0]) {
    client.give({ kind: "deleteMessages", ids: [uuid(1)], count: 1 });
    client.reply("deleteMessages", "ok", { count });
  }
  client.give({ kind: "send", to: "bob", text: "hi", id: uuid(2), timestamp: 1 });
  client.give({ kind: "deleteMessages", ids: [uuid(2)], count: 1 });
  client.give({ kind: "quit", sure: true });
  assertEquals(toldOf(client), [
    { kind: "markedRead", with: "bob", count: 2 },
    { kind: "messagesDeleted", count: 1 },
    { kind: "deletedInPart", count: 0, wanted: 1 },
    { kind: "beingSent", id: uuid(2), number: 0 },
    { kind: "unsent", count: 1, mayBeStored: 1, account: undefined },
  ]);
});

Deno.test("a refusal is told with its code and words", () => {
  const client = loggedIn();
  client.give({ kind: "markRead", with: "bbo" });
  client.refuse("readMessages", "unknown-user");
  const refusal = { code: "unknown-user", message: "refused: unknown-user" } as const;
  assertEquals(toldOf(client), [{ kind: "refused", refusal }]);
});
