import { PRESENCE_MS } from "../../../server/node/presence_news.ts";
import { assertEquals } from "@std/assert";
import { findToken } from "../../../server/core/accounts/tokens.ts";
import { State } from "../../../server/core/state.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { type HarnessClient, inShort } from "../../testing/harness_client.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";
import { stateDigest } from "../../testing/state_digest.ts";

const NEW = "another password";
const DAY_MS = 24 * 60 * 60 * 1_000;

function changes(client: HarnessClient): string[] {
  return client.takePushes().flatMap((push) =>
    push.name === "user" ? [`${push.payload.name} ${push.payload.change}`] : []
  );
}

function resumed(harness: NodeHarness, token: string): string {
  return harness.connect().tell("resume", { token });
}

Deno.test("RESUME logs in with the same token, writes nothing, and fails for any other", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  harness.login("bob").tell("sendMessage", { to: "ann", content: "hey" });
  const written = harness.log.synced.length;
  const client = harness.connect();
  assertEquals(client.ask("resume", { token: ann.token }), {
    name: "loginSuccess",
    payload: { name: "ann", token: ann.token, unread: 1 },
  });
  assertEquals(harness.log.synced.length, written);
  assertEquals(client.tell("readMessages", { with: "bob" }), "ok 1");
  for (const token of ["", "0".repeat(64), `${ann.token} `]) {
    assertEquals(resumed(harness, token), "loginFailed");
  }
});

Deno.test("RESUME works at a node that has nothing but the entries", () => {
  const first = new NodeHarness();
  const ann = first.login("ann");
  const state = new State();
  for (const entry of first.log.synced) evolve(state, entry);
  const second = new NodeHarness({}, state, "node2#cccccccccccc");
  assertEquals(resumed(second, ann.token), "loginSuccess");
  assertEquals(stateDigest(state), stateDigest(first.state));
});

Deno.test("LOGOUT voids the token, ends its other sessions, and keeps the connection", () => {
  const harness = new NodeHarness();
  const [ann, other] = [harness.login("ann"), harness.login("ann")];
  const same = harness.connect();
  same.tell("resume", { token: ann.token });
  assertEquals(ann.tell("logout", null), "ok");
  assertEquals([ann.closed, same.closed, other.closed], [false, true, false]);
  assertEquals(ann.tell("listUsers", {}), "not-logged-in");
  assertEquals([resumed(harness, ann.token), resumed(harness, other.token)], ["loginFailed", "loginSuccess"]);
  ann.login("ann", passwordOf("ann"));
  assertEquals(ann.tell("listUsers", {}), "users");
});

Deno.test("CHANGE_PASSWORD voids every other session and token, and the old password", () => {
  const harness = new NodeHarness();
  const [ann, other, bob] = [harness.login("ann"), harness.login("ann"), harness.login("bob")];
  const old = harness.login("ann", { dialect: "original" });
  const spare = harness.login("ann");
  spare.session.disconnected();
  assertEquals(ann.tell("changePassword", { old: "wrong password", new: NEW }), "login-failed");
  assertEquals(ann.tell("changePassword", { old: passwordOf("ann"), new: "short" }), "password-invalid");
  assertEquals([other.closed, old.closed], [false, false]);
  assertEquals(ann.tell("changePassword", { old: passwordOf("ann"), new: NEW }), "ok");
  assertEquals([ann.closed, other.closed, old.closed, bob.closed], [false, true, true, false]);
  assertEquals(ann.tell("listUsers", {}), "users");
  assertEquals([other, spare, ann].map(({ token }) => resumed(harness, token)), [
    "loginFailed",
    "loginFailed",
    "loginSuccess",
  ]);
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  assertEquals(client.tell("finishLogin", { password: passwordOf("ann") }), "loginFailed");
  assertEquals(client.tell("finishLogin", { password: NEW }), "loginSuccess");
});

Deno.test("CHANGE_PASSWORD again voids what was issued since, but for the asker", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  ann.tell("changePassword", { old: passwordOf("ann"), new: NEW });
  const later = harness.connect();
  later.login("ann", NEW);
  assertEquals(ann.tell("changePassword", { old: NEW, new: passwordOf("ann") }), "ok");
  assertEquals([later.closed, resumed(harness, later.token)], [true, "loginFailed"]);
  assertEquals(resumed(harness, ann.token), "loginSuccess");
});

Deno.test("CHANGE_PASSWORD fails where the password changed or the account went while it was hashed", () => {
  const harness = new NodeHarness();
  const [ann, other] = [harness.login("ann"), harness.login("ann")];
  ann.request("changePassword", { old: passwordOf("ann"), new: NEW });
  other.request("changePassword", { old: passwordOf("ann"), new: "yet another" });
  assertEquals([inShort(ann.takeReply()), other.closed], ["ok", true]);
  const bob = harness.login("bob");
  bob.request("changePassword", { old: passwordOf("bob"), new: NEW });
  harness.hash();
  harness.node.apply([{ type: "accountDeleted", account: harness.state.directory.find("bob")?.id ?? "" }]);
  harness.settle();
  assertEquals([bob.closed, harness.state.directory.find("bob")], [true, undefined]);
});

