import { PRESENCE_MS } from "../../../server/node/presence_news.ts";
import { assertEquals } from "@std/assert";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import { encodeRequest } from "../../../common/protocol/codec.ts";
import type { Request } from "../../../common/protocol/requests.ts";
import { fromHex } from "../../testing/hexadecimal.ts";
import { type HarnessClient, inShort } from "../../testing/harness_client.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";

function original(harness: NodeHarness, name: string): HarnessClient {
  return harness.login(name, { dialect: "original" });
}

function messages(client: HarnessClient, other: string): readonly ChatMessage[] {
  const reply = client.ask("listMessages", { with: other });
  if (reply.name !== "messages" || "messages" in reply.payload) throw new Error(inShort(reply));
  return reply.payload;
}

function shown(client: HarnessClient, other: string): string[] {
  return messages(client, other).map((message) => `${message.sender}: ${message.content} ${message.status}`);
}

/** Sends requests that have no reply, and checks that none comes. */
function silently(client: HarnessClient, ...requests: readonly Request[]): void {
  for (const request of requests) client.write(encodeRequest(request, "original"));
  assertEquals(client.takeReplies(), []);
}

Deno.test("a login of the original dialect says every name, and makes no token", () => {
  const harness = new NodeHarness();
  original(harness, "bob");
  const client = harness.connect({ dialect: "original" });
  assertEquals(client.ask("startLogin", { name: "ann" }), { name: "userNotExisting", payload: null });
  assertEquals(client.ask("finishLogin", { password: passwordOf("ann") }), {
    name: "loginSuccess",
    payload: ["bob", "ann"],
  });
  assertEquals(client.ask("startLogin", { name: "BOB" }), { name: "userExisting", payload: null });
  assertEquals(client.ask("finishLogin", { password: "wrong password" }), {
    name: "loginFailed",
    payload: null,
  });
  assertEquals(client.tell("listUsers", {}), "users", "still ann");
  assertEquals(
    client.tell("finishLogin", { password: passwordOf("bob") }),
    "loginSuccess",
    "without LOGIN_1",
  );
  assertEquals(harness.log.synced.map((entry) => entry.type), [
    "accountCreated",
    "addressKeyMade",
    "addressKnown",
    "accountCreated",
    "addressKeyMade",
    "addressKnown",
  ]);
});

Deno.test("a name that went to somebody else meanwhile is a failed login in the original dialect", () => {
  const harness = new NodeHarness();
  const [first, second] = [
    harness.connect({ dialect: "original" }),
    harness.connect({ dialect: "original" }),
  ];
  for (const client of [first, second]) client.tell("startLogin", { name: "ann" });
  first.request("finishLogin", { password: "password1" });
  second.request("finishLogin", { password: "password2" });
  assertEquals([first.takeReply(), second.takeReply()].map(inShort), ["loginSuccess", "loginFailed"]);
  assertEquals(second.tell("finishLogin", { password: "password2" }), "loginFailed");
});

Deno.test("messages of the original dialect are sent, read, listed and deleted without a reply", () => {
  const harness = new NodeHarness();
  const [ann, bob] = [original(harness, "ann"), original(harness, "bob")];
  silently(
    ann,
    { name: "sendMessage", payload: { to: "bob", content: "one" } },
    { name: "sendMessage", payload: { to: "BOB", content: "two" } },
  );
  assertEquals(shown(bob, "ann"), ["ann: one unread", "ann: two unread"]);
  const users = bob.ask("listUsers", {});
  assertEquals(users, { name: "users", payload: new Map([["ann", 2], ["bob", 0]]) });
  silently(bob, { name: "readMessages", payload: { with: "ann" } });
  assertEquals(shown(ann, "bob"), ["ann: one read", "ann: two read"]);
  const [one, two] = messages(ann, "bob");
  silently(ann, { name: "deleteMessages", payload: { ids: [one?.id ?? ""] } });
  assertEquals(shown(bob, "ann"), ["ann: two read"]);
  silently(bob, { name: "deleteMessages", payload: { ids: [two?.id ?? ""] } });
  assertEquals([shown(bob, "ann"), shown(ann, "bob")], [[], ["ann: two read"]]);
});

Deno.test("LIST_MESSAGES of the original dialect is empty for nobody", () => {
  const ann = original(new NodeHarness(), "ann");
  assertEquals([messages(ann, "nobody"), messages(ann, ""), messages(ann, "ann")], [[], [], []]);
});

