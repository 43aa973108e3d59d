import { assertEquals } from "@std/assert";
import { inShort } from "../../testing/harness_client.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";
import { IDS } from "../../testing/protocol_samples.ts";

Deno.test("a node whose disk is full refuses writes, with a time to come again", () => {
  const harness = new NodeHarness();
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  const message = { to: "bob", content: "hey", id: IDS[0] };
  ann.ask("sendMessage", message);
  harness.log.readOnly = true;
  const refused = ann.ask("sendMessage", { to: "bob", content: "ho" });
  assertEquals(
    refused.name === "error" && typeof refused.payload === "object" && [
      refused.payload.code,
      refused.payload.retryAfter,
    ],
    ["read-only", 5],
  );
  assertEquals(bob.tell("confirmDelivery", { ids: [IDS[0]] }), "read-only");
  assertEquals(bob.tell("readMessages", { with: "ann" }), "read-only");
  assertEquals(ann.tell("deleteMessages", { ids: [IDS[0]] }), "read-only");
  assertEquals(ann.tell("changePassword", { old: passwordOf("ann"), new: "another password" }), "read-only");
  assertEquals(ann.tell("deleteAccount", { password: passwordOf("ann") }), "read-only");
  assertEquals(ann.tell("logout", null), "read-only");
  assertEquals([ann.closed, ann.session.loggedIn], [false, true]);
});

Deno.test("a node whose disk is full serves reads and what changes nothing", () => {
  const harness = new NodeHarness();
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  const message = { to: "bob", content: "hey", id: IDS[0] };
  const sent = ann.ask("sendMessage", message);
  harness.log.readOnly = true;
  assertEquals(ann.ask("sendMessage", message), sent, "a repetition");
  assertEquals(bob.tell("listMessages", { with: "ann" }), "messages");
  assertEquals(bob.tell("listMessages", { undelivered: true }), "messages");
  assertEquals(bob.tell("listChats", {}), "chats");
  assertEquals(bob.tell("listUsers", {}), "users");
  assertEquals(bob.tell("readMessages", { with: "bob" }), "ok 0");
  assertEquals(bob.tell("deleteMessages", { ids: [IDS[1]] }), "ok 0");
});

Deno.test("a node whose disk is full logs in, without a token and without marks", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  ann.ask("sendMessage", { to: "ann", content: "hey" });
  harness.log.readOnly = true;
  const written = harness.log.synced.length;
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  assertEquals(client.ask("finishLogin", { password: passwordOf("ann") }), {
    name: "loginSuccess",
    payload: { name: "ann", token: "", unread: 0 },
  });
  assertEquals(client.tell("logout", null), "ok", "there is no token to void");
  assertEquals(harness.connect().tell("resume", { token: ann.token }), "loginSuccess");
  assertEquals(harness.connect().tell("resume", { token: "" }), "loginFailed");
  harness.login("ann", { dialect: "original" });
  const stranger = harness.connect();
  stranger.tell("startLogin", { name: "bob" });
  assertEquals(stranger.tell("finishLogin", { password: passwordOf("bob") }), "read-only");
  assertEquals(harness.log.synced.length, written);
});

Deno.test("a disk that fills up while a password is hashed refuses the new account", () => {
  const harness = new NodeHarness();
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  client.request("finishLogin", { password: passwordOf("ann") });
  harness.log.readOnly = true;
  assertEquals(inShort(client.takeReply()), "read-only");
  assertEquals(harness.state.directory.size, 0);
});

Deno.test("a node whose disk is full is silent about writes of the original dialect", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann", { dialect: "original" });
  harness.log.readOnly = true;
  ann.request("sendMessage", { to: "ann", content: "hey" });
  ann.request("deleteAccount", { password: "" });
  assertEquals(ann.takeReplies(), []);
  assertEquals([ann.closed, harness.state.messages.size, harness.state.directory.size], [false, 0, 1]);
  assertEquals(ann.tell("listUsers", {}), "users");
});

Deno.test("a node whose memory is full refuses what grows, and marks, deletes, changes and logs out", () => {
  const harness = new NodeHarness();
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  const message = { to: "bob", content: "hey", id: IDS[0] };
  const sent = ann.ask("sendMessage", message);
  harness.memory.isShort = true;
  const refused = ann.ask("sendMessage", { to: "bob", content: "ho" });
  assertEquals(
    refused.name === "error" && typeof refused.payload === "object" && [
      refused.payload.code,
      refused.payload.retryAfter,
      refused.payload.message.includes("the memory of this node is full"),
    ],
    ["read-only", 5, true],
  );
  assertEquals(ann.ask("sendMessage", message), sent, "a repetition");
  assertEquals(bob.tell("confirmDelivery", { ids: [IDS[0]] }), "ok 1");
  assertEquals(bob.tell("readMessages", { with: "ann" }), "ok 1");
  assertEquals(bob.tell("listMessages", { with: "ann" }), "messages");
  const stranger = harness.connect();
  stranger.tell("startLogin", { name: "eve" });
  assertEquals(stranger.tell("finishLogin", { password: passwordOf("eve") }), "read-only");
  assertEquals(harness.connect().tell("resume", { token: ann.token }), "loginSuccess");
  const again = harness.connect();
  again.tell("startLogin", { name: "bob" });
  assertEquals(again.ask("finishLogin", { password: passwordOf("bob") }), {
    name: "loginSuccess",
    payload: { name: "bob", token: "", unread: 0 },
  });
  assertEquals(ann.tell("deleteMessages", { ids: [IDS[0]] }), "ok 1");
  assertEquals(ann.tell("changePassword", { old: passwordOf("ann"), new: "another password" }), "ok");
  assertEquals(ann.tell("logout", null), "ok");
  assertEquals(bob.tell("deleteAccount", { password: passwordOf("bob") }), "ok");
  assertEquals(harness.state.directory.size, 1);
});
