import { assert, assertEquals, assertGreater, assertGreaterOrEqual } from "@std/assert";
import type { HarnessClient } from "../../testing/harness_client.ts";
import { NodeHarness } from "../../testing/node_harness.ts";

/** Work of a list of two users, units; a frame costs more. */
const SMALL = { workPerSecond: 10, workBurst: 1 };

function goOnAfter(harness: NodeHarness, client: HarnessClient): void {
  assert(client.session.isUnfinished);
  assertEquals(client.takeReplies(), []);
  harness.pass(client.pauseMs);
  client.pauseMs = client.session.goOn();
}

Deno.test("workPerSecond: lists of an account wait for one another over all its sessions, and never fail", () => {
  const harness = new NodeHarness(SMALL);
  const [one, two, bob] = [harness.login("ann"), harness.login("ann"), harness.login("bob")];
  harness.pass(60_000);
  assertEquals(one.tell("listUsers", {}), "users");
  one.request("listUsers", {});
  two.request("listChats", {});
  assertGreater(one.pauseMs, 0);
  assertGreater(two.pauseMs, 0);
  assertEquals([one.takeReplies(), two.takeReplies()], [[], []]);
  assertEquals(bob.tell("listUsers", {}), "users", "another account");
  goOnAfter(harness, one);
  assertEquals(one.takeReply().name, "users");
  goOnAfter(harness, two);
  // The list of the first session came before it.
  for (let i = 0; i < 5 && two.session.isUnfinished; i++) goOnAfter(harness, two);
  assertEquals(two.takeReply().name, "chats");
});

Deno.test("workPerSecond: cheap requests of an account that has asked for too much do not wait", () => {
  const harness = new NodeHarness(SMALL);
  const [one, two] = [harness.login("ann"), harness.login("ann")];
  harness.pass(60_000);
  one.tell("listUsers", {});
  one.request("listUsers", {});
  assert(one.session.isUnfinished);
  assertEquals([two.tell("ping", null), two.pauseMs], ["pong", 0]);
  assertEquals([two.tell("sendMessage", { to: "ann", content: "x" }), two.pauseMs], ["sent", 0]);
});

Deno.test("workPerSecond: however long a list waits, its connection is not idle meanwhile", () => {
  const harness = new NodeHarness({ workPerSecond: 1, workBurst: 1 });
  const ann = harness.login("ann");
  for (let i = 0; i < 20; i++) harness.login(`user${i}`);
  harness.pass(60_000);
  ann.tell("listUsers", {});
  ann.request("listUsers", {});
  let waits = 0;
  for (; ann.session.isUnfinished; waits++) {
    goOnAfter(harness, ann);
    assertGreater(ann.session.deadlineMs, harness.time.monotonicMs + 60_000);
  }
  assertGreater(waits, 5);
  assertEquals(ann.takeReply().name, "users");
});

Deno.test("workPerSecond: whole lists of the original dialect wait for a second at most", () => {
  const harness = new NodeHarness({ workPerSecond: 1, workBurst: 1 });
  const confirmed = harness.login("ann");
  const windows = [1, 2, 3].map(() => {
    harness.pass(10_000);
    return harness.login("ann", { dialect: "original" });
  });
  for (let round = 0; round < 5; round++) {
    for (const each of windows) {
      each.request("listUsers", {});
      assertGreater(each.pauseMs, 0);
    }
    harness.pass(999);
    for (const each of windows) assertGreater(each.session.goOn(), 0);
    harness.pass(1);
    for (const each of windows) assertEquals([each.session.goOn(), each.takeReply().name], [0, "users"]);
  }
  confirmed.request("listUsers", {});
  assertGreater(confirmed.pauseMs, 0);
  assertGreaterOrEqual(1_000, confirmed.pauseMs, "it waits no longer for the work of whole lists");
});

Deno.test("workPerSecond: 0 turns it off", () => {
  const harness = new NodeHarness({ workPerSecond: 0, workBurst: 1 });
  const ann = harness.login("ann");
  for (let i = 0; i < 100; i++) assertEquals([ann.tell("listUsers", {}), ann.pauseMs], ["users", 0]);
});

