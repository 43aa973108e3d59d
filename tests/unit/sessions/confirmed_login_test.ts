import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import type { Request } from "../../../common/protocol/requests.ts";
import { fromHex } from "../../testing/hexadecimal.ts";
import { inShort } from "../../testing/harness_client.ts";
import { fakeHash, NodeHarness, passwordOf } from "../../testing/node_harness.ts";
import { IDS, REQUEST_SAMPLES } from "../../testing/protocol_samples.ts";

Deno.test("HELLO is answered with what the client needs to know", () => {
  const harness = new NodeHarness();
  const client = harness.connect({ dialect: "original" });
  client.request("hello", { version: 2, client: "test" });
  client.dialect = "confirmed";
  const reply = client.takeReply();
  if (reply.name !== "welcome") throw new Error(inShort(reply));
  const { limits, nodes, ...rest } = reply.payload;
  const features = [
    "account-ids",
    "block",
    "cluster-state",
    "invitations",
    "nodes",
    "search",
    "web",
    "watch",
  ];
  assertEquals(rest, { version: 2, server: "1.2.3", node: "node1", cluster: "cluster", features });
  assertEquals(nodes.map((node) => node.name), ["node1", "node2", "node3"]);
  assertEquals(limits.get("contentBytes"), DEFAULT_LIMITS.contentBytes);
  assertEquals(client.closed, false);
});

Deno.test("HELLO of another version is refused and the connection closed", () => {
  const client = new NodeHarness().connect({ dialect: "original" });
  client.request("hello", { version: 3, client: "test" });
  client.dialect = "confirmed";
  assertEquals(inShort(client.takeReply()), "version-unknown");
  assertEquals(client.closed, true);
});

Deno.test("HELLO of a version with other fields is refused by its version", () => {
  const client = new NodeHarness().connect({ dialect: "original" });
  client.frame(10, fromHex("04 00000001 02 00000007 76657273696f6e 00 0000000000000007"));
  client.dialect = "confirmed";
  assertEquals([inShort(client.takeReply()), client.closed], ["version-unknown", true]);
});

Deno.test("HELLO that is not the first frame is a bad request, in either dialect", () => {
  const harness = new NodeHarness();
  assertEquals(harness.connect().tell("hello", { version: 2, client: "test" }), "bad-request");
  const old = harness.connect({ dialect: "original" });
  old.request("ping", null);
  old.request("hello", { version: 2, client: "test" });
  old.dialect = "confirmed";
  assertEquals(inShort(old.takeReply()), "bad-request");
  old.dialect = "original";
  assertEquals(old.tell("startLogin", { name: "ann" }), "userNotExisting");
});

Deno.test("nothing but LOGIN_2 and RESUME gives a right", () => {
  const harness = new NodeHarness();
  harness.login("ann");
  const client = harness.connect();
  assertEquals(client.tell("ping", null), "pong");
  assertEquals(client.tell("startLogin", { name: "ann" }), "userExisting");
  const open = new Set(["startLogin", "finishLogin", "ping", "hello", "resume", "useFeatures"]);
  const all = Object.keys(REQUEST_SAMPLES) as Request["name"][];
  const names = all.filter((name) => !open.has(name));
  for (const name of names) {
    for (const payload of REQUEST_SAMPLES[name]) {
      assertEquals(client.tell(name, payload as never), "not-logged-in", name);
    }
  }
  assertEquals(names.length, all.length - open.size);
  assertEquals(client.session.loggedIn, false);
});

