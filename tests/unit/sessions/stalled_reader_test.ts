import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import { PRESENCE_MS } from "../../../server/node/presence_news.ts";
import type { HarnessClient } from "../../testing/harness_client.ts";
import { ADDRESS, NodeHarness, passwordOf } from "../../testing/node_harness.ts";
import { SlowPipe } from "../../testing/slow_pipe.ts";

/** Bounds that a few messages reach. */
const BOUNDS = {
  outboundBytesSoft: 2_000,
  outboundBytesHard: 4_000,
  messagesPerSecond: 0,
  bytesPerSecond: 0,
};

/** A client whose frames wait until they are read. */
function slowClient(harness: NodeHarness, name: string): [HarnessClient, SlowPipe] {
  const client = harness.login(name, { address: ADDRESS });
  return [client, new SlowPipe(client, harness.node.settings.limits)];
}

Deno.test("SessionOutput owes a burst of 62 messages of 16 KB of one turn, and 5 MB, in little memory", async () => {
  for (const count of [62, 312]) {
    const harness = new NodeHarness({ messagesPerSecond: 0, bytesPerSecond: 0 });
    const senders = ["ann", "bea", "cat"].map((name) => harness.login(name));
    const [dan, pipe] = slowClient(harness, "dan");
    const content = "x".repeat(16_384);
    for (let i = 0; i < count; i++) senders[i % 3]?.request("sendMessage", { to: "dan", content });
    harness.settle();
    assertEquals([pipe.dropped, dan.pushes.length], [[], 0]);
    assertLess(pipe.mostBytes, DEFAULT_LIMITS.outboundBytesSoft);
    await pipe.drain();
    assertEquals(dan.pushes.map((push) => push.name), Array(count).fill("message"));
  }
});

Deno.test("SessionOutput sends nothing of a message that is deleted while it is owed", async () => {
  const harness = new NodeHarness(BOUNDS);
  const ann = harness.login("ann");
  const [bob, pipe] = slowClient(harness, "bob");
  const sent = Array.from({ length: 9 }, (_, i) => `00000000-0000-4000-8000-00000000000${i}`);
  for (const id of sent) ann.tell("sendMessage", { to: "bob", content: "secret".repeat(100), id });
  ann.tell("deleteMessages", { ids: sent });
  await pipe.drain();
  const names = bob.pushes.map((push) => push.name);
  const came = names.filter((name) => name === "message").length;
  assertLess(came, 4, "what was in the outbox already");
  assertEquals(names.at(-1), "deleted");
});

Deno.test("SessionOutput owes one presence of an account, and one status of a message, the last", async () => {
  const harness = new NodeHarness(BOUNDS);
  const ann = harness.login("ann");
  const [bob, pipe] = slowClient(harness, "bob");
  const bob2 = harness.login("bob");
  const id = "00000000-0000-4000-8000-000000000001";
  bob2.tell("sendMessage", { to: "ann", content: "hey", id });
  for (let i = 0; i < 4; i++) ann.tell("sendMessage", { to: "bob", content: "x".repeat(1_000) });
  ann.tell("confirmDelivery", { ids: [id] });
  ann.tell("readMessages", { with: "bob", ids: [id] });
  for (let i = 0; i < 5; i++) {
    harness.pass(PRESENCE_MS);
    ann.tell("logout", null);
    harness.pass(PRESENCE_MS);
    ann.login("ann", passwordOf("ann"));
  }
  harness.settle();
  await pipe.drain();
  const rest = bob.pushes.filter((push) => push.name !== "message").map(({ name, payload }) =>
    name === "status" ? payload.status : name === "user" ? payload.change : name
  );
  assertEquals(rest, ["read", "online"]);
});

