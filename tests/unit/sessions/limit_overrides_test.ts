import { assertEquals } from "@std/assert";
import { ByteWriter } from "../../../common/wire/bytes.ts";
import { encodeValue, type Value } from "../../../common/wire/value.ts";
import type { HarnessClient } from "../../testing/harness_client.ts";
import { inShort } from "../../testing/harness_client.ts";
import { NodeHarness } from "../../testing/node_harness.ts";

const DAY_MS = 86_400_000;
const LIST_USERS = 6;

/** The reply to a payload of LIST_USERS. */
function listUsers(client: HarnessClient, payload: Value): string {
  const writer = new ByteWriter();
  encodeValue(writer, payload);
  client.frame(LIST_USERS, writer.copy());
  const reply = client.takeReply();
  return reply.name === "error" && typeof reply.payload === "object" ? reply.payload.message : inShort(reply);
}

function nested(depth: number): Value {
  return depth === 0 ? "" : [nested(depth - 1)];
}

Deno.test("valueDepth, listItems and dictionaryKeys: as configured, at the edge and past it", () => {
  const ann = new NodeHarness({ valueDepth: 4, listItems: 3, dictionaryKeys: 2 }).login("ann");
  const misshapen = "payload must be a dictionary";
  assertEquals(listUsers(ann, nested(4)), misshapen, "decoded, and then not what the request looks like");
  assertEquals(listUsers(ann, nested(5)).includes("deeper than the 4 levels"), true);
  assertEquals(listUsers(ann, ["a", "b", "c"]), misshapen);
  assertEquals(listUsers(ann, ["a", "b", "c", "d"]).includes("4 items is over the limit of 3"), true);
  const two: [string, Value][] = [["match", "*"], ["limit", 1]];
  assertEquals(listUsers(ann, new Map(two)), "users");
  assertEquals(
    listUsers(ann, new Map([...two, ["after", "a"]])).includes("3 keys is over the limit of 2"),
    true,
  );
});

Deno.test("passwordBytesMin and passwordBytesMax: as configured, at the edge and past it", () => {
  const client = new NodeHarness({ passwordBytesMin: 4, passwordBytesMax: 6 }).connect();
  for (
    const [password, expected] of [["abc", "password-invalid"], ["abcdefg", "password-invalid"]] as const
  ) {
    client.tell("startLogin", { name: "ann" });
    assertEquals(client.tell("finishLogin", { password }), expected, password);
  }
  for (const [name, password] of [["ann", "abcd"], ["bob", "abcdef"]] as const) {
    client.tell("startLogin", { name });
    assertEquals(client.tell("finishLogin", { password }), "loginSuccess", password);
  }
});

Deno.test("usersPage and usersPageMax: as configured, at the edge and past it", () => {
  const harness = new NodeHarness({ usersPage: 2, usersPageMax: 3 });
  const [ann] = ["ann", "bob", "cat", "dan"].map((name) => harness.login(name));
  if (ann === undefined) return;
  for (const [limit, expected] of [[undefined, 2], [3, 3]] as const) {
    const reply = ann.ask("listUsers", limit === undefined ? {} : { limit });
    if (reply.name !== "users" || !("users" in reply.payload)) throw new Error(inShort(reply));
    assertEquals((reply.payload.users as readonly unknown[]).length, expected);
  }
  assertEquals(ann.tell("listUsers", { limit: 4 }), "bad-request");
  assertEquals(ann.tell("listChats", { limit: 3 }), "chats");
  assertEquals(ann.tell("listChats", { limit: 4 }), "bad-request");
});

Deno.test("idsPerPush: so many ids in one push and one entry, as configured", () => {
  const harness = new NodeHarness({ idsPerPush: 3 });
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  for (let i = 0; i < 4; i++) ann.tell("sendMessage", { to: "bob", content: String(i) });
  ann.takePushes();
  assertEquals(bob.tell("readMessages", { with: "ann" }), "ok 4");
  const pushed = ann.takePushes().map((push) => push.name === "status" ? push.payload.ids.length : push.name);
  assertEquals(pushed, [3, 1]);
  const logged = harness.log.synced.flatMap((entry) =>
    entry.type === "messagesRead" ? [entry.ids.length] : []
  );
  assertEquals(logged, [3, 1]);
});

