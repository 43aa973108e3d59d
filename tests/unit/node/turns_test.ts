import { assertEquals } from "@std/assert";
import { NodeHarness } from "../../testing/node_harness.ts";
import { inShort } from "../../testing/harness_client.ts";
import { IDS } from "../../testing/protocol_samples.ts";

Deno.test("a turn lets nothing leave before its sync has returned", () => {
  const harness = new NodeHarness();
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  ann.request("sendMessage", { to: "bob", content: "hey" });
  assertEquals([ann.replies, bob.pushes], [[], []], "decided");
  harness.turn();
  assertEquals(harness.log.pending?.map((entry) => entry.type), ["messageSent"]);
  assertEquals([ann.replies, bob.pushes], [[], []], "written");
  harness.sync();
  assertEquals([ann.replies.map(inShort), bob.pushes.map((push) => push.name)], [["sent"], ["message"]]);
});

Deno.test("a turn that wrote nothing waits for the one that is being written", () => {
  const harness = new NodeHarness();
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  ann.request("sendMessage", { to: "bob", content: "hey" });
  harness.turn();
  bob.request("listMessages", { with: "ann" });
  bob.request("ping", null);
  harness.turn();
  assertEquals(bob.replies, []);
  harness.sync();
  assertEquals(bob.replies.map(inShort), ["messages", "pong"]);
});

Deno.test("a turn takes all that came meanwhile, and is written only after the one before", () => {
  const harness = new NodeHarness();
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  ann.request("sendMessage", { to: "bob", content: "1" });
  harness.turn();
  for (const content of ["2", "3"]) ann.request("sendMessage", { to: "bob", content });
  bob.request("sendMessage", { to: "ann", content: "4" });
  harness.turn();
  assertEquals(harness.log.pending?.length, 1);
  harness.sync();
  assertEquals(harness.log.pending?.length, 3, "one batch");
  assertEquals([ann.replies.length, bob.replies.length], [1, 0]);
  harness.sync();
  assertEquals([ann.replies.length, bob.replies.length], [3, 1]);
  const last = harness.log.synced.slice(-4);
  assertEquals(last.map((entry) => entry.seq), last.map((_, i) => (last[0]?.seq ?? 0) + i));
});

Deno.test("a turn without writing leaves at once where nothing is being written", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  ann.request("ping", null);
  assertEquals(ann.replies, []);
  harness.turn();
  assertEquals(ann.replies.map(inShort), ["pong"]);
  harness.node.endTurn();
});

Deno.test("a repetition within the turn of its first time is answered after the same sync", () => {
  const harness = new NodeHarness();
  const [ann] = [harness.login("ann"), harness.login("bob")];
  const message = { to: "bob", content: "hey", id: IDS[0] };
  ann.request("sendMessage", message);
  harness.turn();
  ann.request("sendMessage", message);
  harness.turn();
  assertEquals(ann.replies, []);
  harness.sync();
  assertEquals(ann.replies.length, 2);
  assertEquals(ann.replies[0], ann.replies[1]);
});

Deno.test("stamps go on where the clock stands still or goes back", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  harness.time.wallMs -= 10_000_000;
  for (let i = 0; i < 3; i++) ann.tell("sendMessage", { to: "ann", content: String(i) });
  const stamps = harness.log.synced.map((entry) => entry.stamp);
  assertEquals(stamps, [...stamps].sort((a, b) => a - b));
  assertEquals(new Set(stamps).size, stamps.length);
});

Deno.test("close() says CLOSING, refuses what comes, and calls back once all is durable and sent", () => {
  const harness = new NodeHarness();
  const [ann, old] = [harness.login("ann"), harness.login("old", { dialect: "original" })];
  ann.request("sendMessage", { to: "old", content: "hey" });
  harness.turn();
  let drained = 0;
  harness.node.close("stopped", () => drained++);
  harness.turn();
  assertEquals([drained, ann.pushes.length], [0, 0]);
  harness.sync();
  harness.turn();
  assertEquals(drained > 0, true);
  assertEquals(ann.replies.map(inShort), ["sent"]);
  const nodes = [2, 3].map((i) => ({ name: `node${i}`, host: "127.0.0.1", port: 4_999 + i }));
  assertEquals(ann.pushes, [{ name: "closing", payload: { reason: "stopped", nodes } }]);
  ann.replies.length = 0;
  assertEquals(ann.tell("sendMessage", { to: "old", content: "hey" }), "unavailable");
  assertEquals(ann.tell("ping", null), "unavailable");
  assertEquals(inShort(old.ask("listUsers", {})).includes("closing"), true);
  assertEquals(old.closed, true, "the window of the original goes to another node");
  assertEquals(harness.log.pending, undefined);
});

Deno.test("dismissClients() says CLOSING, ends the sessions, and lets the node go on", () => {
  const harness = new NodeHarness();
  const [ann, old] = [harness.login("ann"), harness.login("old", { dialect: "original" })];
  ann.request("sendMessage", { to: "old", content: "hey" });
  harness.settle();
  harness.node.dismissClients("removed");
  harness.settle();
  assertEquals(ann.replies.map(inShort), ["sent"]);
  const nodes = [2, 3].map((i) => ({ name: `node${i}`, host: "127.0.0.1", port: 4_999 + i }));
  assertEquals(ann.pushes, [{ name: "closing", payload: { reason: "removed", nodes } }]);
  assertEquals([ann.closed, old.closed, harness.node.audience.isEmpty], [true, true, true]);
  assertEquals(harness.connect().tell("ping", null), "pong");
});