Deno.test("CLOSING does not wait behind owed pushes, and no owed reply is lost", async () => {
  const harness = new NodeHarness(BOUNDS);
  const ann = harness.login("ann");
  const [bob, pipe] = slowClient(harness, "bob");
  for (let i = 0; i < 50; i++) ann.tell("sendMessage", { to: "bob", content: "x".repeat(1_000) });
  bob.replies.length = 0;
  bob.request("ping", null);
  harness.settle();
  harness.node.close("test", () => {});
  harness.settle();
  bob.session.outlet.closing();
  await pipe.drain();
  assertEquals([bob.replies.map(({ name }) => name), bob.pushes.at(-1)?.name], [["pong"], "closing"]);
  assertLess(bob.pushes.length, 5);
});

Deno.test("a session takes requests while pushes are owed to it, and no more than its replies may be", async () => {
  const harness = new NodeHarness(BOUNDS);
  const ann = harness.login("ann");
  const [bob, pipe] = slowClient(harness, "bob");
  for (let i = 0; i < 50; i++) ann.tell("sendMessage", { to: "bob", content: "x".repeat(1_000) });
  let asked = 0;
  do {
    bob.request("ping", null);
    harness.settle();
    asked++;
  } while (bob.pauseMs === 0 && asked < 1_000);
  assertEquals(asked, DEFAULT_LIMITS.requestsInFlight);
  const { resumes } = bob;
  bob.replies.length = 0;
  await pipe.drain();
  assertEquals([bob.replies.length, bob.resumes - resumes], [asked, 1]);
});

Deno.test("a session that loses its rights gets nothing more that it is owed, but for its replies", async () => {
  const harness = new NodeHarness(BOUNDS);
  const ann = harness.login("ann");
  const [bob, pipe] = slowClient(harness, "bob");
  const owner = harness.login("bob");
  for (let i = 0; i < 50; i++) ann.tell("sendMessage", { to: "bob", content: "x".repeat(1_000) });
  bob.replies.length = 0;
  bob.request("ping", null);
  harness.settle();
  owner.request("changePassword", { old: passwordOf("bob"), new: "another password" });
  for (let i = 0; i < 4; i++) {
    harness.hash();
    harness.settle();
  }
  await pipe.drain();
  assertEquals(bob.closed, true);
  assertEquals(bob.replies.map(({ name }) => name), ["pong"]);
  assertLess(bob.pushes.length, 5);
});

Deno.test("a whole list of the original dialect leaves block by block, as the link has room, and in order", async () => {
  const harness = new NodeHarness({ messagesPerSecond: 0, bytesPerSecond: 0 });
  const ann = harness.login("ann");
  const bob = harness.login("bob", { dialect: "original" });
  const content = "x".repeat(16_000);
  for (let i = 0; i < 100; i++) ann.tell("sendMessage", { to: "bob", content });
  const pipe = new SlowPipe(bob, harness.node.settings.limits);
  bob.replies.length = 0;
  bob.request("listMessages", { with: "ann" });
  bob.request("listUsers", {});
  harness.settle();
  assertLess(pipe.queuedBytes, 65_536 + 16_384);
  assertGreater(pipe.mostBytes, 100 * content.length);
  await pipe.read(1);
  await pipe.drain();
  const counts = bob.replies.map(({ name, payload }) => [name, countOf(payload)]);
  assertEquals(counts, [["messages", 100], ["users", 2]]);
});

Deno.test("the end of a session takes along what is left of a whole list", async () => {
  const harness = new NodeHarness({ messagesPerSecond: 0, bytesPerSecond: 0 });
  const ann = harness.login("ann");
  const bob = harness.login("bob", { dialect: "original" });
  for (let i = 0; i < 50; i++) ann.tell("sendMessage", { to: "bob", content: "x".repeat(16_000) });
  const pipe = new SlowPipe(bob, harness.node.settings.limits);
  bob.replies.length = 0;
  bob.request("listMessages", { with: "ann" });
  harness.settle();
  bob.session.outlet.closing();
  await pipe.drain();
  assertEquals(bob.replies.map(({ name, payload }) => [name, countOf(payload)]), [["messages", 50]]);
});

function countOf(payload: unknown): number {
  if (payload instanceof Map) return payload.size;
  return Array.isArray(payload) ? payload.length : NaN;
}