Deno.test("workPerSecond: before a login, every frame counts, and none is dropped", () => {
  const harness = new NodeHarness({ workPerSecond: 300, workBurst: 3_000 });
  const stranger = harness.connect();
  let free = 0;
  for (; stranger.pauseMs === 0; free++) assertEquals(stranger.tell("ping", null), "pong");
  assertGreater(free, 50);
  assertEquals(stranger.tell("ping", null), "pong");
  harness.pass(60_000);
  assertEquals([stranger.tell("ping", null), stranger.pauseMs], ["pong", 0]);
});

Deno.test("a list whose session ends before it is finished is dropped", () => {
  for (const end of ["disconnected", "end"] as const) {
    const harness = new NodeHarness();
    const ann = harness.login("ann");
    ann.share.mayGoOn = false;
    ann.request("listUsers", {});
    assert(ann.session.isUnfinished);
    if (end === "disconnected") ann.session.disconnected();
    else harness.login("ann").tell("deleteAccount", { password: "password of ann" });
    assertEquals(ann.session.isUnfinished, false);
    assertEquals(ann.takeReplies(), []);
  }
});

Deno.test("a list is served as far as the share of its connection goes, and the rest later", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  for (let i = 0; i < 300; i++) {
    ann.tell("sendMessage", { to: "ann", content: "x".repeat(1_000) });
    harness.pass(1_000);
  }
  const { share } = ann;
  ann.onWork = () => share.mayGoOn = false;
  ann.request("listMessages", { with: "ann", limit: 300 });
  let turns = 1;
  for (; ann.session.isUnfinished; turns++) {
    assertEquals([ann.takeReplies(), ann.pauseMs], [[], 0]);
    share.mayGoOn = true;
    ann.pauseMs = ann.session.goOn();
  }
  assertGreater(turns, 5);
  const reply = ann.takeReply();
  assert(reply.name === "messages" && "messages" in reply.payload);
  assertGreater(reply.payload.messages.length, 200);
});

Deno.test("wholeListsAtOnce: whole lists of the original dialect are made one after the other, in order", () => {
  const harness = new NodeHarness({ wholeListsAtOnce: 1 });
  const people = ["ann", "bob", "cy"].map((name) => harness.login(name, { dialect: "original" }));
  const [ann, bob, cy] = people;
  assert(ann && bob && cy);
  ann.onWork = () => ann.share.mayGoOn = false;
  for (const each of people) each.request("listUsers", {});
  assertEquals(people.map(({ session }) => session.isUnfinished), [true, true, true]);
  assertEquals([bob.pauseMs > 0, bob.session.goOn() > 0, cy.session.goOn() > 0], [true, true, true]);
  ann.session.disconnected();
  assertEquals(cy.session.goOn() > 0, true, "bob asked before");
  bob.session.goOn();
  cy.session.goOn();
  assertEquals(people.map((each) => each.takeReplies().map(({ name }) => name)), [[], ["users"], ["users"]]);
});

Deno.test("a request counts the work on what it names, and a refused one that of decoding it in vain", () => {
  const ann = new NodeHarness().login("ann");
  const workOf = (request: () => void): number => {
    const before = ann.frameWork;
    request();
    ann.takeReply();
    return ann.frameWork - before;
  };
  const ids = Array.from({ length: 4_096 }, () => crypto.randomUUID());
  assertGreater(workOf(() => ann.request("confirmDelivery", { ids })), 100_000);
  assertGreater(workOf(() => ann.request("deleteMessages", { ids })), 100_000);
  assertGreater(workOf(() => ann.request("readMessages", { with: "ann", ids })), 100_000);
  assertGreater(workOf(() => ann.request("useFeatures", { use: ids.map(() => "account-ids") })), 100_000);
  assertEquals(workOf(() => ann.request("readMessages", { with: "ann" })), 0);
  assertEquals(workOf(() => ann.request("sendMessage", { to: "ann", content: "x".repeat(1_000) })), 0);
  const PING = 9;
  assertGreaterOrEqual(workOf(() => ann.frame(PING, new Uint8Array(100_000).fill(6))), 100_000);
  assertGreaterOrEqual(workOf(() => ann.frame(PING, new Uint8Array(9))), 9);
});
