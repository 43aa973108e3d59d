import { assertEquals } from "@std/assert";
import { FakeClient, told } from "./fake_client.ts";

Deno.test("a client asks for the name, then for the password, and says who it is", () => {
  const client = new FakeClient();
  client.connect();
  client.give({ kind: "start", user: undefined });
  assertEquals(client.prompt, "name: ");
  client.give({ kind: "answer", text: "alice" });
  client.reply("startLogin", "userExisting", null);
  assertEquals(client.prompt, "password for alice: ");
  client.give({ kind: "answer", text: "password" });
  client.reply("finishLogin", "loginSuccess", { name: "alice", token: "t", unread: 3 });
  const last = {
    id: "x",
    timestamp: 1,
    sender: "bob",
    recipient: "alice",
    content: "hi",
    status: "unread",
  } as const;
  client.reply("listChats", "chats", { chats: [{ with: "bob", unread: 3, last }], more: false });
  assertEquals(client.said(), [
    "-- you are alice on node1; /help lists the commands",
    "-- 3 unread: bob 3; /chat USER shows them",
  ]);
  assertEquals(client.prompt, "(no chat) [3 unread: bob 3]> ");
});

Deno.test("a login that begins before there is a node asks once", () => {
  const client = new FakeClient();
  client.give({ kind: "start", user: "alice" });
  client.connect();
  assertEquals(client.asked, [{ name: "startLogin", payload: { name: "alice" } }]);
  client.disconnect();
  client.connect();
  assertEquals(client.asked, [{ name: "startLogin", payload: { name: "alice" } }]);
});

Deno.test("a new account takes the same password twice", () => {
  const client = new FakeClient();
  client.connect();
  client.give({ kind: "start", user: "new" });
  client.reply("startLogin", "userNotExisting", null);
  assertEquals(client.prompt, "new account new: choose a password: ");
  client.give({ kind: "answer", text: "short" });
  assertEquals(client.said(), ["!! a password takes 8 to 72 bytes, and this one has 5; choose another"]);
  client.give({ kind: "answer", text: "long enough" });
  client.give({ kind: "answer", text: "long enouhg" });
  assertEquals(client.said(), ["!! the two passwords differ; choose one again"]);
  client.give({ kind: "answer", text: "long enough" });
  client.give({ kind: "answer", text: "long enough" });
  assertEquals(client.asked, [{ name: "finishLogin", payload: { password: "long enough" } }]);
});

Deno.test("what cannot be a name is asked for again", () => {
  const client = new FakeClient();
  client.connect();
  client.give({ kind: "start", user: undefined });
  for (const text of ["", "two words", "-x"]) client.give({ kind: "answer", text });
  assertEquals(client.prompt, "name: ");
  assertEquals(client.said().map((line) => line.split(":")[0]), [
    '!! "two words" cannot be a name',
    '!! "-x" cannot be a name',
  ]);
});

Deno.test("three wrong passwords end the program", () => {
  const client = new FakeClient();
  client.connect();
  client.give({ kind: "start", user: "alice" });
  client.reply("startLogin", "userExisting", null);
  for (let i = 0; i < 3; i++) {
    client.give({ kind: "answer", text: "wrong" });
    client.reply("finishLogin", "loginFailed", null);
  }
  assertEquals(client.said(), [
    "!! the password of alice is not that; try again",
    "!! the password of alice is not that; try again",
    "!! the password of alice is not that",
    "leave 4",
  ]);
});

Deno.test("a login that is refused for its rate says for how long", () => {
  const client = new FakeClient();
  client.connect();
  client.give({ kind: "start", user: "alice" });
  client.reply("startLogin", "userExisting", null);
  client.give({ kind: "answer", text: "wrong" });
  client.reply("finishLogin", "error", {
    code: "rate-limited",
    message: "too many attempts",
    retryAfter: 11.2,
  });
  assertEquals(client.said(), ["!! too many attempts; try again in 12 s"]);
  assertEquals(client.prompt, "password for alice: ");
});

Deno.test("a script makes no account of a name that nobody has", () => {
  const client = new FakeClient({ script: true, creates: false });
  client.connect();
  client.give({ kind: "start", user: "alcie" });
  client.reply("startLogin", "userNotExisting", null);
  assertEquals(client.said(), ["!! there is no user alcie; --register makes a new account", "leave 4"]);
});

Deno.test("leaving a question at the start leaves the program", () => {
  const client = new FakeClient();
  client.connect();
  client.give({ kind: "start", user: undefined });
  client.give({ kind: "cancel" });
  assertEquals(client.said(), ["leave 4"]);
});

Deno.test("a password typed while the connection broke goes to the next one, after the name", () => {
  const client = new FakeClient();
  client.connect();
  client.give({ kind: "start", user: "alice" });
  client.reply("startLogin", "userExisting", null);
  client.disconnect();
  client.connect("node2");
  assertEquals(client.asked, []);
  client.give({ kind: "answer", text: "password" });
  client.reply("startLogin", "userExisting", null);
  assertEquals(client.asked, [{ name: "finishLogin", payload: { password: "password" } }]);
});

Deno.test("a broken connection is resumed by the token", () => {
  const client = new FakeClient();
  client.login();
  client.disconnect("connection reset");
  assertEquals(client.prompt, "offline: (no chat) (reconnecting)> ");
  client.connect("node2");
  client.reply("resume", "loginSuccess", { name: "alice", token: "token of alice", unread: 0 });
  client.caughtUp();
  assertEquals(client.said(), [
    "-- lost node1 (connection reset); looking for a node",
    "-- connected to node2",
  ]);
});

