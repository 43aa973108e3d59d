import { assertEquals, assertStringIncludes } from "@std/assert";
import { HeldReplication } from "../../testing/held_replication.ts";
import { NodeHarness } from "../../testing/node_harness.ts";
import { IDS } from "../../testing/protocol_samples.ts";
import { shown, three } from "./copies_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";

Deno.test("SENT leaves once every peer that is in sync has the message, and says on how many disks it is", () => {
  const { ann, acknowledge } = three();
  ann.request("sendMessage", { to: "bob", content: "hey" });
  assertEquals(shown(ann), []);
  acknowledge("node2");
  assertEquals(shown(ann), []);
  acknowledge("node3");
  assertEquals(shown(ann), ["sent 3/3"]);
});

Deno.test("SENT leaves when its entry is there, whatever comes after it", () => {
  const { ann, replication, harness } = three();
  for (const content of ["one", "two"]) {
    ann.request("sendMessage", { to: "bob", content });
    harness.settle();
  }
  const one = harness.log.synced.at(-2);
  for (const peer of ["node2", "node3"]) if (one) replication.acknowledge(peer, one);
  harness.node.replicated();
  assertEquals(shown(ann), ["sent 3/3"]);
});

Deno.test("SENT counts at the moment it leaves, and counts peers that are not in sync too", () => {
  const { ann, acknowledge, replication } = three();
  const late = replication.peers.get("node3");
  if (late) late.isInSync = false;
  ann.request("sendMessage", { to: "bob", content: "one" });
  assertEquals(shown(ann), []);
  acknowledge("node2");
  assertEquals(shown(ann), ["sent 2/3"]);
  ann.request("sendMessage", { to: "bob", content: "two" });
  assertEquals(shown(ann), []);
  acknowledge("node3");
  assertEquals(shown(ann), []);
  acknowledge("node2");
  assertEquals(shown(ann), ["sent 3/3"]);
});

Deno.test("a peer that does not answer delays a reply for 900 ms and no more", () => {
  const { ann, pass, acknowledge } = three();
  ann.request("sendMessage", { to: "bob", content: "hey" });
  pass(0);
  acknowledge("node2");
  pass(899);
  assertEquals(shown(ann), []);
  pass(1);
  assertEquals(shown(ann), ["sent 2/3"]);
});

Deno.test("many requests behind each other wait 900 ms together, not each", () => {
  const { ann, pass } = three();
  for (const content of ["1", "2", "3"]) ann.request("sendMessage", { to: "bob", content });
  pass(0);
  pass(900);
  assertEquals(shown(ann), ["sent 1/3", "sent 1/3", "sent 1/3"]);
});

Deno.test("nobody waits for a peer that is not in sync, or falls out of it meanwhile", () => {
  const { ann, acknowledge, replication, harness } = three();
  ann.request("sendMessage", { to: "bob", content: "hey" });
  assertEquals(shown(ann), []);
  acknowledge("node2");
  const dead = replication.peers.get("node3");
  if (dead) dead.isInSync = false;
  harness.node.replicated();
  assertEquals(shown(ann), ["sent 2/3"]);
});

Deno.test("replies stay in the order of the requests behind one that waits, and wait no longer than that", () => {
  const { ann, acknowledge } = three();
  ann.request("ping", null);
  ann.request("sendMessage", { to: "bob", content: "hey" });
  ann.request("listUsers", {});
  ann.request("ping", null);
  ann.request("sendMessage", { to: "nobody", content: "hey" });
  ann.frame(200);
  assertEquals(shown(ann), ["pong"]);
  ann.request("ping", null);
  assertEquals(shown(ann), []);
  acknowledge("node2", "node3");
  assertEquals(shown(ann), ["sent 3/3", "users", "pong", "unknown-user", "unknown-request", "pong"]);
});

Deno.test("replies that wait keep what they say while other turns come and go", () => {
  const { ann, bob, acknowledge } = three();
  ann.request("sendMessage", { to: "bob", content: "hey" });
  ann.request("ping", null);
  ann.request("listMessages", { with: "bob" });
  assertEquals(shown(ann), []);
  for (let turn = 0; turn < 4; turn++) {
    for (let i = 0; i < 20; i++) bob.request("listUsers", {});
    assertEquals(bob.takeReplies().length, 20);
  }
  acknowledge("node2", "node3");
  assertEquals(shown(ann), ["sent 3/3", "pong", "messages"]);
});

Deno.test("one connection does not wait for what another has asked", () => {
  const { ann, bob } = three();
  ann.request("sendMessage", { to: "bob", content: "hey" });
  assertEquals(shown(ann), []);
  assertEquals(bob.tell("ping", null), "pong");
});

Deno.test("pushes are not delayed, not even behind replies that wait", () => {
  const { ann, bob } = three();
  ann.request("sendMessage", { to: "bob", content: "hey" });
  assertEquals(bob.takePushes().map((push) => push.name), ["message"]);
  bob.request("sendMessage", { to: "ann", content: "ho" });
  assertEquals(ann.takePushes().map((push) => push.name), ["message"]);
  assertEquals([ann.replies, bob.replies], [[], []]);
});

Deno.test("READ and DELIVERED wait for the own disk only", () => {
  const { ann, bob, acknowledge } = three();
  bob.request("sendMessage", { to: "ann", content: "hey", id: IDS[0] });
  bob.takeReplies();
  acknowledge("node2", "node3");
  assertEquals(shown(bob), ["sent 3/3"]);
  assertEquals(ann.tell("confirmDelivery", { ids: [IDS[0] ?? ""] }), "ok 1");
  assertEquals(ann.tell("readMessages", { with: "bob" }), "ok 1");
});

