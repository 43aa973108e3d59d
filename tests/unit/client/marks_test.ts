import { assertEquals } from "@std/assert";
import { isSettled } from "../../../client/core/update.ts";
import { FakeClient, told, uuid } from "./fake_client.ts";

/** A client that gathers marks, in the chat with bob. */
function gathering(): FakeClient {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.gathers = true;
  return client;
}

/** Requests that were sent, each with its name and its ids. */
function asked(client: FakeClient): readonly unknown[] {
  return client.asked.map(({ name, payload }) => [name, payload !== null && "ids" in payload && payload.ids]);
}

/** The times after which the client wants to tell its marks, since the last call, ms. */
function timers(client: FakeClient): readonly number[] {
  return client.effects.splice(0).flatMap((effect) => effect.kind === "tellMarksAfter" ? [effect.ms] : []);
}

Deno.test("marks that follow from pushes are gathered for 20 ms", () => {
  const client = gathering();
  client.look(false);
  for (let number = 1; number <= 4; number++) client.push(told(number, "carol", "alice"));
  client.push(told(5, "bob", "alice"));
  assertEquals(timers(client), [20]);
  assertEquals(client.asked, []);
  assertEquals(isSettled(client.model), false);
  client.give({ kind: "tellMarks" });
  assertEquals(asked(client), [["confirmDelivery", [1, 2, 3, 4, 5].map(uuid)]]);
  client.push(told(6, "carol", "alice"));
  assertEquals(timers(client), [20]);
});

Deno.test("a message that was read within that time is not confirmed as delivered, too", () => {
  const client = gathering();
  client.push(told(1, "bob", "alice"));
  client.push(told(2, "carol", "alice"));
  client.push(told(3, "bob", "alice"));
  client.give({ kind: "tellMarks" });
  assertEquals(asked(client), [["confirmDelivery", [uuid(2)]], ["readMessages", [uuid(1), uuid(3)]]]);
  client.reply("confirmDelivery", "ok", { count: 1 });
  client.reply("readMessages", "ok", { count: 2 });
  assertEquals(isSettled(client.model), true);
  client.give({ kind: "tellMarks" });
  assertEquals(client.asked, []);
});

Deno.test("marks that a break met are told on the next connection", () => {
  const client = gathering();
  client.push(told(1, "bob", "alice"));
  client.disconnect();
  client.give({ kind: "tellMarks" });
  client.connect("node2");
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  assertEquals(asked(client).filter((each) => String(each).startsWith("readMessages")), [[
    "readMessages",
    [uuid(1)],
  ]]);
});

Deno.test("a message that is told as unread while its mark is gathered is marked once", () => {
  const client = gathering();
  client.push(told(1, "bob", "alice"));
  client.push(told(1, "bob", "alice"));
  client.give({ kind: "tellMarks" });
  assertEquals(asked(client), [["readMessages", [uuid(1)]]]);
});

for (
  const [what, leave] of [["log out", "/logout"], ["leave the program", "/quit"]] as const
) {
  Deno.test(`who would ${what} tells the gathered marks before`, () => {
    const client = gathering();
    client.push(told(1, "bob", "alice"));
    client.line(leave);
    assertEquals(asked(client)[0], ["readMessages", [uuid(1)]]);
  });
}

Deno.test("marks of an account that was left are forgotten", () => {
  const client = gathering();
  client.push(told(1, "bob", "alice"));
  client.give({ kind: "deleteAccount", name: "alice", password: "password" });
  client.reply("deleteAccount", "ok", null);
  client.give({ kind: "tellMarks" });
  assertEquals(client.asked, []);
});

Deno.test("what a line of a program shows is confirmed with it", () => {
  const client = gathering();
  client.give({ kind: "history", with: "carol", count: 10 }, "line 1");
  client.reply("listMessages", "messages", { messages: [told(1, "carol", "alice")], more: false });
  assertEquals(asked(client), [["confirmDelivery", [uuid(1)]]]);
  assertEquals(timers(client), []);
});
