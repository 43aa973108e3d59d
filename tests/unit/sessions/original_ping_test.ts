import { assertEquals } from "@std/assert";
import { encodeRequest } from "../../../common/protocol/codec.ts";
import type { Request } from "../../../common/protocol/requests.ts";
import { State } from "../../../server/core/state.ts";
import { type HarnessClient, inShort } from "../../testing/harness_client.ts";
import { NO_REPLICATION } from "../../testing/no_replication.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";

const LOOPBACK = "127.0.0.1";

/** A connection of the original dialect, after PING with a name. */
function pinged(harness: NodeHarness, name: string, address?: string): HarnessClient {
  const client = harness.connect({ dialect: "original", ...address !== undefined && { address } });
  silently(client, { name: "ping", payload: { name } });
  return client;
}

/** Sends a request, and checks that no reply comes. */
function silently(client: HarnessClient, request: Request): void {
  client.write(encodeRequest(request, "original"));
  assertEquals(client.takeReplies(), []);
}

const SEND: Request = { name: "sendMessage", payload: { to: "ann", content: "hey" } };

Deno.test("PING with the name of an account is a LOGIN_1 without a reply", () => {
  const harness = new NodeHarness();
  harness.login("ann");
  const client = pinged(harness, "ANN");
  assertEquals(client.session.loggedIn, false);
  assertEquals(client.session.loggingIn, true);
  assertEquals(client.tell("finishLogin", { password: "a wrong one" }), "loginFailed");
  assertEquals(client.tell("finishLogin", { password: passwordOf("ann") }), "loginSuccess");
});

Deno.test("PING with a name that nobody has reserves nothing and takes nothing away", () => {
  const harness = new NodeHarness();
  harness.login("ann");
  const client = pinged(harness, "bob");
  assertEquals(client.ask("finishLogin", { password: "password" }).name, "error");
  client.tell("startLogin", { name: "ann" });
  silently(client, { name: "ping", payload: { name: "bob" } });
  assertEquals(client.tell("finishLogin", { password: passwordOf("ann") }), "loginSuccess");
});

Deno.test("PING does not change a login, nor what LOGIN_2 means after one", () => {
  const harness = new NodeHarness();
  harness.login("ann");
  const bob = harness.login("bob", { dialect: "original" });
  silently(bob, { name: "ping", payload: { name: "ann" } });
  assertEquals(bob.tell("finishLogin", { password: passwordOf("bob") }), "loginSuccess");
});

Deno.test("a connection that only said PING ends with the first request that needs a login", () => {
  const harness = new NodeHarness();
  harness.login("ann");
  const lists = pinged(harness, "ann");
  assertEquals(inShort(lists.ask("listUsers", {})).includes("log in first"), true);
  assertEquals(lists.closed, true);
  const sends = pinged(harness, "ann");
  silently(sends, SEND);
  assertEquals([sends.closed, sends.session.deadlineMs], [false, harness.time.monotonicMs + 1_000]);
  silently(sends, { name: "ping", payload: { name: "ann" } });
  assertEquals(inShort(sends.ask("listMessages", { with: "ann" })).includes("log in first"), true);
  assertEquals([sends.closed, harness.state.messages.size], [true, 0]);
});

Deno.test("a connection that said LOGIN_1 goes on without a login", () => {
  const harness = new NodeHarness();
  harness.login("ann");
  const client = pinged(harness, "ann");
  client.tell("startLogin", { name: "ann" });
  silently(client, { name: "ping", payload: { name: "ann" } });
  silently(client, SEND);
  assertEquals(inShort(client.ask("listUsers", {})).includes("log in first"), true);
  assertEquals([client.closed, client.session.loggedIn, harness.state.messages.size], [false, false, 0]);
});

Deno.test("a node that serves nobody ends each connection of the original dialect, and answers HELLO", () => {
  const replication = { ...NO_REPLICATION, unavailable: "it is being filled" };
  const harness = new NodeHarness({}, new State(), "node1#aaaaaaaaaaaa", replication);
  assertEquals(pinged(harness, "ann").closed, true);
  const client = harness.connect({ dialect: "original" });
  assertEquals(client.ask("startLogin", { name: "ann" }), { name: "error", payload: "it is being filled" });
  assertEquals(client.closed, true);
  const confirmed = harness.connect();
  assertEquals([confirmed.tell("startLogin", { name: "ann" }), confirmed.closed], ["unavailable", false]);
  assertEquals(confirmed.tell("ping", null), "pong");
});

Deno.test("originalReconnect: PING logs in from a loopback address, and nobody who is disabled", () => {
  const harness = new NodeHarness();
  Object.assign(harness.node.settings, { originalReconnect: true });
  const ann = harness.login("ann");
  ann.tell("sendMessage", { to: "ann", content: "note" });
  assertEquals(pinged(harness, "ann").session.loggedIn, false, "another machine");
  assertEquals(pinged(harness, "nobody", LOOPBACK).session.loggedIn, false);
  const client = pinged(harness, "Ann", LOOPBACK);
  assertEquals([client.session.loggedIn, client.session.deadlineMs], [true, Infinity]);
  assertEquals(client.tell("listUsers", {}), "users");
  assertEquals(client.tell("finishLogin", { password: "a wrong one" }), "loginFailed");
  harness.operate({ act: "disableUser", name: "ann" });
  assertEquals(client.closed, true);
  assertEquals(pinged(harness, "ann", LOOPBACK).session.loggedIn, false);
});

Deno.test("without originalReconnect PING logs nobody in, from a loopback address either", () => {
  const harness = new NodeHarness();
  harness.login("ann");
  assertEquals(pinged(harness, "ann", LOOPBACK).session.loggedIn, false);
});
