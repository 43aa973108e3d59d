import { assertEquals, assertMatch } from "@std/assert";
import { FEATURES } from "../../../common/protocol/features.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { PRESENCE_MS } from "../../../server/node/presence_news.ts";
import { HeldReplication } from "../../testing/held_replication.ts";
import type { HarnessClient } from "../../testing/harness_client.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";
import { three } from "../node/copies_harness.ts";

/** Time after which changes of a person leave at once: a later one may have begun an interval, ms. */
const QUIET_MS = 2 * PRESENCE_MS;

/** A client that may watch. */
function watcher(harness: NodeHarness, name: string): HarnessClient {
  const client = harness.login(name);
  client.tell("useFeatures", { use: ["watch"] });
  client.takePushes();
  return client;
}

/** The PERSON pushes since the last call, in short. */
function told(client: HarnessClient): string[] {
  return client.takePushes().map((push) => {
    if (push.name !== "person") return push.name;
    const { name, change, to } = push.payload;
    return to === undefined ? `${name} ${change}` : `${name} ${change} ${to}`;
  });
}

/** Lets time pass; the node notices it. */
function pass(harness: NodeHarness, ms: number): void {
  for (let left = ms; left > 0; left -= 100) {
    harness.settle();
    harness.pass(100);
    harness.node.replicated();
  }
}

Deno.test("WATCH tells of people on a range and by name, and of nobody else", () => {
  const harness = new NodeHarness();
  for (const name of ["ann", "bob", "cleo", "dan"]) harness.login(name).session.disconnected();
  const eve = watcher(harness, "eve");
  pass(harness, QUIET_MS);
  assertEquals(eve.tell("watchPeople", { people: { after: "ann", limit: 1 }, names: ["DAN", "dan"] }), "ok");
  assertEquals(told(eve), [], "nothing is told of the present");
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  harness.login("cleo");
  harness.login("dan");
  assertEquals(told(eve), ["bob online", "dan online"]);
  assertEquals(eve.tell("watchPeople", { names: ["ann"] }), "ok");
  pass(harness, QUIET_MS);
  for (const client of [ann, bob]) client.session.disconnected();
  assertEquals(told(eve), ["ann offline"], "a watch replaces the one before");
  assertEquals(eve.tell("watchPeople", null), "ok");
  pass(harness, QUIET_MS);
  harness.login("ann");
  assertEquals(told(eve), [], "null ends it");
  assertEquals(harness.node.people.size, { sessions: 0, people: 0 });
});

Deno.test("WATCH tells who registers and who is deleted, and who comes onto the page for them", () => {
  const harness = new NodeHarness();
  const eve = watcher(harness, "eve");
  const zoe = watcher(harness, "zoe");
  assertEquals(zoe.tell("watchPeople", { names: ["bob", "never"] }), "ok");
  assertEquals(eve.tell("watchPeople", { people: { limit: 2 } }), "ok");
  const bob = harness.login("bob");
  assertEquals([told(eve), told(zoe)], [["bob created", "bob online"], ["bob created", "bob online"]]);
  pass(harness, 1_000);
  harness.login("ann");
  assertEquals(told(eve), ["ann created", "ann online"], "eve is no longer on the page of two");
  pass(harness, 1_000);
  bob.tell("deleteAccount", { password: passwordOf("bob") });
  harness.hash();
  pass(harness, 1_000);
  assertEquals(told(eve), ["bob deleted", "eve online"]);
  assertEquals(told(zoe), ["bob deleted"]);
});

Deno.test("WATCH tells who comes and goes at once, and the last state of a person who flaps after four seconds", () => {
  const harness = new NodeHarness();
  harness.login("bob").session.disconnected();
  const eve = watcher(harness, "eve");
  eve.tell("watchPeople", { people: { match: "b*", limit: 500 } });
  pass(harness, QUIET_MS);
  eve.takePushes();
  for (let i = 0; i < 5; i++) harness.login("bob").session.disconnected();
  harness.login("bob");
  assertEquals(told(eve), ["bob online", "bob offline"]);
  pass(harness, PRESENCE_MS - 200);
  assertEquals(told(eve), []);
  pass(harness, 200);
  assertEquals(told(eve), ["bob online"]);
});

Deno.test("WATCH belongs to sessions that use the feature, as long as they do and are logged in", () => {
  const harness = new NodeHarness();
  const eve = harness.login("eve");
  const refused = eve.ask("watchPeople", { names: ["bob"] });
  assertEquals(
    refused.name === "error" && typeof refused.payload === "object" && refused.payload.code,
    "unknown-request",
  );
  assertMatch(JSON.stringify(refused.payload), /send FEATURES with watch first/);
  const stranger = harness.connect();
  stranger.tell("useFeatures", { use: ["watch"] });
  assertEquals(stranger.tell("watchPeople", null), "not-logged-in");
  eve.tell("useFeatures", { use: ["watch", "account-ids"] });
  assertEquals(eve.tell("watchPeople", { names: ["bob"] }), "ok");
  eve.tell("useFeatures", { use: ["watch"] });
  assertEquals(harness.node.people.size.sessions, 1, "another FEATURES with watch keeps it");
  eve.tell("useFeatures", { use: FEATURES.filter((feature) => feature !== "watch") });
  assertEquals(harness.node.people.size.sessions, 0);
  for (const end of [() => eve.tell("logout", null), () => eve.session.disconnected()]) {
    eve.login("eve", passwordOf("eve"));
    eve.tell("useFeatures", { use: ["watch"] });
    assertEquals(eve.tell("watchPeople", { people: { limit: 9 } }), "ok");
    assertEquals(harness.node.people.size, { sessions: 1, people: 9 });
    end();
    assertEquals(harness.node.people.size, { sessions: 0, people: 0 });
  }
});

