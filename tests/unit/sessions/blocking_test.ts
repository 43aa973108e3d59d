import { assertEquals } from "@std/assert";
import { PRESENCE_MS } from "../../../server/node/presence_news.ts";
import { entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { encoded } from "../../testing/encoded_entries.ts";
import type { HarnessClient } from "../../testing/harness_client.ts";
import { HeldReplication } from "../../testing/held_replication.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";
import { IDS } from "../../testing/protocol_samples.ts";

const [ONE, TWO] = IDS;
const QUIET_MS = 2 * PRESENCE_MS;

/** ann, who blocks, and bob, who watches her, with a conversation of one message each way. */
class Two {
  readonly replication = new HeldReplication();
  readonly harness = new NodeHarness({}, undefined, undefined, this.replication);
  ann = this.harness.login("ann");
  readonly bob = this.harness.login("bob");

  constructor() {
    this.bob.tell("useFeatures", { use: ["watch"] });
    this.bob.tell("sendMessage", { to: "ann", content: "hi", id: ONE });
    this.ann.tell("sendMessage", { to: "bob", content: "ho", id: TWO });
    this.bob.tell("watchPeople", { names: ["ann"] });
    this.quiet();
  }

  block(blocked: boolean): string {
    return this.ann.tell("blockPerson", { user: "bob", blocked });
  }

  /** Lets everything that waits be told. */
  pass(): void {
    for (let left = QUIET_MS; left > 0; left -= 100) {
      this.harness.settle();
      this.harness.pass(100);
      this.harness.node.replicated();
    }
    this.harness.settle();
  }

  quiet(): void {
    this.pass();
    for (const client of [this.ann, this.bob]) client.takePushes();
  }

  /** What bob has been pushed, in short. */
  told(): string[] {
    this.pass();
    return this.bob.takePushes().map(({ name, payload }) => {
      const what = "change" in payload ? payload.change : "status" in payload ? payload.status : "";
      return `${name} ${what}`.trim();
    }).sort();
  }

  comeBack(): void {
    this.ann = this.harness.login("ann");
  }
}

function statuses(client: HarnessClient, name: string): string[] {
  const reply = client.ask("listMessages", { with: name });
  if (reply.name !== "messages") throw new Error(reply.name);
  return (reply.payload as { messages: readonly { status: string }[] }).messages.map(({ status }) => status);
}

function isOnline(client: HarnessClient, match: string): boolean | undefined {
  const reply = client.ask("listUsers", { match });
  if (reply.name !== "users") throw new Error(reply.name);
  return (reply.payload as { users: readonly { online: boolean }[] }).users[0]?.online;
}

Deno.test("BLOCK keeps a person's messages out, and writes nothing that is known already", () => {
  const two = new Two();
  const { harness, bob, ann } = two;
  assertEquals([two.block(true), two.block(true)], ["ok", "ok"]);
  const entries = harness.log.synced.length;
  assertEquals(two.block(true), "ok");
  assertEquals(bob.tell("sendMessage", { to: "ann", content: "let me in" }), "not-accepted");
  assertEquals(bob.tell("sendMessage", { to: "ann", content: "hi", id: ONE }), "sent", "stored before");
  assertEquals(harness.log.synced.length, entries);
  assertEquals([harness.state.messages.size, ann.takePushes()], [2, []]);
  assertEquals(ann.ask("listBlocked", {}).payload, { names: ["bob"], more: false });
  assertEquals(bob.ask("listBlocked", {}).payload, { names: [], more: false });
  assertEquals(ann.tell("sendMessage", { to: "bob", content: "that is all" }), "sent");
  assertEquals(two.block(false), "ok");
  assertEquals(bob.tell("sendMessage", { to: "ann", content: "hello again" }), "sent");
});

Deno.test("a blocked person sees the other one go, and neither come nor go after that", () => {
  const two = new Two();
  two.block(true);
  assertEquals(two.told(), ["person offline", "user offline"]);
  assertEquals([isOnline(two.bob, "ann"), isOnline(two.ann, "bob")], [false, true]);
  two.ann.session.disconnected();
  two.pass();
  two.comeBack();
  assertEquals(two.told(), []);
  assertEquals(isOnline(two.bob, "ann"), false);
  two.block(false);
  assertEquals(two.told(), ["person online", "user online"]);
  assertEquals(isOnline(two.bob, "ann"), true);
});

Deno.test("a block that comes while a departure waits to be told leaves nobody online", () => {
  const two = new Two();
  two.ann.session.disconnected();
  two.comeBack();
  two.block(true);
  two.ann.session.disconnected();
  two.pass();
  const changes = two.bob.takePushes().flatMap((push) => push.name === "user" ? [push.payload.change] : []);
  assertEquals(changes.at(-1), "offline");
  assertEquals(two.told(), []);
});

Deno.test("a blocked person is shown no marks, and those that were made once the block is over", () => {
  const two = new Two();
  two.block(true);
  two.told();
  assertEquals(two.ann.tell("confirmDelivery", { ids: [ONE] }), "ok 1");
  assertEquals(two.ann.tell("readMessages", { with: "bob" }), "ok 1");
  assertEquals(two.told(), []);
  assertEquals([statuses(two.bob, "ann"), statuses(two.ann, "bob")], [["unread", "unread"], [
    "read",
    "unread",
  ]]);
  assertEquals(
    two.bob.tell("readMessages", { with: "ann" }),
    "ok 1",
    "the marks of the blocked one are shown",
  );
  assertEquals(statuses(two.ann, "bob"), ["read", "read"]);
  two.block(false);
  assertEquals(statuses(two.bob, "ann"), ["read", "read"]);
});

Deno.test("a message that was accepted elsewhere comes in spite of the block, without its marks for the sender", () => {
  const two = new Two();
  two.block(true);
  two.told();
  two.ann.takePushes();
  const { harness, ann, bob } = two;
  const [from, to] = ["bob", "ann"].map((name) => harness.state.directory.find(name)?.id ?? "");
  const id = IDS[2];
  const events: Event[] = [
    { type: "messagesRead", sender: from ?? "", recipient: to ?? "", ids: [id] },
    { type: "messageSent", from: from ?? "", to: to ?? "", id, content: "late" },
  ];
  const entries = events.map((event, i) => entryOf("node2#bbbbbbbbbbbb", i + 1, i + 1, event));
  harness.node.absorb(encoded(entries), () => {});
  harness.settle();
  const status = (client: HarnessClient): unknown[] =>
    client.takePushes().map(({ payload }) => "status" in payload && payload.status);
  assertEquals([status(ann), status(bob)], [["read"], ["unread"]]);
});

Deno.test("a refusal because of a block waits for what other nodes have", () => {
  const two = new Two();
  two.block(true);
  two.replication.isBehind = true;
  const { harness, bob } = two;
  bob.request("sendMessage", { to: "ann", content: "hello" });
  harness.settle();
  assertEquals(bob.takeReplies(), []);
  const [account, person] = ["ann", "bob"].map((name) => harness.state.directory.find(name)?.id ?? "");
  const over: Event = {
    type: "personUnblocked",
    account: account ?? "",
    person: person ?? "",
    generation: 2,
  };
  harness.node.absorb(encoded([entryOf("node2#bbbbbbbbbbbb", 1, 1, over)]), () => {});
  two.replication.isBehind = false;
  two.pass();
  assertEquals(bob.takeReplies().map(({ name }) => name), ["sent"]);
});

Deno.test("a message of the original dialect to somebody who blocks its sender is not stored", () => {
  const two = new Two();
  two.block(true);
  const { harness } = two;
  const old = harness.connect({ dialect: "original" });
  old.ask("startLogin", { name: "bob" });
  old.ask("finishLogin", { password: passwordOf("bob") });
  const before = harness.state.messages.size;
  old.request("sendMessage", { to: "ann", content: "hello" });
  harness.settle();
  assertEquals([harness.state.messages.size, old.takeReplies()], [before, []]);
});
