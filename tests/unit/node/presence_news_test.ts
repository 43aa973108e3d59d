import { assertEquals } from "@std/assert";
import { HarnessClient } from "../../testing/harness_client.ts";
import { HeldReplication } from "../../testing/held_replication.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";
import { PRESENCE_MS, PresenceNews } from "../../../server/node/presence_news.ts";
import { Account } from "../../../server/core/accounts/account.ts";

Deno.test("PresenceNews tells two changes at once, and those of an account that flaps once in an interval", () => {
  const told: number[] = [];
  const ann = new Account("ann.1");
  let nowMs = 0;
  const news = new PresenceNews(() => told.push(nowMs));
  const pass = (untilMs: number): void => {
    for (; nowMs < untilMs; nowMs += 100) news.look(nowMs);
  };
  for (; nowMs < PRESENCE_MS + 500; nowMs += 100) {
    news.look(nowMs);
    news.changed(ann, nowMs);
  }
  pass(5 * PRESENCE_MS);
  assertEquals(told.splice(0), [0, 100, PRESENCE_MS + 100, 2 * PRESENCE_MS + 100]);
  for (let i = 0; i < 5; i++) news.changed(ann, nowMs);
  assertEquals(told.splice(0), [nowMs, nowMs], "the first changes after a quiet time");
  pass(7 * PRESENCE_MS + 500);
  assertEquals(told.splice(0), [6 * PRESENCE_MS]);
  for (let i = 0; i < 5; i++) news.changed(ann, nowMs);
  assertEquals(told.splice(0), [nowMs], "an account that has flapped lately");
  pass(9 * PRESENCE_MS + 500);
  assertEquals(told.splice(0), [8 * PRESENCE_MS + 500]);
});

Deno.test("PresenceNews keeps accounts apart", () => {
  const told: string[] = [];
  const [ann, bob] = [new Account("ann.1"), new Account("bob.1")];
  const news = new PresenceNews((account) => told.push(account.id));
  for (let i = 0; i < 3; i++) news.changed(ann, 0);
  for (let i = 0; i < 3; i++) news.changed(bob, 1_000);
  assertEquals(told.splice(0), ["ann.1", "ann.1", "bob.1", "bob.1"]);
  news.look(PRESENCE_MS);
  assertEquals(told.splice(0), ["ann.1"]);
  news.look(PRESENCE_MS + 1_000);
  assertEquals(told.splice(0), ["bob.1"]);
});

/** Logs out and in, or in and out, ten times a second. */
function flap(harness: NodeHarness, client: HarnessClient, name: string, times: number): void {
  for (let i = 0; i < times; i++) {
    if (i % 2 === 0) client.tell("logout", null);
    else client.login(name, passwordOf(name));
    harness.pass(100);
    harness.node.replicated();
  }
}

Deno.test("an account that flaps is told to partners and peers once in 2 s, and at last as it is", () => {
  for (const times of [100, 101]) {
    const replication = new HeldReplication();
    const harness = new NodeHarness({}, undefined, undefined, replication);
    const [ann, bob] = [harness.login("ann"), harness.login("bob")];
    ann.tell("sendMessage", { to: "bob", content: "hey" });
    harness.pass(PRESENCE_MS);
    bob.takePushes();
    const before = replication.announced.length;
    flap(harness, ann, "ann", times);
    harness.pass(PRESENCE_MS);
    harness.node.replicated();
    const changes = bob.takePushes().map(({ payload }) => "change" in payload ? payload.change : "");
    const announced = replication.announced.slice(before);
    // 10 s are five intervals, at the end of which the last state is told; one change more leaves at once.
    const most = 5 + 2;
    assertEquals([changes.length <= most, announced.length <= most], [true, true]);
    assertEquals(changes.at(-1), times % 2 === 0 ? "online" : "offline");
    assertEquals(announced.at(-1)?.slice(0, 1), times % 2 === 0 ? "+" : "-");
  }
});