Deno.test("LOGIN_2 creates after 102, verifies after 101, and follows LOGIN_1", () => {
  const harness = new NodeHarness();
  const client = harness.connect();
  assertEquals(client.tell("finishLogin", { password: "password" }), "bad-request");
  assertEquals(client.tell("startLogin", { name: "Ann" }), "userNotExisting");
  const made = client.ask("finishLogin", { password: "password" });
  if (made.name !== "loginSuccess" || !("token" in made.payload)) throw new Error(inShort(made));
  assertEquals([made.payload.name, made.payload.unread], ["Ann", 0]);
  assertMatch(made.payload.token, /^[0-9a-f]{64}$/);

  const other = harness.connect();
  assertEquals(other.tell("startLogin", { name: "aNN" }), "userExisting");
  assertEquals(other.tell("finishLogin", { password: "passwort" }), "loginFailed");
  assertEquals(other.tell("finishLogin", { password: "password" }), "loginSuccess", "again without LOGIN_1");
  assertEquals(harness.log.synced.map((entry) => entry.type), [
    "accountCreated",
    "addressKeyMade",
    "addressKnown",
    "tokenIssued",
    "tokenIssued",
  ]);
});

Deno.test("a password over 72 bytes is compared, as it may be an imported one, and never hashed", () => {
  const harness = new NodeHarness();
  const long = "x".repeat(100);
  const id = "0123456789abcdef0123";
  harness.node.apply([{ type: "accountCreated", account: id, name: "ann", hash: fakeHash(long, 4) }]);
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  assertEquals(client.tell("finishLogin", { password: `${long}y` }), "loginFailed");
  assertEquals(client.tell("finishLogin", { password: long }), "loginSuccess");
  assertEquals(client.tell("changePassword", { old: long, new: `${long}y` }), "password-invalid");
  assertEquals(client.tell("changePassword", { old: `${long}y`, new: passwordOf("ann") }), "login-failed");
  assertEquals(harness.hasher.jobs.filter((job) => "cost" in job), [], "not renewed either");
  assertEquals(client.tell("changePassword", { old: long, new: passwordOf("ann") }), "ok");
  client.tell("startLogin", { name: "bob" });
  assertEquals(client.tell("finishLogin", { password: long }), "password-invalid");
});

Deno.test("LOGIN_1 refuses names that nobody can have", () => {
  const client = new NodeHarness().connect();
  for (const name of ["", ".a", "-a", "_a", "a b", "a~node1", "ä", "a".repeat(33), "a\n"]) {
    assertEquals(client.tell("startLogin", { name }), "name-invalid", name);
  }
  for (const name of ["a", "0", "a.b_c-D", "a".repeat(32)]) {
    assertEquals(client.tell("startLogin", { name }), "userNotExisting", name);
  }
});

Deno.test("LOGIN_2 refuses passwords under 8 bytes, over 72 and with NUL", () => {
  const harness = new NodeHarness();
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  for (const password of ["", "1234567", "ä".repeat(37), "x".repeat(73), "1234567\0"]) {
    assertEquals(client.tell("finishLogin", { password }), "password-invalid");
  }
  assertEquals(client.tell("finishLogin", { password: "ä".repeat(4) }), "loginSuccess");
  client.tell("startLogin", { name: "bob" });
  assertEquals(client.tell("finishLogin", { password: "x".repeat(72) }), "loginSuccess");
  client.tell("startLogin", { name: "bob" });
  assertEquals(client.tell("finishLogin", { password: "x".repeat(72) + "\0" }), "password-invalid");
  assertEquals(client.tell("finishLogin", { password: "x" }), "loginFailed");
});

Deno.test("LOGIN_2 says name-taken where somebody else was quicker, before or while hashing", () => {
  const harness = new NodeHarness();
  const [first, second, third] = [harness.connect(), harness.connect(), harness.connect()];
  for (const client of [first, second, third]) client.tell("startLogin", { name: "ann" });
  first.request("finishLogin", { password: "password1" });
  second.request("finishLogin", { password: "password2" });
  assertEquals(inShort(first.takeReply()), "loginSuccess");
  assertEquals(inShort(second.takeReply()), "name-taken");
  assertEquals(third.tell("finishLogin", { password: "password3" }), "name-taken");
  assertEquals(harness.state.directory.find("ann")?.passwordHash, fakeHash("password1"));
});

