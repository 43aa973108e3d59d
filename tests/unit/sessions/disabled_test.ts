import { assert, assertEquals } from "@std/assert";
import { encodeEntry } from "../../../server/core/encoded_entry.ts";
import { entryOf } from "../../../server/core/entry.ts";
import { inShort } from "../../testing/harness_client.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";

const WRONG = "another password";

function act(harness: NodeHarness, act: "disableUser" | "enableUser", name = "ann"): void {
  assert("done" in harness.operate({ act, name }));
}

/** A harness with ann, who is disabled and logged in nowhere, and her token. */
function disabledAnn(): { harness: NodeHarness; token: string } {
  const harness = new NodeHarness();
  const { token } = harness.login("ann");
  act(harness, "disableUser");
  return { harness, token };
}

Deno.test("a disabled account: whoever has the password learns why, and nobody else", () => {
  const { harness } = disabledAnn();
  const written = harness.log.synced.length;
  const client = harness.connect();
  assertEquals(client.tell("startLogin", { name: "ann" }), "userExisting");
  assertEquals(client.tell("finishLogin", { password: WRONG }), "loginFailed");
  const reply = client.ask("finishLogin", { password: passwordOf("ann") });
  assert(reply.name === "error" && typeof reply.payload === "object");
  assertEquals(reply.payload, {
    code: "disabled",
    message:
      "the operator of this server has disabled this account; ask them to enable it. Its messages are kept",
  });
  assertEquals([client.session.loggedIn, harness.log.synced.length], [false, written]);
});

Deno.test("a disabled account: every guess costs a hash, and wrong ones count as ever", () => {
  const { harness } = disabledAnn();
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  const before = harness.hasher.jobs.length;
  const told = Array.from({ length: 6 }, () => client.tell("finishLogin", { password: WRONG }));
  assertEquals(told, [...Array(5).fill("loginFailed"), "rate-limited"]);
  assertEquals(harness.hasher.jobs.length - before, 5);
  assertEquals(client.tell("finishLogin", { password: passwordOf("ann") }), "rate-limited");
});

Deno.test("a disabled account: its tokens are refused, and good again once it is enabled", () => {
  const { harness, token } = disabledAnn();
  assertEquals(harness.connect().tell("resume", { token }), "disabled");
  act(harness, "enableUser");
  assertEquals(harness.connect().tell("resume", { token }), "loginSuccess");
});

Deno.test("a disabled account: a login of the original dialect fails", () => {
  const { harness } = disabledAnn();
  const client = harness.connect({ dialect: "original" });
  client.tell("startLogin", { name: "ann" });
  assertEquals(client.tell("finishLogin", { password: passwordOf("ann") }), "loginFailed");
  const counts = harness.sessions.census.requests.all();
  assertEquals(
    counts.find(({ outcome, count }) => outcome === "disabled" && count > 0)?.request,
    "finishLogin",
  );
});

Deno.test("a disabled account: its sessions are told and ended, those of the original dialect without a word", () => {
  const harness = new NodeHarness();
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  const old = harness.login("ann", { dialect: "original" });
  bob.tell("sendMessage", { to: "ann", content: "hey" });
  for (const client of [ann, old, bob]) client.takeReplies();
  ann.request("sendMessage", { to: "bob", content: "before" });
  act(harness, "disableUser");
  assertEquals(ann.takeReplies().map(inShort), ["sent", "disabled"]);
  assertEquals([ann.closed, old.closed, bob.closed], [true, true, false]);
  assertEquals(old.takeReplies(), []);
  harness.pass(10_000);
  harness.node.replicated();
  const offline = bob.takePushes().filter(({ name }) => name === "user");
  assertEquals(offline.at(-1), { name: "user", payload: { name: "ann", change: "offline" } });
});

Deno.test("a disabled account: messages to it are taken, kept and there after it is enabled", () => {
  const { harness, token } = disabledAnn();
  const bob = harness.login("bob");
  assertEquals(bob.tell("sendMessage", { to: "ann", content: "hey" }), "sent");
  act(harness, "enableUser");
  const ann = harness.connect();
  const login = ann.ask("resume", { token });
  assertEquals(login.name === "loginSuccess" && "unread" in login.payload && login.payload.unread, 1);
});

Deno.test("a session of an account that another node has disabled ends", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  const account = harness.state.directory.find("ann")?.id ?? "";
  const event = { type: "accountDisabled", account, generation: 1 } as const;
  harness.node.absorb([encodeEntry(entryOf("node2#cccccccccccc", 1, 5, event))], () => {});
  assertEquals(ann.takeReplies().map(inShort), ["disabled"]);
  assertEquals([ann.closed, ann.session.loggedIn], [true, false]);
});

Deno.test("a login that is under way while its account is disabled is refused", () => {
  const harness = new NodeHarness();
  harness.login("ann").session.disconnected();
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  client.request("finishLogin", { password: passwordOf("ann") });
  harness.turn();
  harness.operator.serve({ act: "disableUser", name: "ann" }, () => {});
  assertEquals(client.takeReplies().map(inShort), ["disabled"]);
  assertEquals(client.session.loggedIn, false);
});

Deno.test("a client of version 1.0.0 gets a code that it knows", () => {
  const { harness, token } = disabledAnn();
  const client = harness.connect({ dialect: "original" });
  client.request("hello", { version: 2, client: "chat-client/1.0.0" });
  client.dialect = "confirmed";
  client.takeReplies();
  assertEquals(client.tell("resume", { token }), "not-allowed");
});