Deno.test("after a break only what is newer than what was shown is shown", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob", told(3, "bob", "alice", { status: "read" }));
  client.disconnect();
  client.connect();
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  client.caughtUp();
  const page = [1, 2, 3, 4].map((number) => told(number, "bob", "alice", { status: "read" }));
  client.said();
  client.reply("listMessages", "messages", { messages: page, more: true });
  assertEquals(client.said().filter((line) => line.startsWith("#")), ["#a4 bob> text 4"]);
});

Deno.test("a token that is void makes the client ask for the password and keep what is queued", () => {
  const client = new FakeClient();
  client.login();
  client.disconnect();
  client.line("/msg bob later");
  client.connect("node2");
  client.reply("resume", "loginFailed", null);
  client.reply("startLogin", "userExisting", null);
  assertEquals(client.prompt, "password for alice: ");
  client.give({ kind: "answer", text: "password" });
  client.reply("finishLogin", "loginSuccess", { name: "alice", token: "t2", unread: 0 });
  assertEquals(client.asked.map((each) => each.name).includes("sendMessage"), true);
});

Deno.test("an account that was renamed says so", () => {
  const client = new FakeClient();
  client.connect();
  client.give({ kind: "start", user: "alice" });
  client.reply("startLogin", "userExisting", null);
  client.give({ kind: "answer", text: "password" });
  client.reply("finishLogin", "loginSuccess", { name: "alice~node2", token: "t", unread: 0 });
  assertEquals(
    client.said()[0],
    "-- your account is called alice~node2 now: somebody else had the name alice before",
  );
});

Deno.test("an account that was renamed meanwhile keeps its messages and what is queued", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.disconnect();
  client.line("queued");
  client.said();
  client.connect("node2");
  client.reply("resume", "loginSuccess", { name: "alice~node2", token: "t", unread: 0 });
  assertEquals(client.asked[0]?.name, "sendMessage");
  assertEquals([...client.model.messages.values()].map((each) => each.sender), ["alice~node2"]);
  assertEquals(client.said(), [
    "-- connected to node2",
    "-- your account is called alice~node2 now: somebody else had the name alice before",
  ]);
});

Deno.test("/logout leaves nothing of the account, and commands that need one say so", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.line("/logout");
  client.reply("logout", "ok", null);
  client.line("hello");
  client.line("/users");
  assertEquals(client.prompt, "(not logged in)> ");
  const refused = "!! not logged in; /login NAME or /register NAME comes first";
  assertEquals(client.said(), ["-- alice is logged out", refused, refused]);
  assertEquals(client.asked, []);
});

Deno.test("/register does not log in as somebody who exists, /login makes no account", () => {
  const client = new FakeClient();
  client.login();
  client.line("/register bob");
  client.reply("startLogin", "userExisting", null);
  client.line("/login carol");
  client.reply("startLogin", "userNotExisting", null);
  assertEquals(client.said(), [
    "!! the name bob is taken; /login bob if it is yours",
    "!! there is no user carol; /register carol makes a new account",
  ]);
  assertEquals(client.model.account?.name, "alice");
});

Deno.test("/password asks for the old and twice for the new one", () => {
  const client = new FakeClient();
  client.login();
  client.line("/password");
  for (const text of ["password", "another one", "another one"]) client.give({ kind: "answer", text });
  assertEquals(client.asked, [{ name: "changePassword", payload: { old: "password", new: "another one" } }]);
});

Deno.test("/delete-account asks for the name, says what goes, and asks for the password", () => {
  const client = new FakeClient();
  client.login();
  client.line("/delete-account");
  assertEquals(client.said().length, 2);
  client.give({ kind: "answer", text: "alcie" });
  assertEquals(client.said(), ["-- that is not the name of the account; nothing was deleted"]);
  client.line("/delete-account");
  client.give({ kind: "answer", text: "alice" });
  client.give({ kind: "answer", text: "password" });
  client.said();
  client.reply("deleteAccount", "ok", null);
  assertEquals(client.said(), ["-- the account alice and all its messages are gone"]);
  assertEquals(client.model.account, undefined);
});

Deno.test("a script whose /login fails is nobody: the lines that follow are not the former account's", () => {
  const client = new FakeClient({ script: true });
  client.login();
  client.line("/login alicf");
  client.reply("startLogin", "userNotExisting", null);
  client.reply("logout", "ok", null);
  client.said();
  client.line("/msg bob hello");
  assertEquals(client.said(), ["!! not logged in; /login NAME or /register NAME comes first"]);
});

Deno.test("a chat that is opened before the login by token is asked for once", () => {
  const client = new FakeClient();
  client.give({ kind: "start", user: "alice", token: "t" });
  client.give({ kind: "openChat", with: "bob" });
  client.connect();
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  const pages = (): unknown[] =>
    client.asked.flatMap(({ name, payload }) => name === "listMessages" ? payload : []);
  assertEquals(pages(), [{ with: "bob", limit: 20 }, { undelivered: true, limit: 500 }]);
  client.reply("listMessages", "messages", { messages: [told(1, "bob", "alice")], more: false });
  client.disconnect();
  client.connect();
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  assertEquals(pages().at(-1), { with: "bob", limit: 50 }, "news of a chat that was open before");
});