Deno.test("DELETE_ACCOUNT takes messages and sessions with it, frees the name, and tells who talked with it", () => {
  const harness = new NodeHarness();
  const [ann, ann2, bob, cy] = ["ann", "ann", "bob", "cy"].map((name) => harness.login(name));
  if (!ann || !ann2 || !bob || !cy) return;
  ann.tell("sendMessage", { to: "bob", content: "from ann" });
  bob.tell("sendMessage", { to: "ann", content: "from bob" });
  [bob, cy].forEach(changes);
  assertEquals(ann.tell("deleteAccount", { password: "wrong password" }), "login-failed");
  assertEquals(ann.closed, false);
  assertEquals(ann.tell("deleteAccount", { password: passwordOf("ann") }), "ok");
  assertEquals([ann.closed, ann2.closed, bob.closed], [true, true, false]);
  assertEquals([changes(bob), changes(cy)], [["ann deleted"], []]);
  assertEquals(bob.tell("listMessages", { with: "ann" }), "unknown-user");
  assertEquals(bob.ask("listChats", {}), { name: "chats", payload: { chats: [], more: false } });
  assertEquals(resumed(harness, ann.token), "loginFailed");

  const heir = harness.connect();
  assertEquals(heir.tell("startLogin", { name: "ann" }), "userNotExisting");
  heir.login("ann", NEW);
  assertEquals(heir.ask("listMessages", { with: "bob" }), {
    name: "messages",
    payload: { messages: [], more: false },
  });
  const users = bob.ask("listUsers", { match: "ann" });
  assertEquals(users.name === "users" && users.payload, {
    users: [{ name: "ann", unread: 0, online: true }],
    more: false,
  });
});

Deno.test("USER says online and offline to those who have a conversation, at the first and last session", () => {
  const harness = new NodeHarness();
  const [ann, bob, cy] = ["ann", "bob", "cy"].map((name) => harness.login(name));
  if (!ann || !bob || !cy) return;
  ann.tell("sendMessage", { to: "bob", content: "hey" });
  [ann, bob, cy].forEach(changes);
  const again = harness.login("ann");
  assertEquals(changes(bob), []);
  again.session.disconnected();
  assertEquals(changes(bob), []);
  ann.tell("resume", { token: ann.token });
  assertEquals(changes(bob), [], "a login of the one that is logged in is no news");
  harness.pass(PRESENCE_MS);
  ann.session.disconnected();
  assertEquals([changes(bob), changes(cy)], [["ann offline"], []]);
  harness.pass(PRESENCE_MS);
  const back = harness.login("ann", { dialect: "original" });
  assertEquals(changes(bob), ["ann online"]);
  back.request("deleteAccount", { password: "" });
  assertEquals(changes(bob), ["ann deleted"], "and not offline too");
});

Deno.test("a renamed account is listed under its new name, and its sessions go on", () => {
  const harness = new NodeHarness();
  const [ann, bob, cy] = ["ann", "bob", "cy"].map((name) => harness.login(name));
  if (!ann || !bob || !cy) return;
  ann.tell("sendMessage", { to: "bob", content: "hey" });
  [ann, bob, cy].forEach(changes);
  const earlier = { origin: "node2#cccccccccccc", seq: 1, stamp: 1 };
  const change = evolve(harness.state, {
    ...earlier,
    type: "accountCreated",
    account: "ann.2",
    name: "Ann",
    hash: "h",
  });
  assertEquals(change.map((each) => each.type), ["accountRenamed", "accountMade"]);
  assertEquals(harness.state.directory.find("ann")?.id, "ann.2");
  const users = bob.ask("listUsers", { match: "ann*" });
  assertEquals(
    users.name === "users" && "users" in users.payload && users.payload.users.map((user) => user.name),
    [
      "Ann",
      "ann~node1",
    ],
  );
  assertEquals(bob.tell("sendMessage", { to: "ann~node1", content: "hey" }), "sent");
  assertEquals(ann.tell("readMessages", { with: "bob" }), "ok 1");
  const client = harness.connect();
  client.tell("startLogin", { name: "ANN~node1" });
  const reply = client.ask("finishLogin", { password: passwordOf("ann") });
  assertEquals(reply.name === "loginSuccess" && "name" in reply.payload && reply.payload.name, "ann~node1");
});

Deno.test("an account keeps 20 tokens, and a token 30 days without use", () => {
  const harness = new NodeHarness();
  const tokens = Array.from({ length: 21 }, () => {
    harness.pass(1);
    const client = harness.login("ann");
    client.session.disconnected();
    return client.token;
  });
  assertEquals(resumed(harness, tokens[0] ?? ""), "loginFailed");
  assertEquals(resumed(harness, tokens[1] ?? ""), "loginSuccess");
  const issued = harness.state.tokens.get(`digest of ${tokens[2]}`)?.issuedStamp ?? 0;
  harness.time.wallMs = issued / 1_000 + 30 * DAY_MS;
  assertEquals(resumed(harness, tokens[2] ?? ""), "loginSuccess");
  harness.pass(1);
  assertEquals(resumed(harness, tokens[2] ?? ""), "loginFailed");
});

Deno.test("tick() writes down once a day that a token is in use, which keeps it good", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  const uses = () => harness.log.synced.filter((entry) => entry.type === "tokensUsed").length;
  for (let hour = 0; hour < 40 * 24; hour++) {
    harness.pass(DAY_MS / 24);
    harness.node.tick();
    harness.settle();
  }
  assertEquals(uses(), 38);
  const { limits } = harness.node.settings;
  assertEquals(
    findToken(harness.state, `digest of ${ann.token}`, harness.time.wallMs, limits) !== undefined,
    true,
  );
  harness.log.readOnly = true;
  harness.pass(2 * DAY_MS);
  harness.node.tick();
  harness.settle();
  assertEquals(uses(), 38);
});
