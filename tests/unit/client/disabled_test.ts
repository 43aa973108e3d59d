import { assertEquals } from "@std/assert";
import { FakeClient, uuid } from "./fake_client.ts";

Deno.test("a login to a disabled account says so once, and asks for no other password", () => {
  const client = new FakeClient();
  client.connect();
  client.give({ kind: "login", name: "alice", password: "correct horse" });
  client.reply("startLogin", "userExisting", null);
  client.refuse("finishLogin", "disabled");
  assertEquals(client.said().at(-1), "!! refused: disabled");
  assertEquals([client.model.question, client.model.login, client.model.account], [
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("a typed login to a disabled account is not asked about again either", () => {
  const client = new FakeClient();
  client.connect();
  client.line("/login alice");
  client.reply("startLogin", "userExisting", null);
  assertEquals(client.model.question?.kind, "password");
  client.give({ kind: "answer", text: "correct horse" });
  client.refuse("finishLogin", "disabled");
  assertEquals([client.model.question, client.model.login], [undefined, undefined]);
});

Deno.test("a session that is disabled says so, and its token is kept for later", () => {
  const client = new FakeClient();
  client.login();
  client.disconnect("the operator of this server has disabled this account");
  client.connect("node2");
  client.said();
  client.refuse("resume", "disabled");
  assertEquals(client.said(), ["!! refused: disabled", "leave 4"]);
  assertEquals([client.model.account?.name, client.model.account?.token === undefined], ["alice", false]);
});

Deno.test("a login that was refused as disabled is asked for again once the person says so, and not before", () => {
  const client = new FakeClient();
  client.login();
  client.disconnect();
  client.connect("node2");
  client.refuse("resume", "too-many-sessions");
  client.give({ kind: "wakeUp" });
  client.refuse("resume", "disabled");
  assertEquals(client.model.loginRefusal?.code, "disabled");
  client.give({ kind: "send", to: "bob", text: "hello", id: uuid(1), timestamp: 1 });
  client.give({ kind: "wakeUp" });
  client.disconnect();
  client.connect("node1");
  assertEquals([client.asked, client.model.loginRefusal?.code], [[], "disabled"]);
  client.give({ kind: "resume" });
  client.give({ kind: "resume" });
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  assertEquals([client.model.loginRefusal, client.model.loggedIn], [undefined, true]);
  assertEquals(client.asked.map(({ name }) => name).filter((name) => name === "resume"), []);
  assertEquals(client.asked.some(({ name }) => name === "sendMessage"), true, "what waited is sent");
});

Deno.test("a person who says so without a node is logged in at the next one", () => {
  const client = new FakeClient();
  client.login();
  client.disconnect();
  client.connect("node2");
  client.refuse("resume", "disabled");
  client.disconnect();
  client.give({ kind: "resume" });
  client.connect("node1");
  assertEquals(client.asked.map(({ name }) => name), ["resume"]);
});
