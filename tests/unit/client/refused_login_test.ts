import { assertEquals } from "@std/assert";
import { FakeClient } from "./fake_client.ts";

Deno.test("a login by the token that is refused is told once, and tried again until it passes", () => {
  const client = new FakeClient();
  client.give({ kind: "start", user: "alice", token: "t" });
  client.connect();
  for (let tries = 0; tries < 5; tries++) {
    client.refuse("resume", "too-many-sessions");
    assertEquals([client.asked, client.model.loginRefusal?.code], [[], "too-many-sessions"]);
    const waits = client.effects.flatMap((each) => each.kind === "wakeUpAfter" ? [each.ms] : []);
    assertEquals(waits, [5_000]);
    const told = "!! not logged in: refused: too-many-sessions; it is tried again every few seconds";
    assertEquals(client.said(), tries === 0 ? [told] : []);
    client.give({ kind: "wakeUp" });
  }
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  assertEquals([client.model.loggedIn, client.model.loginRefusal], [true, undefined]);
});

Deno.test("a refused login is asked for once at the next node, and not behind another login", () => {
  const client = new FakeClient();
  client.give({ kind: "start", user: "alice", token: "t" });
  client.connect();
  client.refuse("resume", "too-many-sessions");
  client.disconnect();
  assertEquals(client.model.loginRefusal, undefined);
  client.connect("node2");
  client.give({ kind: "wakeUp" });
  assertEquals(client.asked.map(({ name }) => name), ["resume"]);
  client.refuse("resume", "too-many-sessions");
  client.give({ kind: "login", name: "alice", password: "password" });
  client.reply("startLogin", "userExisting", null);
  client.reply("finishLogin", "loginSuccess", { name: "alice", token: "t2", unread: 0 });
  client.give({ kind: "wakeUp" });
  assertEquals(client.asked.some(({ name }) => name === "resume"), false);
});

Deno.test("a program ends with a refused login", () => {
  const client = new FakeClient({ script: true });
  client.give({ kind: "start", user: "alice", token: "t" });
  client.connect();
  client.refuse("resume", "too-many-sessions");
  assertEquals(client.said(), ["!! refused: too-many-sessions", "leave 4"]);
});
