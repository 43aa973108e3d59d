import { assertEquals } from "@std/assert";
import { entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { encoded } from "../../testing/encoded_entries.ts";
import type { HarnessClient } from "../../testing/harness_client.ts";
import { HeldReplication } from "../../testing/held_replication.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";
import { IDS } from "../../testing/protocol_samples.ts";

const [ONE, TWO] = IDS;
const OTHER = "node2#bbbbbbbbbbbb";

interface People {
  readonly harness: NodeHarness;
  readonly replication: HeldReplication;
  readonly ann: HarnessClient;
  readonly bob: HarnessClient;
  /** Id of bob's account. */
  readonly account: string;
}

function people(): People {
  const replication = new HeldReplication();
  const harness = new NodeHarness({}, undefined, undefined, replication);
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  return { harness, replication, ann, bob, account: idOf(harness, "bob") };
}

function idOf(harness: NodeHarness, name: string): string {
  return harness.state.directory.find(name)?.id ?? "";
}

/** bob deletes his account. */
function leave({ bob }: People): void {
  assertEquals(bob.tell("deleteAccount", { password: passwordOf("bob") }), "ok");
}

/** Takes over an event of another node. */
function absorb(harness: NodeHarness, seq: number, stamp: number, event: Event): void {
  harness.node.absorb(encoded([entryOf(OTHER, seq, stamp, event)]), () => {});
  harness.settle();
}

Deno.test("SEND_MSG to an account whose name went to somebody else is refused, and reaches nobody", () => {
  const met = people();
  const { harness, ann, account } = met;
  leave(met);
  const stranger = harness.login("bob");
  const entries = harness.log.synced.length;
  const request = { to: "bob", content: "for bob's eyes", id: ONE, account };
  assertEquals(ann.tell("sendMessage", request), "recipient-changed");
  assertEquals(ann.tell("sendMessage", request), "recipient-changed", "again");
  assertEquals(harness.log.synced.length, entries);
  assertEquals(stranger.takePushes(), []);
  assertEquals(stranger.tell("listMessages", { with: "ann" }), "messages");
  assertEquals(harness.state.messages.size, 0);
  assertEquals(ann.tell("sendMessage", { to: "bob", content: "hello, stranger", id: ONE }), "sent");
  assertEquals(stranger.takePushes().map(({ name }) => name), ["message"]);
});

Deno.test("SEND_MSG to an account that is gone is refused while nobody has its name", () => {
  const met = people();
  leave(met);
  const { ann, account } = met;
  assertEquals(ann.tell("sendMessage", { to: "bob", content: "hey", id: ONE, account }), "recipient-changed");
  assertEquals(ann.tell("sendMessage", { to: "bob", content: "hey", id: ONE }), "unknown-user");
});

Deno.test("SEND_MSG to an account that was renamed reaches it, by its old name and by its new one", () => {
  const { harness, ann, bob, account } = people();
  absorb(harness, 1, 1, { type: "accountCreated", account: "bob.node2", name: "bob", hash: "" });
  assertEquals(idOf(harness, "bob"), "bob.node2");
  bob.takePushes();
  assertEquals(ann.tell("sendMessage", { to: "bob", content: "hey", id: ONE, account }), "sent");
  assertEquals(ann.tell("sendMessage", { to: "bob~node1", content: "hey", id: TWO, account }), "sent");
  assertEquals(
    bob.takePushes().map((push) => push.name === "message" && push.payload.recipient),
    ["bob~node1", "bob~node1"],
  );
});

Deno.test("SEND_MSG again is answered with the same SENT while the account lives, whatever its name is", () => {
  const met = people();
  const { harness, ann, account } = met;
  ann.ask("useFeatures", { use: ["account-ids"] });
  const request = { to: "bob", content: "hey", id: ONE, account };
  const sent = ann.ask("sendMessage", request);
  assertEquals(sent.name === "sent" && sent.payload.account, account);
  absorb(harness, 1, 1, { type: "accountCreated", account: "bob.node2", name: "bob", hash: "" });
  assertEquals(ann.ask("sendMessage", request), sent);
  assertEquals(ann.tell("sendMessage", { ...request, content: "another" }), "id-conflict");
  leave(met);
  assertEquals(ann.tell("sendMessage", request), "recipient-changed");
});

Deno.test("SEND_MSG to an account under a name that it never had is refused", () => {
  const { harness, ann, account } = people();
  const cy = harness.login("cy");
  assertEquals(ann.tell("sendMessage", { to: "cy", content: "hey", id: ONE, account }), "recipient-changed");
  assertEquals(cy.takePushes(), []);
});

Deno.test("SEND_MSG to an account of which nothing is known is refused, once nothing is in transit", () => {
  const { harness, replication, ann } = people();
  const request = { to: "dan", content: "hey", id: ONE, account: "dan.node2" };
  assertEquals(ann.tell("sendMessage", request), "recipient-changed");
  replication.isBehind = true;
  ann.request("sendMessage", request);
  ann.request("ping", null);
  assertEquals(ann.takeReplies().map(({ name }) => name), ["pong"], "the harness does not pause frames");
  absorb(harness, 1, 1, { type: "accountCreated", account: "dan.node2", name: "dan", hash: "" });
  replication.isBehind = false;
  harness.node.replicated();
  assertEquals(ann.takeReplies().map(({ name }) => name), ["sent"]);
});

Deno.test("SEND_MSG waits for the deletion of an account that is in transit with its creation", () => {
  const { harness, replication, ann } = people();
  replication.isBehind = true;
  ann.request("sendMessage", { to: "dan", content: "hey", id: ONE, account: "dan.node2" });
  assertEquals(ann.takeReplies(), []);
  absorb(harness, 1, 1, { type: "accountCreated", account: "dan.node2", name: "dan", hash: "" });
  absorb(harness, 2, 2, { type: "accountDeleted", account: "dan.node2" });
  replication.isBehind = false;
  harness.node.replicated();
  assertEquals(ann.takeReplies().map(({ payload }) => payload), [{
    code: "recipient-changed",
    message:
      'the account that this message to "dan" is meant for does not exist any more; nothing was sent, ' +
      "and whoever has the name now is somebody else",
  }]);
});

Deno.test("SEND_MSG to an unknown account is unavailable where entries stay in transit", () => {
  const { harness, replication, ann } = people();
  replication.isBehind = true;
  ann.request("sendMessage", { to: "dan", content: "hey", id: ONE, account: "dan.node2" });
  harness.pass(2_000);
  harness.node.replicated();
  const [reply] = ann.takeReplies();
  assertEquals(
    reply?.name === "error" && typeof reply.payload === "object" && reply.payload.code,
    "unavailable",
  );
});

Deno.test("SEND_MSG to an account that a node has never heard of is not called changed while a peer is away", () => {
  const { replication, ann } = people();
  const request = { to: "carol", content: "hey", id: ONE, account: "ca000000000000000000" };
  replication.peers.set("node2", { isInSync: false, version: new Map() });
  assertEquals(ann.tell("sendMessage", request), "unavailable");
  replication.peers.set("node2", { isInSync: true, version: new Map() });
  assertEquals(ann.tell("sendMessage", request), "recipient-changed");
});
