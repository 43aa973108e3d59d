import { assertEquals } from "@std/assert";
import { FakeClient } from "./fake_client.ts";

const PASSWORD = "a good password";

/** A client of a page, which asks nothing. */
function page(): FakeClient {
  const client = new FakeClient();
  client.connect();
  client.give({ kind: "start", user: undefined });
  return client;
}

Deno.test("a login with its password asks nothing, and ends the question for a name", () => {
  const client = page();
  assertEquals(client.model.question, { kind: "name" });
  client.give({ kind: "login", name: "alice", password: PASSWORD });
  client.reply("startLogin", "userExisting", null);
  assertEquals(client.model.question, undefined);
  const { payload } = client.reply("finishLogin", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  assertEquals(payload, { password: PASSWORD });
  assertEquals([client.model.loggedIn, client.model.login], [true, undefined]);
});

Deno.test("a form takes the name of a renamed account", () => {
  const client = page();
  client.give({ kind: "login", name: "alice~node2", password: PASSWORD });
  assertEquals(client.reply("startLogin", "userExisting", null).payload, { name: "alice~node2" });
  client.give({ kind: "login", name: "alice~node2" });
  client.give({ kind: "register", name: "alice~node2", password: PASSWORD });
  assertEquals(client.said().filter((line) => line.includes("cannot be a name")).length, 2);
});

Deno.test("a wrong password is the answer to a login that came whole", () => {
  const client = page();
  for (let i = 0; i < 5; i++) {
    client.give({ kind: "login", name: "alice", password: PASSWORD });
    client.reply("startLogin", "userExisting", null);
    client.reply("finishLogin", "loginFailed", null);
    assertEquals(client.said(), ["!! the password of alice is not that"]);
    assertEquals([client.model.question, client.model.login], [undefined, undefined]);
  }
});

Deno.test("a registration with its password is refused before it is sent, or by the node", () => {
  const client = page();
  client.give({ kind: "register", name: "alice", password: "short" });
  assertEquals(client.asked, []);
  client.give({ kind: "register", name: "alice", password: PASSWORD });
  client.reply("startLogin", "userExisting", null);
  client.give({ kind: "register", name: "-", password: PASSWORD });
  client.give({ kind: "register", name: "alice", password: PASSWORD });
  client.reply("startLogin", "userNotExisting", null);
  client.refuse("finishLogin", "too-many-sessions");
  assertEquals(
    client.said().map((line) => line.slice(0, 40)),
    [
      "!! a password takes 8 to 72 bytes, and th",
      "!! the name alice is taken; /login alice ",
      '!! "-" cannot be a name: a name is 1 to 3',
      "!! refused: too-many-sessions",
    ].map((line) => line.slice(0, 40)),
  );
  assertEquals([client.model.question, client.model.login], [undefined, undefined]);
});

Deno.test("a login that came whole goes on by itself after a break, at any point", () => {
  for (const breaks of ["before LOGIN_1 is answered", "before LOGIN_2 is answered"]) {
    const client = page();
    client.give({ kind: "login", name: "alice", password: PASSWORD });
    if (breaks.includes("LOGIN_2")) client.reply("startLogin", "userExisting", null);
    client.disconnect();
    client.connect("node2");
    client.reply("startLogin", "userExisting", null);
    const { payload } = client.reply("finishLogin", "loginSuccess", { name: "alice", token: "t", unread: 0 });
    assertEquals([payload, client.model.loggedIn], [{ password: PASSWORD }, true], breaks);
  }
});

Deno.test("a session that has ended goes on with a login that comes whole, and keeps its messages", () => {
  const client = new FakeClient();
  client.login();
  client.disconnect();
  client.give({ kind: "send", to: "bob", text: "hi", id: crypto.randomUUID(), timestamp: 1 });
  client.connect();
  client.reply("resume", "loginFailed", null);
  client.reply("startLogin", "userExisting", null);
  assertEquals(client.model.question, { kind: "password", name: "alice" });
  client.give({ kind: "login", name: "alice", password: PASSWORD });
  client.reply("startLogin", "userExisting", null);
  client.reply("finishLogin", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  assertEquals(client.asked.map(({ name }) => name).includes("sendMessage"), true);
});

Deno.test("a password is changed, and an account deleted, without a question", () => {
  const client = new FakeClient();
  client.login();
  client.give({ kind: "changePassword", passwords: { old: "old one", new: "short" } });
  client.give({ kind: "deleteAccount", name: "bob", password: PASSWORD });
  assertEquals(client.asked, []);
  assertEquals(client.said().length, 2);
  client.give({ kind: "changePassword", passwords: { old: "old one", new: PASSWORD } });
  assertEquals(client.reply("changePassword", "ok", null).payload, { old: "old one", new: PASSWORD });
  client.give({ kind: "deleteAccount", name: "Alice", password: PASSWORD });
  assertEquals(client.reply("deleteAccount", "ok", null).payload, { password: PASSWORD });
  assertEquals([client.model.question, client.model.account], [undefined, undefined]);
});

Deno.test("a list of users goes on behind the last name, and a chat can be left", () => {
  const client = new FakeClient();
  client.login();
  client.give({ kind: "listUsers", onlineOnly: false, match: "b*" });
  client.reply("listUsers", "users", { users: [{ name: "bob", unread: 0, online: true }], more: true });
  const notice = client.effects.find((each) => each.kind === "notice");
  assertEquals(notice?.notice, { kind: "moreUsers", listed: 1, after: "bob" });
  client.give({ kind: "listUsers", onlineOnly: false, match: "b*", after: "bob" });
  assertEquals(client.asked[0]?.payload, { limit: 500, match: "b*", after: "bob" });
  client.reply("listUsers", "users", { users: [], more: false });
  client.open("bob");
  assertEquals(client.model.focus?.name, "bob");
  client.give({ kind: "closeChat" });
  assertEquals(client.model.focus, undefined);
});
