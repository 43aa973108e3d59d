import { assertEquals } from "@std/assert";
import { refusal } from "../../../server/core/decision.ts";
import type { HarnessClient } from "../../testing/harness_client.ts";
import { NodeHarness } from "../../testing/node_harness.ts";

const SPENT = refusal("rate-limited", "the minute is spent; try again in 7 s", 7);

function closes(harness: NodeHarness, client: HarnessClient): boolean {
  harness.settle();
  return client.closed;
}

Deno.test("a login by token is free, also from an address that has spent its minute", () => {
  const harness = new NodeHarness();
  const { token } = harness.login("ann");
  const client = harness.connect({ dialect: "original" });
  client.spentMinute = SPENT;
  client.hello();
  assertEquals(client.tell("useFeatures", { use: ["account-ids"] }), "ok");
  assertEquals(client.tell("resume", { token: "0".repeat(64) }), "loginFailed");
  assertEquals([client.givenBack, client.session.loggedIn], [0, false]);
  assertEquals(client.tell("resume", { token }), "loginSuccess");
  assertEquals([client.givenBack, client.tell("listChats", {})], [1, "chats"]);
});

Deno.test("a connection whose minute is spent is told so when it asks for anything else, and closed", () => {
  const harness = new NodeHarness();
  const client = harness.connect({ dialect: "original" });
  client.spentMinute = SPENT;
  client.hello();
  assertEquals(client.ask("startLogin", { name: "ann" }), { name: "error", payload: SPENT });
  assertEquals([closes(harness, client), client.session.loggedIn], [true, false]);
});

Deno.test("a connection of the original dialect whose minute is spent is told so in that dialect", () => {
  const harness = new NodeHarness();
  const client = harness.connect({ dialect: "original" });
  client.spentMinute = SPENT;
  assertEquals(client.ask("startLogin", { name: "ann" }), { name: "error", payload: SPENT.message });
  assertEquals(closes(harness, client), true);
});

Deno.test("loggingIn is true from LOGIN_1 to the login, and not before", () => {
  const harness = new NodeHarness();
  const client = harness.connect();
  assertEquals(client.session.loggingIn, false);
  client.tell("startLogin", { name: "ann" });
  assertEquals(client.session.loggingIn, true);
  client.tell("finishLogin", { password: "a long password" });
  assertEquals([client.session.loggingIn, client.session.loggedIn], [false, true]);
});

Deno.test("dismiss() answers with the reason and closes, in the midst of a login too", () => {
  const harness = new NodeHarness();
  const client = harness.connect();
  client.tell("startLogin", { name: "ann" });
  client.session.dismiss(SPENT);
  assertEquals(client.takeReply(), { name: "error", payload: SPENT });
  assertEquals([closes(harness, client), client.session.loggingIn], [true, true]);
});