Deno.test("a repeated send waits until everything that is known here is elsewhere, not own entries only", () => {
  const { harness, replication, state, ann, acknowledge } = three();
  const [from, to] = [state.directory.find("ann")?.id ?? "", state.directory.find("bob")?.id ?? ""];
  const sent = {
    origin: "node2#bbbbbbbbbbbb",
    seq: 1,
    stamp: state.stamp + 1,
    type: "messageSent",
    id: IDS[0] ?? "",
    from,
    to,
    content: "hey",
  } as const;
  harness.node.absorb(encoded([sent]), () => {});
  harness.settle();
  replication.acknowledge("node2", sent);
  ann.request("sendMessage", { to: "bob", content: "hey", id: IDS[0] });
  assertEquals(shown(ann), []);
  acknowledge("node3");
  assertEquals(shown(ann), ["sent 3/3"]);
});

Deno.test("what waits for a client that is gone is dropped, whether it was on this disk by then or not", () => {
  for (const isSynced of [true, false]) {
    const { harness, ann, acknowledge } = three();
    ann.request("sendMessage", { to: "bob", content: "hey" });
    ann.request("ping", null);
    if (isSynced) harness.settle();
    ann.session.disconnected();
    ann.closed = true;
    harness.settle();
    assertEquals(harness.node.holding.size, 0);
    acknowledge("node2", "node3");
    assertEquals(ann.replies, []);
  }
});

Deno.test("a client that is let go while its replies leave gets no more of them", () => {
  const { harness, ann, acknowledge } = three();
  for (const content of ["1", "2", "3"]) ann.request("sendMessage", { to: "bob", content });
  harness.settle();
  const send = ann.send.bind(ann);
  ann.send = (frame) => {
    send(frame);
    ann.session.disconnected();
  };
  acknowledge("node2", "node3");
  assertEquals([ann.replies.length, harness.node.holding.size], [1, 0]);
});

Deno.test("close() waits for replies that wait, at most their 900 ms", () => {
  for (const isHeard of [true, false]) {
    const { harness, ann, acknowledge, pass } = three();
    ann.request("sendMessage", { to: "bob", content: "hey" });
    let drained = 0;
    harness.node.close("stopped", () => drained++);
    harness.settle();
    assertEquals([drained, ann.replies.length], [0, 0]);
    if (isHeard) acknowledge("node2", "node3");
    else pass(900);
    assertEquals([drained, shown(ann)], [1, [isHeard ? "sent 3/3" : "sent 1/3"]]);
  }
});

Deno.test("a node without others never waits", () => {
  const { harness, ann } = three();
  harness.node.reconfigure({ nodes: [], clusterSize: 1 });
  ann.request("sendMessage", { to: "bob", content: "hey" });
  assertEquals(shown(ann), ["sent 1/1"]);
  const client = harness.login("cat", { dialect: "original" });
  assertEquals(client.session.loggedIn, true);
});

Deno.test("replies that wait count among the requests in flight, with those behind them", () => {
  const { ann, acknowledge, harness } = three({ requestsInFlight: 4 });
  ann.request("sendMessage", { to: "bob", content: "hey" });
  harness.settle();
  ann.request("ping", null);
  ann.request("ping", null);
  harness.settle();
  assertEquals([ann.pauseMs, ann.resumes], [0, 1]);
  ann.request("ping", null);
  harness.settle();
  assertEquals([ann.pauseMs, ann.resumes, ann.replies.length], [Infinity, 1, 0]);
  acknowledge("node2", "node3");
  assertEquals([ann.resumes, shown(ann)], [2, ["sent 3/3", "pong", "pong", "pong"]]);
});

Deno.test("a node that fills itself refuses everything but HELLO and PING, and says how far it is", () => {
  const replication = new HeldReplication();
  const harness = new NodeHarness({}, undefined, undefined, replication);
  replication.unavailable = "it has 3 entries";
  const client = harness.connect();
  assertEquals(client.tell("ping", null), "pong");
  const reply = client.ask("startLogin", { name: "ann" });
  assertEquals(reply, {
    name: "error",
    payload: { code: "unavailable", message: "it has 3 entries", retryAfter: 1 },
  });
  assertEquals(client.tell("resume", { token: "x" }), "unavailable");
  const original = harness.connect({ dialect: "original" });
  assertStringIncludes(original.tell("startLogin", { name: "ann" }), "3 entries");
  original.request("sendMessage", { to: "ann", content: "hey" });
  assertEquals(original.takeReplies(), []);
  replication.unavailable = undefined;
  assertEquals(client.tell("startLogin", { name: "ann" }), "userNotExisting");
});

Deno.test("Node.whenCopied() waits for the disk of another node too", () => {
  const { harness, acknowledge, ann } = three();
  ann.request("sendMessage", { to: "bob", content: "hey" });
  let calls = 0;
  harness.node.whenCopied(() => calls++);
  harness.settle();
  assertEquals(calls, 0);
  acknowledge("node3");
  assertEquals(calls, 1);
});

Deno.test("Node.whenCopied() of a node that is alone waits for the own disk only", () => {
  const { harness } = three();
  harness.node.reconfigure({ nodes: [], clusterSize: 1 });
  let calls = 0;
  harness.node.whenCopied(() => calls++);
  assertEquals(calls, 0);
  harness.settle();
  assertEquals(calls, 1);
});

Deno.test("close() says CLOSING behind a reply that waits for copies", () => {
  const { harness, ann, acknowledge } = three();
  ann.request("sendMessage", { to: "bob", content: "hey" });
  harness.settle();
  harness.node.close("stopped", () => {});
  harness.settle();
  assertEquals([shown(ann), ann.pushes], [[], []]);
  acknowledge("node2", "node3");
  assertEquals([shown(ann), ann.pushes.map(({ name }) => name)], [["sent 3/3"], ["closing"]]);
});
