import { assertEquals, assertMatch } from "@std/assert";
import type { Limits } from "../../../common/limits.ts";
import { encodeEntry } from "../../../server/core/encoded_entry.ts";
import { entryOf } from "../../../server/core/entry.ts";
import { State } from "../../../server/core/state.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { type AnyReply, type HarnessClient, inShort } from "../../testing/harness_client.ts";
import { HeldReplication } from "../../testing/held_replication.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";
import { NO_REPLICATION } from "../../testing/no_replication.ts";
import { IDS } from "../../testing/protocol_samples.ts";

const DAY_MS = 86_400_000;

/** Bytes that an entry counts beside the content of a message. */
const OVERHEAD = 1_024;

const ORIGINS = ["node1#aaaaaaaaaaaa", "node2#bbbbbbbbbbbb"] as const;

function send(client: HarnessClient, to = "bob", content = "hey"): string {
  return client.tell("sendMessage", { to, content, id: crypto.randomUUID() });
}

function refusalIn(reply: AnyReply): { readonly code: string; readonly message: string } {
  if (reply.name !== "error" || typeof reply.payload === "string") throw new Error(inShort(reply));
  return reply.payload;
}

function storedAt({ state, time }: NodeHarness, name: string): number {
  return state.directory.find(name)?.stored.on(Math.floor(time.wallMs / DAY_MS)) ?? 0;
}

Deno.test("SEND_MSG is refused at a full inbox, in the confirmed dialect with a code, in the original by silence", () => {
  const harness = new NodeHarness({ inboxMessages: 2 });
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  const old = harness.login("old", { dialect: "original" });
  assertEquals([send(ann), send(ann), send(ann)], ["sent", "sent", "inbox-full"]);
  assertEquals(bob.takePushes().length, 2);
  const refused = refusalIn(ann.ask("sendMessage", { to: "bob", content: "ho" }));
  assertEquals("retryAfter" in refused, false);
  old.request("sendMessage", { to: "bob", content: "ho" });
  assertEquals([old.takeReplies(), old.closed, bob.takePushes()], [[], false, []]);
  assertEquals(old.ask("listMessages", { with: "bob" }), { name: "messages", payload: [] });
  assertEquals(bob.tell("readMessages", { with: "ann" }), "ok 2");
  old.request("sendMessage", { to: "bob", content: "ho" });
  assertEquals([old.takeReplies(), bob.takePushes().length], [[], 1]);
  assertEquals([send(ann), send(ann)], ["sent", "inbox-full"]);
});

Deno.test("a spent quota refuses messages and keeps everything else possible", () => {
  const harness = new NodeHarness({ storedBytes: 6 * OVERHEAD });
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  let sent = 0;
  while (send(ann) === "sent") sent++;
  // The login has stored a token and an address.
  assertEquals([sent, storedAt(harness, "ann")], [3, 5 * OVERHEAD + 9]);
  const id = harness.state.messages.all().next().value?.id ?? "";
  assertEquals(ann.tell("sendMessage", { to: "bob", content: "hey", id }), "sent", "a repetition");
  assertEquals(send(bob, "ann"), "sent");
  assertEquals(
    ann.tell("confirmDelivery", { ids: [...harness.state.messages.all()].map((each) => each.id) }),
    "ok 1",
  );
  assertEquals(ann.tell("readMessages", { with: "bob" }), "ok 1");
  assertEquals(ann.tell("deleteMessages", { ids: [id] }), "ok 1");
  const changed = { old: passwordOf("ann"), new: "another password" };
  assertEquals(ann.tell("changePassword", changed), "ok");
  assertEquals(send(ann), "quota", "deleting gives nothing back");
  assertEquals(harness.connect().tell("resume", { token: ann.token }), "loginSuccess");
  assertEquals([ann.tell("logout", null), ann.session.loggedIn], ["ok", false]);
  const again = harness.connect();
  again.login("ann", "another password");
  assertEquals(again.token, "", "a login stores nothing more");
  harness.pass(DAY_MS);
  again.login("ann", "another password");
  assertEquals([again.token === "", send(again)], [false, "sent"]);
  assertEquals(again.tell("deleteAccount", { password: "another password" }), "ok");
});

Deno.test("logins and addresses without end store no more than the quota", () => {
  const limit = 40 * OVERHEAD;
  const harness = new NodeHarness({ storedBytes: limit, tokensPerAccount: 2, sessionsPerAccount: 0 });
  const ann = harness.login("ann");
  for (let i = 0; i < 50; i++) {
    harness.connect({ address: `192.0.2.${i}` }).tell("resume", { token: ann.token });
    harness.login("ann", { address: `198.51.100.${i}` });
  }
  const entries = harness.log.written.length;
  assertEquals(storedAt(harness, "ann") <= limit, true);
  for (let i = 0; i < 50; i++) {
    harness.connect({ address: `203.0.113.${i}` }).tell("resume", { token: ann.token });
    harness.login("ann", { dialect: "original", address: `203.0.113.${i}` });
  }
  assertEquals(harness.log.written.length, entries);
});

Deno.test("a restart counts as before", () => {
  const limits = { storedBytes: 5 * OVERHEAD, inboxMessages: 2 };
  const before = new NodeHarness(limits);
  const ann = before.login("ann");
  ["bob", "cid", "dan"].forEach((name) => before.login(name));
  assertEquals([send(ann), send(ann, "cid"), send(ann)], ["sent", "sent", "quota"]);
  const state = new State();
  for (const entry of before.log.synced) evolve(state, entry);
  const after = new NodeHarness(limits, state);
  assertEquals([storedAt(after, "ann"), storedAt(before, "ann")], [4 * OVERHEAD + 6, 4 * OVERHEAD + 6]);
  assertEquals(send(after.login("ann")), "quota");
  const dan = after.login("dan");
  assertEquals([send(dan), send(dan)], ["sent", "inbox-full"]);
});