Deno.test("loginDelayMs and loginDelayMsMax: the delay begins, doubles and ends as configured", () => {
  const harness = new NodeHarness({ loginFailuresPerMinute: 1, loginDelayMs: 2_000, loginDelayMsMax: 3_000 });
  harness.login("ann");
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  for (const delayMs of [2_000, 3_000, 3_000]) {
    assertEquals(client.tell("finishLogin", { password: "wrong password" }), "loginFailed");
    harness.pass(delayMs - 1);
    assertEquals(client.tell("finishLogin", { password: "wrong password" }), "rate-limited", `${delayMs}`);
    harness.pass(1);
  }
});

Deno.test("loginFailuresWindowMs: an address that guessed is let in again as configured", () => {
  const harness = new NodeHarness({
    loginFailuresPerMinute: 0,
    loginFailuresPerAddress: 2,
    loginFailuresWindowMs: 5_000,
  });
  harness.login("ann");
  const client = harness.connect({ address: "192.0.2.7" });
  client.tell("startLogin", { name: "ann" });
  for (let i = 0; i < 2; i++) {
    assertEquals(client.tell("finishLogin", { password: "wrong one" }), "loginFailed");
  }
  harness.pass(4_999);
  client.request("finishLogin", { password: "password of ann" });
  assertEquals(client.takeReplies(), [], "strangers are refused a second later");
  harness.pass(1_000);
  harness.sessions.tick();
  assertEquals(inShort(client.takeReply()), "rate-limited");
  assertEquals(client.tell("finishLogin", { password: "password of ann" }), "loginSuccess");
});

Deno.test("messagesBurst and bytesBurst: so much at once, as configured", () => {
  const byMessages = new NodeHarness({ messagesBurst: 2, bytesPerSecond: 0 }).login("ann");
  for (const pauseMs of [0, 0, 20]) {
    byMessages.tell("sendMessage", { to: "ann", content: "x" });
    assertEquals(byMessages.pauseMs, pauseMs);
  }
  // A PING is a header of 12 bytes; the login has used none of the allowance.
  const byBytes = new NodeHarness({ bytesBurst: 24, bytesPerSecond: 12 }).login("ann");
  for (const pauseMs of [0, 0, 1_000]) {
    byBytes.tell("ping", null);
    assertEquals(byBytes.pauseMs, pauseMs);
  }
});

Deno.test("tokensPerAccount and tokenUnusedDays: as configured, at the edge and past it", () => {
  const harness = new NodeHarness({ tokensPerAccount: 2, tokenUnusedDays: 3 });
  const tokens = [1, 2, 3].map(() => {
    const client = harness.login("ann");
    client.session.disconnected();
    harness.pass(1);
    return client.token;
  });
  const remembered = (): number => {
    harness.node.tick();
    return harness.node.state.revoked.size;
  };
  const resumed = (): string[] => tokens.map((token) => harness.connect().tell("resume", { token }));
  assertEquals(resumed(), ["loginFailed", "loginSuccess", "loginSuccess"]);
  assertEquals(remembered(), 1, "the one that gave way");
  harness.pass(3 * DAY_MS - 2);
  assertEquals(resumed(), ["loginFailed", "loginSuccess", "loginSuccess"], "three days, not more");
  harness.pass(3);
  assertEquals(resumed(), ["loginFailed", "loginFailed", "loginFailed"]);
  assertEquals(remembered(), 0);
});

Deno.test("firstFrameMs, loginMs and idleMs: the deadlines of a connection are as configured", () => {
  const harness = new NodeHarness({ firstFrameMs: 100, loginMs: 200, idleMs: 300 });
  const client = harness.connect({ dialect: "original" });
  const left = (): number => client.session.deadlineMs - harness.time.monotonicMs;
  assertEquals(left(), 100);
  client.hello();
  assertEquals(left(), 200);
  harness.pass(50);
  client.tell("startLogin", { name: "ann" });
  assertEquals(left(), 200, "LOGIN_1 gives a person the whole time");
  client.tell("finishLogin", { password: "password" });
  assertEquals(left(), 300);
});