Deno.test("WATCH refuses what is too much, with the value, the limit and the way out", () => {
  const harness = new NodeHarness({ watchedPeople: 1_000 });
  const eve = watcher(harness, "eve");
  const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `someone${i}`);
  const cases: readonly [RequestPayload<"watchPeople">, string][] = [
    [{ names: names(501) }, "bad-request names has 501 names and the limit is 500"],
    [{ names: ["bob", "x".repeat(81)] }, "bad-request names[1] has 81 characters; no name has over 80"],
    [{ people: { limit: 0 } }, "bad-request limit must be from 1 to 500; 0 is not"],
    [{ people: { limit: 501 } }, "bad-request limit must be from 1 to 500; 501 is not"],
    [
      { people: { limit: 1, match: "*".repeat(257) } },
      "bad-request match has 257 characters and the limit is 256",
    ],
  ];
  for (const [payload, wanted] of cases) {
    const reply = eve.ask("watchPeople", payload);
    const shown = reply.name === "error" && typeof reply.payload === "object"
      ? `${reply.payload.code} ${reply.payload.message}`
      : reply.name;
    assertEquals(shown.startsWith(wanted), true, `${shown}, not ${wanted}`);
  }
  assertEquals(eve.tell("watchPeople", { names: names(500) }), "ok");
  assertEquals(eve.tell("watchPeople", { people: { limit: 500 }, names: names(500) }), "ok");
  const zoe = watcher(harness, "zoe");
  pass(harness, QUIET_MS);
  eve.takePushes();
  const full = zoe.ask("watchPeople", { names: ["bob"] });
  assertEquals(full.name === "error" && full.payload, {
    code: "busy",
    message:
      "1001 people would be watched at this node and the limit is 1000; watch fewer, or ask LIST_USERS",
    retryAfter: 60,
  });
  assertEquals(harness.node.people.size, { sessions: 1, people: 1_000 });
  // A refusal leaves the watch before it as it was.
  assertEquals(eve.tell("watchPeople", { names: names(501) }), "bad-request");
  harness.login("someone7");
  assertEquals(told(eve), ["someone7 created", "someone7 online"]);
  console.log(`${cases.length + 1} refusals`);
});

Deno.test("PERSON does not overtake a USERS that shows an earlier state", () => {
  const { harness, ann, bob, acknowledge } = three();
  ann.tell("useFeatures", { use: ["watch"] });
  ann.tell("watchPeople", { names: ["bob"] });
  ann.takePushes();
  harness.pass(PRESENCE_MS);
  ann.request("sendMessage", { to: "bob", content: "wait for copies" });
  ann.request("listUsers", { match: "bob" });
  harness.settle();
  bob.session.disconnected();
  harness.settle();
  assertEquals([ann.replies.splice(0), told(ann).filter((each) => each !== "user")], [[], []]);
  acknowledge("node2", "node3");
  harness.settle();
  assertEquals(ann.replies.map(({ name }) => name), ["sent", "users"]);
  assertEquals(told(ann), ["bob offline"]);
});

Deno.test("PERSON counts people at all nodes", () => {
  const replication = new HeldReplication();
  const harness = new NodeHarness({}, undefined, undefined, replication);
  const bob = harness.login("bob");
  const id = harness.state.directory.find("bob")?.id ?? "";
  const eve = watcher(harness, "eve");
  eve.tell("watchPeople", { people: { limit: 10 } });
  replication.online.add(id);
  harness.node.presence.changedElsewhere(id);
  pass(harness, QUIET_MS);
  bob.session.disconnected();
  assertEquals(told(eve), [], "bob is online elsewhere still");
  replication.online.delete(id);
  harness.node.presence.changedElsewhere(id);
  assertEquals(told(eve), ["bob offline"]);
});

Deno.test("a session that does not watch gets no PERSON, and the same USER as before", () => {
  const harness = new NodeHarness();
  const [ann, eve] = [harness.login("ann"), watcher(harness, "eve")];
  harness.login("bob").session.disconnected();
  for (const client of [ann, eve]) client.tell("sendMessage", { to: "bob", content: "hey" });
  eve.tell("watchPeople", { people: { limit: 500 } });
  pass(harness, QUIET_MS);
  for (const client of [ann, eve]) client.takePushes();
  harness.login("bob");
  assertEquals([told(ann), told(eve)], [["user"], ["user", "bob online"]]);
});