/** Two nodes that take each other's entries when they are told to. */
class Pair {
  readonly nodes: readonly [NodeHarness, NodeHarness];
  readonly #taken = [0, 0];

  constructor(limits: Partial<Limits>) {
    const node = (origin: string): NodeHarness =>
      new NodeHarness(limits, new State(), origin, NO_REPLICATION);
    this.nodes = [node(ORIGINS[0]), node(ORIGINS[1])];
  }

  /** Each takes what the other has written itself. */
  exchange(): void {
    const fresh = this.nodes.map(({ log }, i) =>
      log.synced.slice(this.#taken[i]).filter(({ origin }) => origin === ORIGINS[i])
    );
    this.nodes.forEach((node, i) => {
      this.#taken[i] = node.log.synced.length;
      const entries = fresh[1 - i] ?? [];
      if (entries.length > 0) node.node.absorb(entries.map(encodeEntry), () => {});
      node.settle();
    });
  }
}

for (
  const { name, limits, bound, code } of [
    { name: "inboxMessages", limits: { inboxMessages: 10 }, bound: 10, code: "inbox-full" },
    { name: "inboxBytes", limits: { inboxBytes: 30 }, bound: 10, code: "inbox-full" },
    { name: "storedBytes", limits: { storedBytes: 14 * OVERHEAD + 30 }, bound: 10, code: "quota" },
  ]
) {
  Deno.test(`two sides of a split pass ${name} by what was on its way between them, and by no more`, () => {
    const pair = new Pair(limits);
    const [one, two] = pair.nodes;
    const here = one.login("ann");
    ["bob", "cid"].forEach((each) => one.login(each));
    pair.exchange();
    const there = two.login("ann", { address: "192.0.2.2" });
    pair.exchange();
    // Seven before the split are known to both.
    for (let count = 0; count < 7; count++) assertEquals(send(count % 2 === 0 ? here : there), "sent");
    pair.exchange();
    const untilFull = (client: HarnessClient): number => {
      let sent = 0;
      for (; sent < 20; sent++) if (send(client) === code) break;
      return sent;
    };
    assertEquals([untilFull(here), untilFull(there)], [bound - 7, bound - 7]);
    pair.exchange();
    const { unread } = one.state.directory.find("bob") ?? {};
    assertEquals([unread, two.state.messages.size], [bound + 3, bound + 3], "3 more than the bound");
    assertEquals([send(here), send(there)], [code, code]);
    const bob = two.login("bob");
    assertEquals(bob.tell("readMessages", { with: "ann" }), `ok ${bound + 3}`);
    pair.exchange();
    assertEquals(one.state.directory.find("bob")?.unreadBytes, 0);
    if (code === "inbox-full") assertEquals([send(here), send(there)], ["sent", "sent"]);
    pair.exchange();
    assertEquals(storedAt(one, "ann"), storedAt(two, "ann"));
  });
}

Deno.test("a client of the first release hears of a full inbox by a code that it knows", () => {
  const harness = new NodeHarness({ inboxMessages: 1 });
  harness.login("bob");
  const client = harness.connect({ dialect: "original" });
  client.request("hello", { version: 2, client: "chat-client/1.0.0" });
  client.dialect = "confirmed";
  client.takeReply();
  client.login("ann", passwordOf("ann"));
  assertEquals(send(client), "sent");
  const { code, message } = refusalIn(client.ask("sendMessage", { to: "bob", content: "ho" }));
  assertEquals(code, "not-allowed");
  assertMatch(message, /^bob has 1 unread message /);
});

Deno.test("SEND_MSG at a full inbox waits for entries in transit, which may have the message itself or a read", () => {
  const replication = new HeldReplication();
  const harness = new NodeHarness({ inboxMessages: 2 }, undefined, undefined, replication);
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  const idOf = (name: string): string => harness.state.directory.find(name)?.id ?? "";
  const [sender, recipient] = [idOf("ann"), idOf("bob")];
  const first = IDS[0];
  ann.tell("sendMessage", { to: "bob", content: "hey", id: first });
  assertEquals([send(ann), send(ann)], ["sent", "inbox-full"]);
  const message = { type: "messageSent", id: IDS[1], from: sender, to: recipient, content: "again" } as const;
  replication.isBehind = true;
  ann.request("sendMessage", { to: "bob", content: "again", id: message.id });
  ann.request("sendMessage", { to: "bob", content: "ho" });
  assertEquals(ann.takeReplies(), []);
  const arrived = [message, { type: "messagesRead", sender, recipient, ids: [first, message.id] } as const];
  const stamp = harness.state.stamp;
  const entries = arrived.map((event, i) => encodeEntry(entryOf(ORIGINS[1], i + 1, stamp + i + 1, event)));
  harness.node.absorb(entries, () => {});
  harness.settle();
  replication.isBehind = false;
  harness.node.replicated();
  assertEquals(ann.takeReplies().map(({ name }) => name), ["sent", "sent"]);
  assertEquals([bob.takePushes().length > 0, harness.state.messages.size, send(ann)], [
    true,
    4,
    "inbox-full",
  ]);
  replication.isBehind = true;
  ann.request("sendMessage", { to: "bob", content: "ho" });
  harness.pass(2_000);
  harness.node.replicated();
  assertEquals(ann.takeReplies().map((reply) => refusalIn(reply).code), ["unavailable"]);
});