Deno.test("a login of the original dialect marks what waits as delivered, which it shows as unread", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  original(harness, "bob").session.disconnected();
  ann.ask("sendMessage", { to: "bob", content: "hey" });
  ann.takePushes();
  harness.pass(PRESENCE_MS);
  const bob = original(harness, "bob");
  assertEquals(ann.takePushes().map((push) => push.name), ["status", "user"]);
  assertEquals(shown(bob, "ann"), ["ann: hey unread"]);
  const listed = ann.ask("listMessages", { with: "bob" });
  assertEquals(
    listed.name === "messages" && "messages" in listed.payload && listed.payload.messages[0]?.status,
    "delivered",
  );
  assertEquals(bob.ask("listUsers", {}), { name: "users", payload: new Map([["ann", 1], ["bob", 0]]) });
});

Deno.test("the original dialect hears no push", () => {
  const harness = new NodeHarness();
  const [ann, bob] = [original(harness, "ann"), harness.login("bob")];
  bob.tell("sendMessage", { to: "ann", content: "hey" });
  bob.session.disconnected();
  harness.node.close("stopped", () => {});
  harness.settle();
  assertEquals([ann.takeReplies(), ann.pushes], [[], []]);
});

Deno.test("a request without a reply stays without one, whatever is wrong with it", () => {
  const harness = new NodeHarness();
  const ann = original(harness, "ann");
  const stranger = harness.connect({ dialect: "original" });
  for (const client of [ann, stranger]) {
    silently(
      client,
      { name: "sendMessage", payload: { to: "nobody", content: "hey" } },
      { name: "sendMessage", payload: { to: "ann", content: "" } },
      { name: "sendMessage", payload: { to: "ann", content: "x".repeat(2_000) } },
      { name: "readMessages", payload: { with: "nobody" } },
      { name: "deleteMessages", payload: { ids: ["no such id"] } },
      { name: "ping", payload: null },
    );
    for (const type of [3, 4, 7, 8, 9]) {
      client.frame(type, fromHex("04 00000000"));
      client.frame(type, fromHex("00"));
    }
    assertEquals(client.takeReplies(), []);
    assertEquals(client.closed, false);
  }
  silently(stranger, { name: "deleteAccount", payload: { password: "" } });
  assertEquals(harness.state.directory.size, 1);
});

Deno.test("a request that has a reply and cannot be served gets an ERROR with a string", () => {
  const harness = new NodeHarness();
  const client = harness.connect({ dialect: "original" });
  const answers = [
    client.ask("startLogin", { name: "not a name" }),
    client.ask("finishLogin", { password: "password" }),
    client.ask("listMessages", { with: "ann" }),
    client.ask("listUsers", {}),
  ];
  for (const type of [1, 2, 5, 6]) {
    client.frame(type, fromHex("03 00000000"));
    answers.push(client.takeReply());
    client.frame(type, fromHex("02 ffffffff"));
    answers.push(client.takeReply());
  }
  for (const type of [0, 13, 17, 99]) {
    client.frame(type);
    answers.push(client.takeReply());
  }
  for (const answer of answers) assertEquals([answer.name, typeof answer.payload], ["error", "string"]);
  assertEquals(answers.length, 16);
  assertEquals(client.closed, false);
});

Deno.test("DELETE_ACCOUNT of the original dialect needs the login only, and closes every session", () => {
  const harness = new NodeHarness();
  const [ann, other] = [original(harness, "ann"), harness.login("ann")];
  silently(ann, { name: "deleteAccount", payload: { password: "" } });
  assertEquals([ann.closed, other.closed, harness.state.directory.size], [true, true, 0]);
});

Deno.test("a session of the original dialect has no deadline once it is logged in", () => {
  const harness = new NodeHarness();
  const client = harness.connect({ dialect: "original" });
  const { limits } = harness.node.settings;
  assertEquals(client.session.deadlineMs, 1_000 + limits.firstFrameMs);
  harness.pass(5_000);
  client.tell("startLogin", { name: "ann" });
  assertEquals(client.session.deadlineMs, 6_000 + limits.loginMs);
  client.tell("finishLogin", { password: passwordOf("ann") });
  assertEquals(client.session.deadlineMs, Infinity);
});
