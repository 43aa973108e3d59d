import { assertEquals } from "@std/assert";
import { readNamedLine } from "../../../client/terminal/named_line.ts";
import { jsonLine } from "../../../client/terminal/display/json_line.ts";
import { FakeClient, told, uuid } from "./fake_client.ts";

Deno.test("readNamedLine() takes a name from nothing but an id and a line", () => {
  assertEquals(readNamedLine('{"id": "r1", "line": "/msg bob hi"}'), { text: "/msg bob hi", name: "r1" });
  const plain = ["/msg bob hi", "{", '{"id": "r1"}', '{"id": 1, "line": "x"}', '{"id":"a","line":"b","c":1}'];
  for (const text of [...plain, "[1]", '{"line": "x"}', ""]) assertEquals(readNamedLine(text), { text });
});

Deno.test("jsonLine() names the request, if there is one", () => {
  assertEquals(jsonLine({ kind: "text", text: "hi" }, "r1"), '{"event":"text","text":"hi","request":"r1"}');
  assertEquals(jsonLine({ kind: "done", status: 0 }), '{"event":"done","status":0}');
});

/** Kinds and causes of everything that was shown since the last call. */
function causes(client: FakeClient): readonly string[] {
  return client.effects.splice(0).flatMap((each) => "cause" in each ? [`${each.kind} ${each.cause}`] : []);
}

Deno.test("what a line causes has its name, also after a break, and nothing else has", () => {
  const client = new FakeClient({ script: true });
  client.login();
  const message = { to: "bob", text: "hi", timestamp: 1 };
  client.give({ kind: "send", id: uuid(1), ...message }, "one");
  client.give({ kind: "send", id: uuid(2), ...message }, "two");
  client.give({ kind: "listUsers", onlineOnly: true }, "three");
  client.push(told(7, "carol", "alice"));
  assertEquals(causes(client), ["show undefined"]);
  client.disconnect();
  client.connect();
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  causes(client);
  client.reply("sendMessage", "sent", { id: uuid(1), timestamp: 1, copies: 1, nodes: 1 });
  assertEquals(causes(client), ["show one"]);
  client.refuse("sendMessage", "unknown-user");
  assertEquals(causes(client), ["failure two"]);
  const users = [{ name: "bob", unread: 0, online: false }];
  client.reply("listUsers", "users", { users, more: true });
  assertEquals(causes(client), []);
  while (client.asked[0]?.name !== "listUsers") {
    const [next] = client.asked;
    if (next?.name === "confirmDelivery") client.reply(next.name, "ok", { count: 1 });
    else if (next?.name === "listChats") client.reply(next.name, "chats", { chats: [], more: false });
    else client.reply("listMessages", "messages", { messages: [], more: false });
  }
  client.reply("listUsers", "users", { users: [], more: false });
  assertEquals(causes(client), ["notice three"]);
  client.give({ kind: "askToDeleteAccount", name: "alice" }, "four");
  client.give({ kind: "answer", text: "password" }, "four");
  client.disconnect();
  assertEquals(causes(client), ["failure four", "notice undefined"]);
});

Deno.test("readNamedLine() refuses half of a surrogate pair, which cannot be sent as it is", () => {
  assertEquals(readNamedLine('{"id": "r1", "line": "/msg bob \\ud800x"}'), {
    problem: 'the line "r1" holds half of a surrogate pair, which is no text; it was left out',
  });
  assertEquals(readNamedLine('{"id": "r1", "line": "\\ud83d\\ude00"}'), { text: "\u{1f600}", name: "r1" });
});