Deno.test("a login lasts until another one succeeds", () => {
  const harness = new NodeHarness();
  harness.login("bob");
  const client = harness.login("ann");
  client.tell("startLogin", { name: "bob" });
  assertEquals(client.tell("finishLogin", { password: "not this one" }), "loginFailed");
  assertEquals(client.tell("sendMessage", { to: "bob", content: "from ann" }), "sent");
  assertEquals(client.tell("startLogin", { name: "bob" }), "userExisting");
  assertEquals(client.tell("finishLogin", { password: passwordOf("bob") }), "loginSuccess");
  assertEquals(client.tell("readMessages", { with: "ann" }), "ok 1", "is bob now");
});

Deno.test("LOGIN_2 fails where the account was deleted meanwhile, and its name is free", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  const other = harness.connect();
  other.tell("startLogin", { name: "ann" });
  other.request("finishLogin", { password: passwordOf("ann") });
  harness.node.apply([{ type: "accountDeleted", account: harness.state.directory.find("ann")?.id ?? "" }]);
  assertEquals(inShort(other.takeReply()), "loginFailed");
  assertEquals(ann.closed, true);
  assertEquals(other.tell("startLogin", { name: "ann" }), "userNotExisting");
});

Deno.test("a login hashes a password anew whose hash is too cheap", () => {
  const harness = new NodeHarness();
  const account = "ann.1";
  harness.node.apply([{
    type: "accountCreated",
    account,
    name: "ann",
    hash: fakeHash(passwordOf("ann"), 4),
  }]);
  const ann = harness.login("ann");
  harness.settle();
  assertEquals(harness.state.account(account).passwordHash, fakeHash(passwordOf("ann"), 10));
  const jobs = harness.hasher.jobs.length;
  assertEquals(ann.tell("finishLogin", { password: passwordOf("ann") }), "loginSuccess");
  assertEquals(harness.hasher.jobs.length, jobs + 1, "not again");
  assertEquals(harness.connect().tell("resume", { token: ann.token }), "loginSuccess", "tokens stay good");
});

Deno.test("LOGIN_2 is refused as busy where the hasher is", () => {
  const harness = new NodeHarness();
  harness.login("ann");
  const client = harness.connect();
  harness.hasher.busy = true;
  client.tell("startLogin", { name: "ann" });
  const reply = client.ask("finishLogin", { password: passwordOf("ann") });
  assertEquals(reply.name === "error" && typeof reply.payload === "object" && reply.payload.retryAfter, 1);
  client.tell("startLogin", { name: "bob" });
  assertEquals(client.tell("finishLogin", { password: passwordOf("bob") }), "busy");
  assertEquals(harness.state.directory.find("bob"), undefined);
});

Deno.test("a connection gets no frames while its password is hashed, and replies in order", () => {
  const harness = new NodeHarness();
  const client = harness.connect();
  client.request("startLogin", { name: "ann" });
  client.request("finishLogin", { password: passwordOf("ann") });
  assertEquals([client.pauseMs, client.resumes], [Infinity, 0]);
  harness.turn();
  assertEquals(client.replies.map(inShort), ["userNotExisting"]);
  harness.hash();
  assertEquals(client.resumes, 1);
  assertEquals(client.takeReplies().map(inShort), ["userNotExisting", "loginSuccess"]);
});

Deno.test("a hash that comes back after the connection has ended makes no account", () => {
  const harness = new NodeHarness();
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  client.request("finishLogin", { password: passwordOf("ann") });
  client.session.disconnected();
  harness.settle();
  assertEquals([harness.state.directory.size, harness.log.synced.length], [0, 0]);
});

Deno.test("errors name the field, the value and the limit", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  const said = (reply: ReturnType<typeof ann.ask>): string =>
    reply.name === "error" && typeof reply.payload === "object" ? reply.payload.message : inShort(reply);
  assertStringIncludes(said(ann.ask("listUsers", { limit: 501 })), "limit must be from 1 to 500; 501 is not");
  assertStringIncludes(
    said(ann.ask("sendMessage", { to: "ann", content: "x".repeat(16_385) })),
    "16385 bytes",
  );
  assertStringIncludes(said(ann.ask("listMessages", { with: "ann", after: IDS[0] })), IDS[0]);
});
