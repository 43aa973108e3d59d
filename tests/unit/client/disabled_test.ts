import { assertEquals } from "@std/assert";
import { FakeClient } from "./fake_client.ts";

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
